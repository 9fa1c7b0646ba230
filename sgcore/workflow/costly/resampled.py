"""The resamplings as costly jobs: their draws are stored one by one."""

from __future__ import annotations

from sgcore.domain import Resampling
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.costly.job import CostlyJob, Given
from sgcore.workflow.redraws import Plan
from sgcore.workflow.resampling_run import resample

#: The checks that read each kind.
_CODES: dict[Resampling, tuple[str, ...]] = {
    "centers": ("SGA041",),
    "cross-validation": ("SGA022",),
    "outside": ("SGA022",),
    "stability": ("SGA021",),
    "splits": ("SGA033",),
    "permutation": ("SGA032",),
}


class ResamplingJob(CostlyJob):
    """The usual number of draws of a kind."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.kind = plan.kind
        self.title = plan.title
        self.codes = _CODES[plan.kind]

    def why_not(self, analysis: Analysis) -> str | None:
        if analysis.frame("evaluations").empty:
            return "no family of this analysis could be evaluated"
        return self._plan.why_not(analysis.study)

    def done(self, analysis: Analysis) -> bool:
        wanted = self._plan.numbers(self._plan.usual(analysis.study))
        return analysis.drawn(self._plan.kind).issuperset(wanted)

    def run(self, given: Given) -> None:
        resample(
            given.analysis,
            self._plan.kind,
            given.store,
            jobs=given.jobs,
            on_progress=given.on_progress,
            cancel=given.cancel,
        )
