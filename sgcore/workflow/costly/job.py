"""What a costly job is: which checks wait for it, whether it is done, and how it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis


@dataclass(frozen=True)
class Given:
    """What a job works with: an analysis, its store, workers, and whom it tells how far it is."""

    analysis: Analysis
    store: Store
    jobs: Jobs
    on_progress: OnProgress | None = None
    cancel: Cancel | None = None


class CostlyJob(ABC):
    """One job.

    Attributes
    ----------
    kind, title : its name in commands and links, and for people.
    codes : the checks that read what it stores.
    """

    kind: str
    title: str
    codes: tuple[str, ...]

    def why_not(self, analysis: Analysis) -> str | None:
        """Why an analysis cannot have this, or None."""
        return None

    @abstractmethod
    def done(self, analysis: Analysis) -> bool:
        """Whether its results are stored."""

    @abstractmethod
    def run(self, given: Given) -> None:
        """Compute what is missing and store it. Raises ``CancelledError`` on a stop."""
