"""Models compared by one unit, the case or the patient: each one's AUC, every pair, every center."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.workflow.plain import records

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
            "models": _rows(self.models),
            "pairs": _rows(self.pairs),
            "by_center": _rows(self.by_center),
            "reason": self.reason or None,
        }


def compare_unit(
    unit: Unit,
    y: pd.Series,
    scores: pd.DataFrame,
    groups: pd.Series | None,
    centers: pd.Series | None,
) -> UnitComparison:
    """Compare the columns of ``scores`` (n, k), NaN where a model did not score a case, on labels ``y`` (n,).

    ``groups`` and ``centers`` are (n,) patient and center of each case or None; all share one index.
    """
    models = [
        _model(name, y, scores[name], groups) | _within(y, scores[name], groups, centers)
        for name in scores.columns
    ]
    pairs = pd.DataFrame(
        [_pair(a, b, y, scores, groups) for a, b in combinations(scores.columns, 2)], columns=_PAIR
    )
    pairs["p_adjusted"] = stats.adjust(pairs["p"].to_numpy(float), "holm")
    by_center = [
        {"center": str(center)} | _model(name, y[rows], scores.loc[rows, name], _part(groups, rows))
        for center, rows in ({} if centers is None else centers.groupby(centers).groups).items()
        for name in scores.columns
    ]
    return UnitComparison(
        unit,
        len(y),
        int(y.sum()),
        len(y) if groups is None else int(groups.nunique()),
        pd.DataFrame(models),
        pairs,
        pd.DataFrame(by_center),
    )


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, an empty reason as None."""
    reasons = [name for name in frame.columns if name.endswith("reason")]
    return [row | {name: row[name] or None for name in reasons} for row in records(frame)]


def _part(groups: pd.Series | None, rows: pd.Index) -> pd.Series | None:
    return None if groups is None else groups[rows]


def _model(name: str, y: pd.Series, score: pd.Series, groups: pd.Series | None) -> dict[str, Any]:
    scored = score.index[score.notna()]
    result = stats.auc(y[scored], score[scored], _part(groups, scored))
    missing = len(score) - len(scored)
    reason = result.reason
    if reason and missing:
        reason += f" ({missing} of {len(score)} cases have no score)"
    return {
        "model": name,
        "n": len(scored),
        "n_pos": result.n_pos,
        "n_patients": result.n_patients,
        "n_missing": missing,
        "auc": result.auc,
        "ci_low": result.ci_low,
        "ci_high": result.ci_high,
        "variance": result.variance,
        "design_effect": result.design_effect,
        "method": result.method,
        "reason": reason,
    }


def _within(
    y: pd.Series, score: pd.Series, groups: pd.Series | None, centers: pd.Series | None
) -> dict[str, Any]:
    """The AUC of pairs from the same center: a pooled one also rewards telling the centers apart."""
    if centers is None or centers.nunique() < 2:
        return {}
    rows = score.index[score.notna()]
    result = stats.within_center_auc(y[rows], score[rows], centers[rows], _part(groups, rows))
    return {
        "within_center_auc": result.auc,
        "within_center_low": result.ci_low,
        "within_center_high": result.ci_high,
        "within_center_reason": result.reason,
    }


def _pair(a: str, b: str, y: pd.Series, scores: pd.DataFrame, groups: pd.Series | None) -> dict[str, Any]:
    result = stats.compare_auc(y, scores[a], scores[b], groups)
    fields = [name for name in _PAIR if name not in ("a", "b", "n", "p_adjusted")]
    return {"a": a, "b": b, "n": result.n_cases} | {name: getattr(result, name) for name in fields}
