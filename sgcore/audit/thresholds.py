"""SGA031: where does the decision threshold come from?"""

from __future__ import annotations

from sgcore.audit.check import Evidence, Outcome
from sgcore.domain import Severity


class ThresholdSource:
    """Thresholds from fitted training scores are too optimistic; those from out-of-fold scores are not."""

    code = "SGA031"
    title = "Threshold from fitted training scores"
    severity: Severity = "warning"
    page = "models-classifiers"
    plot = "operating_points"

    def run(self, evidence: Evidence) -> Outcome:
        rows = evidence.frame("evaluations")
        if rows.empty:
            return Outcome("not_applicable", "No model could be evaluated.")
        rows = rows[
            rows["picked"].astype(bool) & rows["center"].isna() & (rows["unit"] == evidence.config.unit)
        ]
        columns = [
            "family",
            "classifier",
            "subset",
            "estimate",
            "threshold",
            "sensitivity",
            "specificity",
            "n_patients",
        ]
        table = rows[columns].reset_index(drop=True)
        if evidence.config.models.threshold == "out_of_fold":
            return Outcome(
                "passed",
                "Each threshold is Youden's on out-of-fold scores of training patients.",
                table=table,
            )
        fitted = rows[(rows["subset"] == "train") & (rows["estimate"] == "fitted")].set_index("family")
        sets = set(rows["subset"])
        reported = next((name for name in ("external", "validation") if name in sets), None)
        held = rows[rows["subset"] == reported].set_index("family")
        parts = [
            f"{family}: sensitivity {fitted.at[family, 'sensitivity']:.3f} and specificity "
            f"{fitted.at[family, 'specificity']:.3f} in training, {held.at[family, 'sensitivity']:.3f} and "
            f"{held.at[family, 'specificity']:.3f} in the {held.at[family, 'subset']} set"
            for family in fitted.index
            if family in held.index
        ]
        return Outcome(
            "finding",
            "Each threshold was taken from scores of the very patients that the model was fitted on. "
            + "; ".join(parts)
            + ".",
            remedy="Take the threshold from out-of-fold training scores (the strict recipe).",
            table=table,
        )
