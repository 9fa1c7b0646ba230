"""What every family is fitted from, and what the families before it have come to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from sgcore.domain import Estimate
from sgcore.models import FamilyResult, Preferred
from sgcore.workflow.network_choice import NetworkChoice
from sgcore.workflow.sources import Sources


@dataclass(frozen=True)
class Given:
    """A family's surroundings.

    Attributes
    ----------
    cases : index ``image_id``; ``patient_id, center, subset, y``.
    icc : frame of :func:`sgcore.workflow.roi_stability.roi_icc`.
    estimates : the scores that are wanted; none leaves the selection alone.
    network : the network whose scores and deep features count, or None without networks.
    on_step : called before each round of selection and fits; it may raise to stop.
    results, unavailable : families fitted before this one, and why others could not be.
    preferred : as ``sgcore.models.fit_predict`` takes it.
    """

    sources: Sources
    cases: pd.DataFrame = field(repr=False)
    icc: pd.DataFrame = field(repr=False)
    estimates: tuple[Estimate, ...]
    network: NetworkChoice | None
    on_step: Callable[[], None]
    results: Mapping[str, FamilyResult] = field(repr=False)
    unavailable: Mapping[str, str]
    preferred: Preferred | None = None

    def training(self, images: pd.Index) -> pd.Index:
        """Those of ``images`` that train."""
        return images[self.cases.loc[images, "subset"] == "train"]

    def too_few(self, train: pd.Index) -> bool:
        """Whether a label has fewer than two patients among these training images."""
        patients = self.cases.loc[train].groupby("y")["patient_id"].nunique()
        return bool(patients.reindex([0, 1], fill_value=0).min() < 2)
