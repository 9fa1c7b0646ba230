"""SGA012: which selected features do not survive a small change of the ROI?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import between, no_models
from sgcore.audit.waiting import not_computed
from sgcore.cohort.ledger import few
from sgcore.config import BROUGHT
from sgcore.domain import Severity

#: The lower bound of an ICC from which on a feature counts as robust (Koo & Li 2016: good reliability).
LIMIT = 0.75
_WHAT = (
    "ICC of each feature over the ROI as it is, a little smaller, a little larger and a little aside, one "
    "image a training patient"
)


class FragileFeatures:
    """Selected radiomics features whose ICC over changed ROIs has a lower bound below 0.75."""

    code = "SGA012"
    title = "Selected features that depend on how the ROI is drawn"
    severity: Severity = "warning"
    page = "features-browser"

    def run(self, evidence: Evidence) -> Outcome:
        selection = evidence.frame("selection")
        if selection.empty:
            return no_models(evidence)
        chosen = selection[
            (selection["step"] == "selected") & selection["feature"].isin(evidence.features.values.columns)
        ]
        if chosen.empty:
            return Outcome("not_applicable", "No model has selected a radiomics feature.")
        if evidence.config.preset == BROUGHT:
            return Outcome(
                "not_applicable",
                "The study brings its features: they cannot be computed again with another ROI.",
            )
        known = evidence.frame("icc")
        if known.empty:
            known = evidence.frame("roi_icc")
            if not len(known.columns):
                return not_computed("How far the features depend on the ROI")
        if known.empty:
            return Outcome(
                "not_applicable", "Fewer than two training patients have features of every changed ROI."
            )
        families = (
            chosen.groupby("feature", sort=False)["family"].agg(", ".join).rename("families").reset_index()
        )
        table = families.merge(known, on="feature", how="left").sort_values("ci_low", na_position="last")
        table = table.reset_index(drop=True)
        judged = table[table["ci_low"].notna()]
        undefined = table.loc[table["ci_low"].isna(), "feature"]
        patients = int(known["n_patients"].iloc[0])
        aside = (
            f" Undefined, for want of a spread between patients: {few(undefined)}." if len(undefined) else ""
        )
        if judged.empty:
            return Outcome("not_applicable", f"No selected feature has an ICC.{aside}", table=table)
        all_features = known["ci_low"].notna()
        weak = judged[judged["ci_low"] < LIMIT]
        head = (
            f"{_WHAT} ({patients} patients); robust from a lower 95% bound of {LIMIT:g} on. Of all "
            f"{len(known)} features {int((known.loc[all_features, 'ci_low'] < LIMIT).sum())} are below."
        )
        if weak.empty:
            low = judged.iloc[0]
            return Outcome(
                "passed",
                f"All {len(judged)} selected features survive. {head} The lowest of the selected: "
                f"{_told(low)}.{aside}",
                table=table,
            )
        return Outcome(
            "finding",
            f"{len(weak)} of {len(judged)} selected features do not survive a small change of the ROI, or "
            f"are not shown to: {few(_told(row) for _, row in weak.iterrows())}. {head}{aside}",
            remedy="Leave ROI-fragile features out before the selection (the strict recipe, or an ICC minimum), or "
            "let two readers draw the ROIs and report their agreement.",
            table=table,
        )


def _told(row: pd.Series) -> str:
    return f"{row['feature']} {row['icc']:.2f} ({between(row['ci_low'], row['ci_high'])})"
