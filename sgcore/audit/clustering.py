"""SGA003: are a patient's images treated as independent?"""

from __future__ import annotations

from sgcore.audit.check import Evidence, Outcome
from sgcore.domain import Severity


class ImagesAsIndependent:
    """Compares intervals with and without clustering, and looks at which tests ignore it."""

    code = "SGA003"
    title = "Several images of a patient treated as independent"
    severity: Severity = "warning"
    page = "evidence-families"
    plot = "auc_dots"

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
            f"{several} of {len(per_patient)} patients have more than one image (up to {per_patient.max()}). "
            "The p-values of the feature selection count every image as a case of its own."
        )
        if not rows.empty:
            worst = rows.loc[rows["design_effect"].idxmax()]
            head += (
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
        return Outcome(
            "finding",
            head,
            remedy="Quote results by patient, or intervals that are clustered by patient; read selection "
            "p-values as a ranking.",
            table=rows[columns].reset_index(drop=True),
        )
