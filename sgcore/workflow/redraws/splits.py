"""Other splits: what the same pipeline gets when other development patients train and validate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore.domain import Estimate, Study
from sgcore.models import Preferred
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.family_fits import FamilyFits
from sgcore.workflow.redraws.kept import picked_aucs, picked_by_folds, with_pick
from sgcore.workflow.redraws.plan import Parts, Plan, Redraw

_NUMBERS = ("observed", "share", "median", "low", "high", "lucky", "lowest", "highest")


class OtherSplits(Plan):
    """Development patients are split again by patient, as many of each label to train as in the study.

    Draw 0 is the study's own split. Patients of the external set stay there.
    """

    kind = "splits"
    title = "Other splits of the development patients"
    draws = 50
    reference = True
    estimates = ("fitted",)

    def why_not(self, study: Study) -> str | None:
        validates = (study.patients["subset"] == "validation").any()
        return None if validates else "no development patient validates: there is no split to draw again"

    def needed(self, picks: pd.DataFrame) -> tuple[Estimate, ...]:
        return with_pick(self.estimates, picks)

    def redraw(self, given: Redraw, draw: int) -> Redraw:
        if draw == 0:
            return given
        rng = np.random.default_rng([given.config.seed, draw])
        return given.with_patients(subset=_split(given.study.patients, rng))

    def preferred(self, redraw: Redraw) -> Preferred | None:
        return picked_by_folds(redraw)

    def keep(self, redraw: Redraw, fits: FamilyFits) -> Parts:
        return picked_aucs(redraw, fits)

    def read(self, analysis: Analysis, parts: Parts) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Rows: a family's AUC of the own split in a held-out subset among the others. Detail: every split."""
        rows = []
        for (family, subset, unit), part in parts["aucs"].groupby(["family", "subset", "unit"], sort=False):
            own, others = part[part["draw"] == 0], part[part["draw"] > 0]
            key = {"family": family, "subset": subset, "unit": unit}
            classifier = own["classifier"].iloc[0] if len(own) else None
            rows.append(key | {"classifier": classifier, **_among(own["auc"], others["auc"].dropna())})
        return pd.DataFrame(rows), parts["aucs"]


def _split(patients: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Subset of each patient; neither the order of rows nor external patients change who is drawn."""
    subset = patients["subset"].copy()
    developing = patients[patients["subset"] != "external"]
    for _, members in developing.groupby("y"):
        order = rng.permutation(members.sort_values("patient_id").index.to_numpy())
        train = int((members["subset"] == "train").sum())
        subset[order[:train]] = "train"
        subset[order[train:]] = "validation"
    return subset


def _among(own: pd.Series, others: pd.Series) -> dict[str, Any]:
    """Where the own AUC lies among those of other splits (``share`` of them lie below it, ties by half)."""
    observed = float(own.iloc[0]) if len(own) else np.nan
    values = others.to_numpy(float)
    row: dict[str, Any] = dict.fromkeys(_NUMBERS, np.nan)
    row |= {"observed": observed, "splits": len(values), "reason": _why_not(own, observed, values)}
    if len(values):
        low, middle, high, top = np.quantile(values, [0.025, 0.5, 0.975, 0.95])
        row |= {"median": middle, "low": low, "high": high, "lucky": top}
        row |= {"lowest": float(values.min()), "highest": float(values.max())}
    if row["reason"] is None:
        row["share"] = float((values < observed).mean() + (values == observed).mean() / 2)
    return row


def _why_not(own: pd.Series, observed: float, others: np.ndarray) -> str | None:
    if own.empty:
        return "the study's own split has not been computed yet"
    if np.isnan(observed):
        return "the pick has no AUC on this set"
    return None if others.size else "no other split has an AUC on this set yet"
