"""A stage of work done in this process: counted, timed and stoppable."""

from __future__ import annotations

from sgcore.jobs import Cancel, OnProgress, Reporter


class Stage:
    """Counts the rounds of a stage; each round reports progress and looks whether to stop.

    ``total`` is the largest number of rounds; a stage that needs fewer ends all the same.
    """

    def __init__(self, name: str, total: int, on_progress: OnProgress | None, cancel: Cancel | None) -> None:
        self._report = Reporter(name, total, on_progress)
        self._cancel = cancel or Cancel()
        self._begun = 0

    def step(self, message: str = "") -> None:
        """A round begins; raises ``CancelledError`` when somebody asked for a stop."""
        self._cancel.check()
        self._report(min(self._begun, self._report.total), message)
        self._begun += 1

    def end(self) -> None:
        self._report(self._report.total)
