"""Models made elsewhere, side by side: AUCs, paired differences and centers from one table of predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.cohort import PredictionFile, Roles, read_prediction_file
from sgcore.domain import Problem, ScoreKind, Unit
from sgcore.workflow.cases import counted
from sgcore.workflow.chance import best_of
from sgcore.workflow.plain import reasoned
from sgcore.workflow.unit_comparison import UnitComparison, compare_unit

#: The level of every interval of a comparison.
LEVEL = 0.95


@dataclass(frozen=True)
class PredictionComparison:
    """A table of predictions compared by case, and by patient where patients have several cases.

    ``by_case`` is clustered by patient when the table names patients. ``by_patient`` takes the mean of a
    patient's scores, which is another quantity; it is None without patients. ``chance`` says what the best of
    the models gains by being the best, and how often permuted labels reach it (scores-fixed null, the only one
    that holds where models cannot be made anew); its columns are those of ``chance`` of an analysis.
    ``calibration`` has a row a model and measure, by case: of probabilities alone.
    """

    file: str
    roles: Roles
    negative: str
    by_case: UnitComparison
    by_patient: UnitComparison | None
    chance: dict[str, Any] = field(compare=False, repr=False)
    calibration: pd.DataFrame = field(compare=False, repr=False)
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
            "label": self.roles.label,
            "positive": self.roles.positive,
            "negative": self.negative,
            "kind": self.roles.kind,
            "level": LEVEL,
            "adjustment": "Holm, over the pairs of one matrix; intervals are not adjusted",
            "by_patient": None if self.by_patient is None else self.by_patient.as_dict(),
            "chance": reasoned(pd.DataFrame([self.chance]))[0],
            "calibration": reasoned(self.calibration),
            "warnings": [problem.as_dict() for problem in self.warnings],
        }


def compare_prediction_file(path: str | PathLike[str], roles: Roles) -> PredictionComparison:
    """Compare the models of a table of predictions; see :func:`sgcore.cohort.read_prediction_file`.

    Raises
    ------
    PredictionsError : the table is refused, with every problem. UsageError : arguments that cannot work.
    """
    return compare_prediction_table(read_prediction_file(path, roles))


def compare_prediction_table(table: PredictionFile) -> PredictionComparison:
    """Compare the models of a table that was read before."""
    # Columns of their own: a model may have the name of one of the others.
    models = {f"model {number}": name for number, name in enumerate(table.scores)}
    cases = table.scores.set_axis(list(models), axis=1).assign(
        # Numbers instead of names: every model and pair would sort the same text again.
        patient_id=range(len(table.y)) if table.groups is None else pd.factorize(table.groups)[0],
        center=table.centers,
        y_true=table.y.astype(int),
    )
    mixed = _mixed(cases)
    return PredictionComparison(
        table.file,
        table.roles,
        table.negative,
        compare_unit("image", cases, models),
        None if table.groups is None else _by_patient(cases, models, mixed),
        _chance(cases, models, mixed),
        _calibration(cases, models, table.roles.kind),
        table.warnings,
    )


def _by_patient(cases: pd.DataFrame, models: dict[str, str], mixed: str) -> UnitComparison:
    if not mixed:
        return compare_unit("patient", cases, models)
    n, nothing = cases["patient_id"].nunique(), pd.DataFrame()
    return UnitComparison("patient", n, None, n, nothing, nothing, nothing, mixed)


def _mixed(cases: pd.DataFrame) -> str:
    """Why the patients of a table have no label; empty where they have."""
    labels = cases.groupby("patient_id")["y_true"].nunique()
    mixed = int((labels > 1).sum())
    if not mixed:
        return ""
    return f"{mixed} of {len(labels)} patients have cases of both labels and no label of their own"


def _chance(cases: pd.DataFrame, models: dict[str, str], mixed: str) -> dict[str, Any]:
    """By patient; cases of unknown patients have one each."""
    if mixed:
        return {"n_candidates": len(models), "reason": mixed, "p_reason": mixed}
    scores = [
        counted(cases, "patient", column).rows.set_index("patient_id")[column].rename(name)
        for column, name in models.items()
    ]
    people = cases.drop_duplicates("patient_id").set_index("patient_id")
    return best_of(scores, people.assign(center=people["center"].fillna("").astype(str)), seed=0)


def _calibration(cases: pd.DataFrame, models: dict[str, str], kind: ScoreKind) -> pd.DataFrame:
    parts = []
    for column, name in models.items():
        own = counted(cases, "image", column)
        found = stats.calibration(own.y, own.of(column), own.groups, kind=kind, replicates=0)
        rows = found.frame().assign(n=len(own.rows), n_clipped=found.n_clipped)
        rows.insert(0, "model", name)
        # The interval of the ICI takes resamples, seconds a model; without one it is no estimate to show.
        parts.append(rows[rows["measure"] != "ici"])
    return pd.concat(parts, ignore_index=True)
