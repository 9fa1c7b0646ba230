"""What a resampling draws anew: which patients train and which are held out, or whose label is whose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import AnalysisConfig, with_changes
from sgcore.domain import Estimate, Resampling, Study

#: Share of the training patients in a draw of the stability; without replacement (Nogueira's M draws).
SHARE = 0.63


@dataclass(frozen=True)
class Plan:
    """One kind of resampling: its ``title``, how many ``draws`` are usual, and the scores that it needs."""

    kind: Resampling
    title: str
    draws: int
    estimates: tuple[Estimate, ...]


PLANS: dict[Resampling, Plan] = {
    plan.kind: plan
    for plan in (
        Plan("centers", "Leave one center out", 0, ("fitted", "out_of_fold")),
        Plan("cross-validation", "Repeated cross-validation", 20, ("out_of_fold",)),
        Plan("stability", "Stability of the selection", 100, ()),
        Plan("permutation", "Permuted labels", 1000, ("fitted",)),
    )
}


@dataclass(frozen=True)
class Redraw:
    """A study drawn anew, with the settings and the scores that this draw needs.

    ``name`` is what a reader calls the draw (the center that is left out), or None.
    """

    study: Study
    config: AnalysisConfig
    estimates: tuple[Estimate, ...]
    name: str | None = None


def usual_draws(kind: Resampling, study: Study) -> int:
    """The usual number of draws; of ``centers`` there is one a center."""
    return len(_centers(study)) if kind == "centers" else PLANS[kind].draws


def counted(kind: Resampling, numbers: Iterable[int]) -> int:
    """How many draws people count: draw 0 of ``permutation`` has the labels as they are and is none."""
    return len(set(numbers) - ({0} if kind == "permutation" else set()))


def why_not(kind: Resampling, study: Study) -> str | None:
    """Why a kind of resampling cannot be done with a study, or None."""
    if kind == "centers" and len(_centers(study)) < 2:
        return "the study has one center; leaving it out would leave nobody to train on"
    held_out = study.patients["subset"].isin(["validation", "external"])
    if kind == "permutation" and not held_out.any():
        return "the study has no held-out patients whose AUC could be compared with chance"
    return None


def redraw(
    kind: Resampling, study: Study, config: AnalysisConfig, draw: int, *, picked_by_folds: bool
) -> Redraw:
    """Draw number ``draw`` of a kind; the same number is the same draw.

    ``centers`` : the patients of one center are held out, all others train.
    ``cross-validation`` : the study as it is, its folds shuffled with another seed; draw 0 has the analysis' own.
    ``stability`` : 63% of the training patients of each label train, drawn without replacement.
    ``permutation`` : labels of whole patients are permuted within center and subset (A6 of the permutation
    nulls); draw 0 keeps them, and so gives what the analysis reports. ``picked_by_folds`` says that folds pick
    the classifier: they are then part of every draw.
    """
    plan = PLANS[kind]
    if kind == "centers":
        center = _centers(study)[draw]
        held = study.patients["center"] == center
        subset = held.map({True: "external", False: "train"})
        config = with_changes(config, models__pick="folds")
        return Redraw(_with(study, subset=subset), config, plan.estimates, center)
    if kind == "cross-validation":
        return Redraw(study, replace(config, seed=config.seed + draw), plan.estimates)
    rng = np.random.default_rng([config.seed, draw])
    if kind == "stability":
        return Redraw(_with(study, subset=_subsample(study.patients, rng)), config, plan.estimates)
    estimates: tuple[Estimate, ...] = ("fitted", "out_of_fold") if picked_by_folds else plan.estimates
    if draw == 0:
        return Redraw(study, config, estimates)
    y = stats.permute_patient_labels(study.patients["y"].to_numpy(), None, strata(study), rng)
    return Redraw(_with(study, y=y.astype(int)), config, estimates)


def strata(study: Study) -> np.ndarray:
    """Center and subset of each patient (P,): labels change places only within them."""
    return (study.patients["center"].astype(str) + "\x00" + study.patients["subset"]).to_numpy()


def _with(study: Study, **columns: object) -> Study:
    return replace(study, patients=study.patients.assign(**columns))


def _centers(study: Study) -> list[str]:
    known = set(study.patients["center"])
    return [name for name in (*study.development, *study.external) if name in known]


def _subsample(patients: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """``train`` for the drawn share of each label; the rest is ``validation``, on which nothing depends."""
    subset = patients["subset"].copy()
    train = patients[subset == "train"]
    for _, members in train.groupby("y"):
        keep = max(2, round(SHARE * len(members)))
        drawn = rng.choice(members.index.to_numpy(), size=min(keep, len(members)), replace=False)
        subset[members.index.difference(drawn)] = "validation"
    return subset
