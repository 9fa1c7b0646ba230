"""Work whose results the audit needs and that takes a while: one job a module, all of them in one list."""

from sgcore.workflow.costly.center_signal import CenterSignalJob
from sgcore.workflow.costly.job import CostlyJob, Given
from sgcore.workflow.costly.resampled import ResamplingJob
from sgcore.workflow.redraws import PLANS

__all__ = ["JOBS", "CostlyJob", "Given"]

#: In the order in which they are done: what is over soonest comes first.
JOBS: dict[str, CostlyJob] = {
    job.kind: job for job in (CenterSignalJob(), *(ResamplingJob(plan) for plan in PLANS.values()))
}
