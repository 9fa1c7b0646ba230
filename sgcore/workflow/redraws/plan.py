"""What a kind of resampling is: all in which kinds differ, so that the work around them asks no kind for its name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import Estimate, Resampling, Study
from sgcore.models import Preferred
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.family_fits import WITH_NETWORKS, FamilyFits

#: Frames of one draw or of all, by name of :data:`sgcore.store.resamples.PARTS`.
Parts = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Redraw:
    """A study and its settings, as given or drawn anew; ``name`` is what a reader calls the draw, or None."""

    study: Study
    config: AnalysisConfig
    name: str | None = None

    def with_patients(self, **columns: object) -> Redraw:
        """The same with other ``columns`` of the patients."""
        return replace(self, study=replace(self.study, patients=self.study.patients.assign(**columns)))


class Plan(ABC):
    """One kind of resampling.

    Attributes
    ----------
    kind, title : what the store and what people call it.
    draws : the usual number, where the study does not set it.
    each : of what there is one draw each, where the study sets the number and nobody may ask for another.
    reference : draw 0 is the study as it is, which the others are compared with; people do not count it.
    estimates : the scores that a draw needs; none leaves the selection alone.
    tried : the result frame whose families are drawn: ``evaluations`` names those that were reported,
        ``counts`` all that selected.
    detail : the name under which the details enter the JSON, or None.
    """

    kind: Resampling
    title: str
    draws: int = 0
    each: str | None = None
    reference: bool = False
    estimates: tuple[Estimate, ...] = ()
    tried: str = "evaluations"
    detail: str | None = None

    def usual(self, study: Study) -> int:
        """The usual number of draws of a study."""
        return self.draws

    def numbers(self, draws: int) -> range:
        """The numbers of as many draws as people count."""
        return range(draws + self.reference)

    def counted(self, numbers: set[int]) -> int:
        """How many of the draws with these numbers people count."""
        return len(numbers - {0} if self.reference else numbers)

    def why_not(self, study: Study) -> str | None:
        """Why a study cannot be resampled this way, or None."""
        return None

    def drawn(self, tried: pd.DataFrame) -> tuple[str, ...]:
        """Families that a draw makes anew, of those in the frame ``tried``.

        A network saw the labels and patients as they are; to train others in each draw would take days.
        """
        return tuple(name for name in tried["family"].unique() if name not in WITH_NETWORKS)

    def needed(self, picks: pd.DataFrame) -> tuple[Estimate, ...]:
        """``estimates``, and those that repeat the ``picks`` of the analysis."""
        return self.estimates

    def preferred(self, redraw: Redraw) -> Preferred | None:
        """Which classifiers of a family need scores of the held-out images; None for all of them."""
        return None

    @abstractmethod
    def redraw(self, given: Redraw, draw: int) -> Redraw:
        """Draw number ``draw`` of what is ``given``; the same number is the same draw."""

    @abstractmethod
    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        """What a computed draw leaves in the store."""

    @abstractmethod
    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows and details of docs/architecture.md, from the parts of the stored draws."""
