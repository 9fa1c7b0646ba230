"""Models compared by one unit, the case or the patient: each one's AUC, every pair, every center."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.workflow.cases import Counted, counted
from sgcore.workflow.plain import reasoned

_PAIR = [
    "a", "b", "n", "n_patients", "n_left_out", "auc_a", "auc_b", "delta", "ci_low", "ci_high", "z", "p",
    "p_adjusted", "method", "reason",
]  # fmt: skip


@dataclass(frozen=True)
class UnitComparison:
    """Models compared by one unit, the case or the patient.

    ``models`` has one row a model: ``model, n, n_pos, n_patients, n_missing, auc, ci_low, ci_high,
    variance, design_effect, method, reason`` on the cases that the model scored and, with centers,
    ``within_center_auc, within_center_low, within_center_high, within_center_reason``. ``pairs`` has one
    row a pair: ``a, b, n, n_patients, n_left_out, auc_a, auc_b, delta, ci_low, ci_high, z, p, p_adjusted,
    method, reason``, AUC of a minus AUC of b on the cases that both scored; Holm's correction runs over
    the pairs. ``by_center`` has one row a center and model, with the columns of ``models``.
    Where there is nothing to compare ``reason`` says why, and ``n_pos`` is None.
    """

    unit: Unit
    n: int
    n_pos: int | None
    n_patients: int
    models: pd.DataFrame = field(compare=False, repr=False)
    pairs: pd.DataFrame = field(compare=False, repr=False)
    by_center: pd.DataFrame = field(compare=False, repr=False)
    reason: str = ""

    def frame(self, name: str) -> pd.DataFrame:
        """``models``, ``pairs`` or ``by_center``."""
        frames = {"models": self.models, "pairs": self.pairs, "by_center": self.by_center}
        if name not in frames:
            raise KeyError(f"{name!r} is no frame of a comparison; choose {', '.join(frames)}.")
        return frames[name]

    def as_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON types; what cannot be estimated is None beside its reason."""
        return {
            "unit": self.unit,
            "n": self.n,
            "n_pos": self.n_pos,
            "n_patients": self.n_patients,
            "models": reasoned(self.models),
            "pairs": reasoned(self.pairs),
            "by_center": reasoned(self.by_center),
            "reason": self.reason or None,
        }


def compare_unit(unit: Unit, cases: pd.DataFrame, models: Mapping[str, str]) -> UnitComparison:
    """Compare the columns ``models`` (column: name of the model) of ``cases``, by case (``image``) or by patient.

    ``cases`` has one row a case: ``patient_id, center`` (missing where none is known), ``y_true`` and the scores,
    NaN where a model did not score the case; cases of unknown patients have a patient each. A patient's score
    is the mean over the cases that a model, or both models of a pair, scored.
    """
    found = {column: counted(cases, unit, column) for column in models}
    pairs = pd.DataFrame(
        [
            {"a": models[a], "b": models[b], **_pair(counted(cases, unit, a, b), a, b)}
            for a, b in combinations(models, 2)
        ],
        columns=_PAIR,
    )
    pairs["p_adjusted"] = stats.adjust(pairs["p"].to_numpy(float), "holm")
    by_center = [
        {"center": str(center), "model": name, **_model(counted(part, unit, column), column)}
        for center, part in cases.groupby("center", sort=True)
        for column, name in models.items()
    ]
    one = cases.drop_duplicates("patient_id") if unit == "patient" else cases
    return UnitComparison(
        unit,
        len(one),
        int(one["y_true"].sum()),
        cases["patient_id"].nunique(),
        pd.DataFrame(
            [
                {"model": models[column], **_model(own, column), **_within(own, column)}
                for column, own in found.items()
            ]
        ),
        pairs,
        pd.DataFrame(by_center),
    )


def _model(found: Counted, column: str) -> dict[str, Any]:
    result = stats.auc(found.y, found.of(column), found.groups)
    reason = result.reason
    if reason and found.n_left_out:
        total = len(found.scored) + found.n_left_out
        reason += f" ({found.n_left_out} of {total} cases have no score)"
    return {
        "n": len(found.rows),
        "n_pos": result.n_pos,
        "n_patients": result.n_patients,
        "n_missing": found.n_left_out,
        "auc": result.auc,
        "ci_low": result.ci_low,
        "ci_high": result.ci_high,
        "variance": result.variance,
        "design_effect": result.design_effect,
        "method": result.method,
        "reason": reason,
    }


def _within(found: Counted, column: str) -> dict[str, Any]:
    """The AUC of pairs from the same center: a pooled one also rewards telling the centers apart."""
    centers = found.rows["center"]
    if centers.nunique() < 2:
        return {}
    result = stats.within_center_auc(found.y, found.of(column), centers, found.groups)
    return {
        "within_center_auc": result.auc,
        "within_center_low": result.ci_low,
        "within_center_high": result.ci_high,
        "within_center_reason": result.reason,
    }


def _pair(both: Counted, a: str, b: str) -> dict[str, Any]:
    result = stats.compare_auc(both.y, both.of(a), both.of(b), both.groups)
    fields = [name for name in _PAIR if name not in ("a", "b", "n", "n_left_out", "p_adjusted")]
    numbers = {name: getattr(result, name) for name in fields}
    return {"n": result.n_cases, "n_left_out": both.n_left_out} | numbers
