"""SGA042: can the center be told from the features?"""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import joined, no_models
from sgcore.audit.waiting import not_computed
from sgcore.domain import Severity

_NAMES = {
    "harmonized": "radiomics features after ComBat",
    "radiomics": "radiomics features as extracted",
    "same_patients": "radiomics features as extracted, of the patients that ComBat has",
    "deep": "deep features of images that did not train the network",
}
_COLUMNS = [
    "features", "auc", "p", "permutations", "chance_median", "chance_95", "n_patients", "n_centers", "merged",
    "left_out", "reason",
]  # fmt: skip
_WHAT = (
    "AUC of telling each center from the others among patients with the same label, by patient and out of "
    "fold, mean of the centers"
)


class CenterToldFromFeatures:
    """The macro AUC of the centers within label, against centers that are permuted within label."""

    code = "SGA042"
    title = "The center can be told from the features"
    severity: Severity = "note"
    page = "evidence-centers"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.features.values.empty or evidence.frame("picks").empty:
            return no_models(evidence)
        rows = evidence.frame("center_signal")
        if not len(rows.columns):
            reason = _why_not(evidence)
            if reason:
                return Outcome("not_applicable", f"The centers cannot be told apart: {reason}.")
            return not_computed("Whether the center can be told from the features")
        table = rows.assign(features=rows["features"].map(_NAMES))[_COLUMNS]
        judged = _seen_by_models(rows).dropna(subset=["p"])
        if judged.empty:
            whys = "; ".join(dict.fromkeys(rows["reason"].dropna()))
            return Outcome("not_applicable", f"The centers cannot be told apart: {whys}.", table=table)
        numbers = "; ".join(_told(row) for _, row in rows.dropna(subset=["p"]).iterrows())
        message = f"{_WHAT}: {numbers}.{_left_out(judged)}"
        told = judged[judged["p"] < 0.05]
        if told.empty:
            return Outcome(
                "passed",
                f"Not shown that the center can be told. {message} An AUC above {_limits(judged)} would have "
                "been a finding; below it a difference between the centers may be there and unseen.",
                table=table,
            )
        return Outcome(
            "finding",
            f"The center can be told from {joined(_NAMES[name] for name in told['features'])}. {message} "
            "This alone harms no model: it does where centers and labels are entangled (SGA043), and it says "
            "that a new center may look different again.",
            remedy="Judge models by pairs of the same center (SGA044), and ask for a new center's own patients "
            "before use; ComBat can take away what its own centers have in common, not what a new one brings.",
            table=table,
        )


def _why_not(evidence: Evidence) -> str:
    """Why the centers cannot be told apart whatever the features; empty where they can be tried."""
    cases = evidence.study.cases()
    known = cases[cases["image_id"].isin(evidence.features.values.index)].drop_duplicates("patient_id")
    return stats.group_centers(known["center"]).reason


def _seen_by_models(rows: pd.DataFrame) -> pd.DataFrame:
    """The sets of features that models of the analysis see first: after ComBat where that was applied."""
    shown = {"harmonized", "deep"} if (rows["features"] == "harmonized").any() else {"radiomics", "deep"}
    return rows[rows["features"].isin(shown)]


def _told(row: pd.Series) -> str:
    name = _NAMES[row["features"]]
    return (
        f"{name} {row['auc']:.2f} (p = {row['p']:.3f}, {int(row['permutations'])} permutations; "
        f"{int(row['n_patients'])} patients of {int(row['n_centers'])} centers; chance "
        f"{row['chance_median']:.2f}, and {row['chance_95']:.2f} in one case of twenty)"
    )


def _left_out(judged: pd.DataFrame) -> str:
    text = ""
    for column, verb in (
        ("merged", "Taken together as one, being small"),
        ("left_out", "Left out, being too small"),
    ):
        names = sorted({name for name in judged[column].dropna() if name})
        if names:
            text += f" {verb}: {'; '.join(names)}."
    return text


def _limits(judged: pd.DataFrame) -> str:
    return joined(f"{row.chance_95:.2f} ({_NAMES[row.features]})" for row in judged.itertuples())
