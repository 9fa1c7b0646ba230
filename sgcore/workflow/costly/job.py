"""What a costly job is: which checks wait for it, whether it is done, and how it is done."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from sgcore.domain import Study
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


@dataclass(frozen=True)
class GivenStudy:
    """What a job on a study alone works with; the study may have no analysis."""

    study: Study
    store: Store
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


class StudyJob(CostlyJob):
    """A job on a study's files and tables: what it stores holds for every analysis of the study, and without one.

    Attributes
    ----------
    frame : the name of what it stores.
    """

    frame: str

    @abstractmethod
    def why_not_of(self, study: Study) -> str | None:
        """Why a study cannot have this, or None."""

    @abstractmethod
    def run_on(self, given: GivenStudy) -> None:
        """Compute it and store it. Raises ``CancelledError`` on a stop."""

    def done_for(self, study: Study, store: Store) -> bool:
        return len(store.evidence.frame(study.fingerprint, self.frame).columns) > 0

    def why_not(self, analysis: Analysis) -> str | None:
        return self.why_not_of(analysis.study)

    def done(self, analysis: Analysis) -> bool:
        return len(analysis.frame(self.frame).columns) > 0

    def run(self, given: Given) -> None:
        self.run_on(GivenStudy(given.analysis.study, given.store, given.on_progress, given.cancel))
