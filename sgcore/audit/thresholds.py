"""SGA031: where does the decision threshold come from?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.networks import deep_families, out_of_fold, picked_networks
from sgcore.domain import Severity


class ThresholdSource:
    """Thresholds from fitted training scores are too optimistic; those from out-of-fold scores are not."""

    code = "SGA031"
    title = "Threshold from fitted training scores"
    severity: Severity = "warning"
    page = "models-classifiers"

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
            return _out_of_fold(evidence, table)
        fitted = rows[(rows["subset"] == "train") & (rows["estimate"] == "fitted")].set_index("family")
        sets = set(rows["subset"])
        reported = next((name for name in ("external", "validation") if name in sets), None)
        held = rows[rows["subset"] == reported].set_index("family")
        parts = [
            f"{family}: {_told(fitted.loc[family], held.loc[family])}"
            for family in fitted.index
            if family in held.index
        ]
        numbers = f" By {evidence.config.unit}: {'; '.join(parts)}." if parts else ""
        return Outcome(
            "finding",
            "Each threshold was taken from scores of the very patients that the model was fitted on."
            + numbers,
            remedy="Take the threshold from out-of-fold training scores (the strict recipe).",
            table=table,
        )


def _out_of_fold(evidence: Evidence, table: pd.DataFrame) -> Outcome:
    without = list(table.loc[table["threshold"].isna(), "family"].unique())
    none = f" {' and '.join(without)}: no threshold, for want of such scores." if without else ""
    if len(without) == table["family"].nunique():
        return Outcome("not_applicable", f"No family has a threshold.{none}", table=table)
    message = "Each threshold is Youden's on out-of-fold scores of training patients"
    families = [family for family in deep_families(evidence) if family not in without]
    if not families or out_of_fold(picked_networks(evidence)):
        return Outcome("passed", f"{message}.{none}", table=table)
    return Outcome(
        "finding",
        f"{message}, but the deep features of {' and '.join(families)} are not out of fold: their network was "
        f"trained on these patients, or may have been (SGA023).{none}",
        remedy="Take the deep features of training patients from networks that left them out (`--deep-folds 5`).",
        table=table,
    )


def _told(fitted: pd.Series, held: pd.Series) -> str:
    """Sensitivity and specificity where the threshold was chosen and in the set that the study is judged by."""
    if not np.isfinite(fitted["threshold"]):
        return "no threshold tells training cases apart"
    return f"{_shares(fitted)} in training, {_shares(held)} in the {held['subset']} set"


def _shares(row: pd.Series) -> str:
    measures = ("sensitivity", "specificity")
    return " and ".join(
        f"{name} not estimable (no {cases} case)" if pd.isna(row[name]) else f"{name} {row[name]:.3f}"
        for name, cases in zip(measures, ("positive", "negative"), strict=True)
    )
