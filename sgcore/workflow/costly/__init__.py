"""Work whose results the audit needs and that takes a while: one job a module, all of them in one list."""

from sgcore.workflow.costly.center_signal import CenterSignalJob
from sgcore.workflow.costly.image_pairs import ImagePairsJob
from sgcore.workflow.costly.job import CostlyJob, Given, GivenStudy, StudyJob
from sgcore.workflow.costly.resampled import ResamplingJob
from sgcore.workflow.costly.roi_icc import RoiIccJob
from sgcore.workflow.costly.univariate_null import UnivariateNullJob
from sgcore.workflow.redraws import PLANS

__all__ = ["JOBS", "CostlyJob", "Given", "GivenStudy", "StudyJob"]

#: In the order in which they are done: what is over soonest comes first.
JOBS: dict[str, CostlyJob] = {
    job.kind: job
    for job in (
        ImagePairsJob(),
        CenterSignalJob(),
        UnivariateNullJob(),
        RoiIccJob(),
        *(ResamplingJob(plan) for plan in PLANS.values()),
    )
}
