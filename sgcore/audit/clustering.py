"""SGA003: are a patient's images treated as independent?"""

from __future__ import annotations

from sgcore.audit.check import Evidence, Outcome
from sgcore.domain import Severity

#: What a p is called after the selection's correction for many tests.
_NAMES = {"none": "p", "holm": "p adjusted by Holm", "bh": "p adjusted by Benjamini and Hochberg"}


class ImagesAsIndependent:
    """Compares intervals with and without clustering, and counts the features that tests find with it and without."""

    code = "SGA003"
    title = "Several images of a patient treated as independent"
    severity: Severity = "warning"
    page = "evidence-families"

    def run(self, evidence: Evidence) -> Outcome:
        images = evidence.study.images
        per_patient = images.groupby("patient_id").size()
        if per_patient.max() == 1:
            return Outcome("passed", f"Each of the {len(per_patient)} patients has one image.")
        rows = evidence.frame("evaluations")
        if rows.empty:
            return Outcome("not_applicable", "No model could be evaluated.")
        rows = rows[
            (rows["unit"] == "image")
            & rows["picked"].astype(bool)
            & rows["center"].isna()
            & (rows["subset"] != "train")
        ].dropna(subset=["design_effect"])
        several = int((per_patient > 1).sum())
        head = (
            f"{several} of {len(per_patient)} patients have more than one image (up to {per_patient.max()})."
        )
        tests = _tests(evidence)
        auc = ""
        if not rows.empty:
            worst = rows.loc[rows["design_effect"].idxmax()]
            auc = (
                f" Largest design effect of an AUC: {worst['design_effect']:.2f} ({worst['family']}, "
                f"{worst['subset']}: {worst['auc']:.3f}, {worst['ci_low']:.3f} to {worst['ci_high']:.3f} clustered by "
                f"patient, {worst['naive_ci_low']:.3f} to {worst['naive_ci_high']:.3f} if images were independent)."
            )
        columns = [
            "family",
            "classifier",
            "subset",
            "n_patients",
            "n_images",
            "auc",
            "ci_low",
            "ci_high",
            "naive_ci_low",
            "naive_ci_high",
            "design_effect",
        ]
        table = rows[columns].reset_index(drop=True)
        if not tests:
            return Outcome(
                "passed",
                f"{head} Intervals of AUCs are clustered by patient, and no p-value counts images as cases of their "
                f"own.{auc}",
                table=table,
            )
        return Outcome(
            "finding",
            f"{head} {tests}{auc}",
            remedy="Quote results by patient, or intervals that are clustered by patient; read selection "
            "p-values as a ranking.",
            table=table,
        )


def _tests(evidence: Evidence) -> str:
    """What the selection's tests make of a patient's images; empty where they count none twice."""
    tested = evidence.frame("tested_by_patient")
    cases = evidence.study.cases()
    if tested.empty or not cases.loc[cases["subset"] == "train", "patient_id"].duplicated().any():
        return ""
    said = "The p-values of the feature selection count every image as a case of its own"
    limit, correction = evidence.config.selection.p_threshold, evidence.config.selection.correction
    known = tested.dropna(subset=["univariate_clustered"])
    if known.empty or limit == 1:
        return f"{said}."
    counts = "; ".join(
        f"{row.family} {row.univariate} of {row.tested} by image, {row.univariate_clustered} clustered by patient"
        for row in known.itertuples()
    )
    return f"{said}. Features with {_NAMES[correction]} below {limit:g}: {counts}."
