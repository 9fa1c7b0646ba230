"""Whether the center can be told from the features, kept for the audit."""

from __future__ import annotations

from sgcore.workflow.analysis import Analysis
from sgcore.workflow.center_signal import predict_centers, why_centers_not_told
from sgcore.workflow.costly.job import CostlyJob, Given


class CenterSignalJob(CostlyJob):
    """Rows of :class:`~sgcore.workflow.center_signal.CenterSignal` as the frame ``center_signal``."""

    kind = "center-signal"
    title = "Telling the centers apart"
    codes = ("SGA042",)

    def why_not(self, analysis: Analysis) -> str | None:
        return why_centers_not_told(analysis) or None

    def done(self, analysis: Analysis) -> bool:
        return len(analysis.frame("center_signal").columns) > 0

    def run(self, given: Given) -> None:
        found = predict_centers(given.analysis, on_progress=given.on_progress, cancel=given.cancel)
        given.store.evidence.add(given.analysis.id, "center_signal", found.rows)
