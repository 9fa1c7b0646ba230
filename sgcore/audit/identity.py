"""SGA001: is a patient in more than one subset, center or label?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.cohort.ledger import few
from sgcore.domain import Severity, Study


class PatientInSeveralPlaces:
    """Reads the contradictions that an import for audit only lets pass; any other import refuses them."""

    code = "SGA001"
    title = "Patients in more than one subset, center or label"
    severity: Severity = "error"
    page = "study-cohort"

    def run(self, evidence: Evidence) -> Outcome:
        study = evidence.study
        n = len(study.patients)
        table = contradictions(study)
        if table.empty:
            return Outcome(
                "passed",
                f"Each of the {n} patients has one center, one label and one subset: every row of the patients and "
                f"images tables was compared.{_lesions(study)} One person under two identifiers is not seen here; "
                "SGA002 compares images.",
            )
        kinds = table.groupby("patient_id", sort=False)["contradiction"].unique()
        named = few(f"{patient} ({', '.join(own)})" for patient, own in kinds.items())
        return Outcome(
            "finding",
            f"The entries of {len(kinds)} of {n} patients contradict each other: {named}. A patient in two subsets "
            "is known to the model that is judged on them; one with two labels or centers is wrong in one of them. The "
            f"audit goes by the first row of each.{_lesions(study)}",
            remedy="Find out from the source which entry is right, keep one row a patient, and give all images of a "
            "patient one subset; import the study again and repeat every analysis.",
            table=table,
        )


def contradictions(study: Study) -> pd.DataFrame:
    """``patient_id, contradiction, says, file, row``: one row each, of patients and not of images."""
    known = set(study.conflicts)
    rows = [
        {
            "patient_id": problem.patient,
            "contradiction": _kind(problem.column, study),
            "says": problem.rule,
            "file": problem.file,
            "row": problem.row,
        }
        for problem in study.warnings
        if str(problem) in known and problem.column != "image"
    ]
    return pd.DataFrame(rows, columns=["patient_id", "contradiction", "says", "file", "row"])


def _kind(column: str | None, study: Study) -> str:
    if column == study.split_column and column is not None:
        return "subset"
    return "two rows" if column == "patient_id" else str(column)


def _lesions(study: Study) -> str:
    if "lesion_id" not in study.images:
        return ""
    several = study.images.groupby("patient_id")["lesion_id"].nunique()
    return (
        f" {int((several > 1).sum())} patients have several lesions (lesion_id): these may differ in their labels, "
        "which is no contradiction."
    )
