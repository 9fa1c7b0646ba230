"""Models made elsewhere, side by side: AUCs, paired differences and centers from one table of predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from os import PathLike
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.cohort import PredictionFile, read_prediction_file
from sgcore.cohort.prediction_file import Kind
from sgcore.domain import Problem, Unit
from sgcore.workflow.summary import records

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


@dataclass(frozen=True)
class PredictionComparison:
    """A table of predictions compared by case, and by patient where patients have several cases.

    ``by_case`` is clustered by patient when the table names patients. ``by_patient`` takes the mean of a
    patient's scores, which is another quantity; it is None without patients.
    """

    file: str
    label: str
    positive: str
    negative: str
    kind: Kind
    level: float
    by_case: UnitComparison
    by_patient: UnitComparison | None
    warnings: tuple[Problem, ...] = field(compare=False, repr=False)

    def frame(self, name: str, unit: Unit = "image") -> pd.DataFrame:
        """``models``, ``pairs`` or ``by_center`` by case (``image``) or by ``patient``."""
        chosen = self.by_case if unit == "image" else self.by_patient
        if chosen is None:
            raise KeyError("the table of predictions names no patients; there are results by case only.")
        return chosen.frame(name)

    def as_dict(self) -> dict[str, Any]:
        """Results by case at the top, those by patient under their own key."""
        return {
            **self.by_case.as_dict(),
            "file": self.file,
            "label": self.label,
            "positive": self.positive,
            "negative": self.negative,
            "kind": self.kind,
            "level": self.level,
            "adjustment": "Holm, over the pairs of one matrix; intervals are not adjusted",
            "by_patient": None if self.by_patient is None else self.by_patient.as_dict(),
            "warnings": [problem.as_dict() for problem in self.warnings],
        }


def compare_prediction_file(
    path: str | PathLike[str],
    *,
    label: str,
    scores: Sequence[str],
    positive: str | None = None,
    group: str | None = None,
    center: str | None = None,
    kind: Kind = "score",
    level: float = 0.95,
) -> PredictionComparison:
    """Compare the models of a table of predictions; see :func:`sgcore.cohort.read_prediction_file`.

    Raises
    ------
    PredictionsError : the table is refused, with every problem. UsageError : arguments that cannot work.
    """
    table = read_prediction_file(
        path, label=label, scores=scores, positive=positive, group=group, center=center, kind=kind
    )
    groups = None
    if table.groups is not None:
        # Numbers instead of names: every model and pair would sort the same text again.
        groups = pd.Series(pd.factorize(table.groups)[0], index=table.groups.index)
    cases = _unit("image", table.y, table.scores, groups, table.centers, level)
    patients = None if groups is None else _by_patient(table, groups, level)
    return PredictionComparison(
        table.file, label, table.positive, table.negative, kind, level, cases, patients, table.warnings
    )


def _by_patient(table: PredictionFile, groups: pd.Series, level: float) -> UnitComparison:
    """Each patient's mean score; a patient with an unscored case has none, and is counted as missing."""
    of_patient = table.y.groupby(groups)
    mixed = int((of_patient.min() != of_patient.max()).sum())
    if mixed:
        nothing = pd.DataFrame()
        reason = (
            f"{mixed} of {of_patient.ngroups} patients have cases of both labels and no label of their own"
        )
        return UnitComparison(
            "patient", of_patient.ngroups, None, of_patient.ngroups, nothing, nothing, nothing, reason
        )
    means = {
        name: stats.patient_scores(table.scores[name], groups, table.y).score for name in table.scores.columns
    }
    one = ~groups.duplicated()
    centers = None if table.centers is None else table.centers[one].reset_index(drop=True)
    y = table.y[one].reset_index(drop=True)
    return _unit("patient", y, pd.DataFrame(means), None, centers, level)


def _unit(
    unit: Unit,
    y: pd.Series,
    scores: pd.DataFrame,
    groups: pd.Series | None,
    centers: pd.Series | None,
    level: float,
) -> UnitComparison:
    models = [
        _model(name, y, scores[name], groups, level) | _within(y, scores[name], groups, centers, level)
        for name in scores.columns
    ]
    pairs = pd.DataFrame(
        [_pair(a, b, y, scores, groups, level) for a, b in combinations(scores.columns, 2)], columns=_PAIR
    )
    pairs["p_adjusted"] = stats.adjust(pairs["p"].to_numpy(float), "holm")
    by_center = [
        {"center": str(center)} | _model(name, y[rows], scores.loc[rows, name], _part(groups, rows), level)
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


def _model(
    name: str, y: pd.Series, score: pd.Series, groups: pd.Series | None, level: float
) -> dict[str, Any]:
    scored = score.index[score.notna()]
    result = stats.auc(y[scored], score[scored], _part(groups, scored), level)
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
    y: pd.Series, score: pd.Series, groups: pd.Series | None, centers: pd.Series | None, level: float
) -> dict[str, Any]:
    """The AUC of pairs from the same center: a pooled one also rewards telling the centers apart."""
    if centers is None or centers.nunique() < 2:
        return {}
    rows = score.index[score.notna()]
    result = stats.within_center_auc(y[rows], score[rows], centers[rows], _part(groups, rows), level)
    return {
        "within_center_auc": result.auc,
        "within_center_low": result.ci_low,
        "within_center_high": result.ci_high,
        "within_center_reason": result.reason,
    }


def _pair(
    a: str, b: str, y: pd.Series, scores: pd.DataFrame, groups: pd.Series | None, level: float
) -> dict[str, Any]:
    result = stats.compare_auc(y, scores[a], scores[b], groups, level=level)
    fields = [name for name in _PAIR if name not in ("a", "b", "n", "p_adjusted")]
    return {"a": a, "b": b, "n": result.n_cases} | {name: getattr(result, name) for name in fields}
