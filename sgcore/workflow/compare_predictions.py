"""Models made elsewhere, side by side: AUCs, paired differences and centers from one table of predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.cohort import PredictionFile, Roles, read_prediction_file
from sgcore.domain import Problem, Unit
from sgcore.workflow.unit_comparison import UnitComparison, compare_unit

#: The level of every interval of a comparison.
LEVEL = 0.95


@dataclass(frozen=True)
class PredictionComparison:
    """A table of predictions compared by case, and by patient where patients have several cases.

    ``by_case`` is clustered by patient when the table names patients. ``by_patient`` takes the mean of a
    patient's scores, which is another quantity; it is None without patients.
    """

    file: str
    roles: Roles
    negative: str
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
            "label": self.roles.label,
            "positive": self.roles.positive,
            "negative": self.negative,
            "kind": self.roles.kind,
            "level": LEVEL,
            "adjustment": "Holm, over the pairs of one matrix; intervals are not adjusted",
            "by_patient": None if self.by_patient is None else self.by_patient.as_dict(),
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
    groups = None
    if table.groups is not None:
        # Numbers instead of names: every model and pair would sort the same text again.
        groups = pd.Series(pd.factorize(table.groups)[0], index=table.groups.index)
    cases = compare_unit("image", table.y, table.scores, groups, table.centers)
    patients = None if groups is None else _by_patient(table, groups)
    return PredictionComparison(table.file, table.roles, table.negative, cases, patients, table.warnings)


def _by_patient(table: PredictionFile, groups: pd.Series) -> UnitComparison:
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
    return compare_unit("patient", y, pd.DataFrame(means), None, centers)
