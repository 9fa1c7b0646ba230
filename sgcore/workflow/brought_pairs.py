"""Every two models, of a study or made elsewhere: paired on the cases of both, or independent, or a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.cohort import PredictionMatch
from sgcore.domain import Unit
from sgcore.workflow.cases import counted
from sgcore.workflow.evaluate import compare_scores, paired

#: Columns that name a case.
KEYS = ["image_id", "patient_id", "center", "y_true"]
#: The unit of what a file that names no patients is counted by, whatever was asked for.
CASE = "case"
#: Why such a file cannot be counted by patient.
NO_PATIENTS = "the file names no patients"


@dataclass(frozen=True)
class Side:
    """Scores of one model: a row a case (``image_id, patient_id, center, y_true, y_score``).

    ``own``: the cases are the file's own, not the study's; ``nameless``: it does not say which of them are of
    the same patient. ``patients``: a case is a patient already. ``reason``: why there is nothing to evaluate.
    """

    name: str
    cases: pd.DataFrame
    own: bool = False
    patients: bool = False
    reason: str = ""
    nameless: bool = False


def pair(a: Side, b: Side, unit: Unit, match: PredictionMatch | None) -> dict[str, Any]:
    """AUC of a minus AUC of b: paired where they scored the same cases, else as independent samples.

    A test for independent samples is made only where ``match`` says that the file is of other patients, and
    by patient only where the file names them.
    """
    reason = a.reason or b.reason
    if reason:
        return _no_pair(reason)
    if a.own != b.own:
        if match is not None and match.other_patients:
            return _unpaired(a, b, unit)
        some = match is not None and match.shared_patients
        return _no_pair(
            "cases of the file and of the study cannot be matched, and "
            + ("some patients are in both" if some else "the same patients may be in both")
        )
    by_patient = a.patients or b.patients
    left, right = (_as_patients(side) if by_patient else side.cases for side in (a, b))
    cases = paired(left.astype({"y_true": int}), right.astype({"y_true": int}))
    result = compare_scores(cases, unit)
    clustered = unit == "image" and not a.nameless
    return result | {
        "unit": CASE if a.nameless else unit,
        "n_patients": np.nan if a.nameless else result["n_patients"],
        "n_images": np.nan if by_patient or a.nameless else result["n_images"],
        "method": "DeLong, paired" + (", clustered by patient" if clustered else ""),
    }


def _as_patients(side: Side) -> pd.DataFrame:
    """One row a patient, with the mean of the images that have a score."""
    if side.patients:
        return side.cases
    rows = counted(side.cases, "patient").rows
    return rows.assign(image_id=rows["patient_id"])


def _unpaired(a: Side, b: Side, unit: Unit) -> dict[str, Any]:
    # Families come first, so b is the file's; where it names no patients its cases count one by one.
    if b.nameless and unit == "patient":
        return _no_pair(NO_PATIENTS)
    left, right = (counted(side.cases, unit) for side in (a, b))
    result = stats.compare_auc(
        left.y,
        left.score,
        right.score,
        left.rows["patient_id"].to_numpy(),
        right.y,
        right.rows["patient_id"].to_numpy(),
    )
    fields = ("auc_a", "auc_b", "delta", "ci_low", "ci_high", "z", "p", "method", "reason")
    return {
        "n_patients": np.nan if b.nameless else result.n_patients,
        "n_images": result.n_cases if unit == "image" and not b.nameless else np.nan,
        "n_left_out": left.n_left_out + right.n_left_out,
        **{name: getattr(result, name) for name in fields},
        "method": result.method + (", cases of the file one by one" if b.nameless else ""),
    }


def _no_pair(reason: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("auc_a", "auc_b", "delta", "ci_low", "ci_high", "z", "p"), np.nan)
    return {"n_patients": 0, "n_images": 0, "n_left_out": 0, **nothing, "method": "", "reason": reason}
