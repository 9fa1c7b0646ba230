"""Fits each family that a study allows, and says why the others are missing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import pandas as pd

from sgcore.config import BROUGHT
from sgcore.domain import FAMILIES, Estimate
from sgcore.models import ESTIMATES, FamilyResult, Preferred
from sgcore.workflow import families
from sgcore.workflow.network_choice import NetworkChoice, choose_network
from sgcore.workflow.sources import Sources

OnStep = Callable[[str], None]

_FITTERS: dict[str, Callable[[families.Given], FamilyResult | str]] = {
    "US": families.fit_us,
    "Radiomics": families.fit_radiomics,
    "DL": families.fit_network_scores,
    "RadiomicsDL": families.fit_radiomics_dl,
    "Combined": families.fit_combined,
}
#: Families that rest on networks, which saw the labels as they are: no draw of a resampling has them.
WITH_NETWORKS = ("DL", "RadiomicsDL", "Combined")


@dataclass(frozen=True)
class FamilyFits:
    """``results`` by family (those with ``unavailable`` have no scores to show), reasons, notes, the network."""

    results: dict[str, FamilyResult] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    network: NetworkChoice | None = None

    @property
    def scored(self) -> dict[str, FamilyResult]:
        return {name: result for name, result in self.results.items() if result.unavailable is None}


def fit_families(
    sources: Sources,
    icc: pd.DataFrame,
    on_step: OnStep,
    estimates: tuple[Estimate, ...] = ESTIMATES,
    only: Collection[str] = FAMILIES,
    network: NetworkChoice | None = None,
    preferred: Preferred | None = None,
) -> FamilyFits:
    """Every family in turn, or ``only`` some; ``icc`` is the frame of :func:`sgcore.workflow.roi_stability.roi_icc`.

    Combined needs US, whose absence is its own. ``network`` is chosen here where it is not given.

    ``on_step`` hears the family before each round of selection and fits; it may raise to stop.
    ``estimates`` are the scores that are wanted; none leaves the selection alone. ``preferred`` as
    ``sgcore.models.fit_predict`` takes it.
    """
    if network is None and sources.deep is not None and set(only) & set(WITH_NETWORKS):
        network = choose_network(sources.study, sources.config, sources.deep)
    fits = FamilyFits(notes=_setting_notes(sources, icc), network=network)
    fits.notes.extend(f"{note}." for note in (network.notes if network else ()))
    cases = sources.study.cases().set_index("image_id")
    for family in (name for name in FAMILIES if name in only):

        def step(family: str = family) -> None:
            on_step(family)

        given = families.Given(
            sources, cases, icc, estimates, network, step, fits.results, fits.unavailable, preferred
        )
        made = _FITTERS[family](given)
        reason = made if isinstance(made, str) else made.unavailable
        if isinstance(made, FamilyResult):
            fits.results[family] = made
            fits.notes.extend(f"{family}: {note}." for note in made.notes)
        if reason is not None:
            fits.unavailable[family] = reason
    return fits


def rounds(sources: Sources) -> int:
    """How many rounds of selection and fits there are at most: each family once, and once a fold."""
    deep = sources.deep
    with_features = deep is not None and bool(deep.with_features)
    described = sources.study.descriptors is not None
    count = 1 + described + with_features + (described and with_features)
    return count * (1 + sources.config.models.folds)


def _setting_notes(sources: Sources, icc: pd.DataFrame) -> list[str]:
    """Settings that could not do what they ask for."""
    selection, notes = sources.config.selection, []
    if sources.config.preset == BROUGHT and (selection.icc_min is not None or selection.drop_residue):
        notes.append(
            "The study brings its own features: whether they depend on the ROI or are numerical residue "
            "cannot be known, and none was left out for it."
        )
    elif selection.icc_min is not None and icc.empty:
        notes.append(
            "No training image has features of every perturbed ROI, so that no feature was left out for "
            "depending on it."
        )
    return notes
