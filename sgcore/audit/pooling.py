"""SGA044: does the pooled external AUC borrow from the centers' prevalence?"""

from __future__ import annotations

import pandas as pd

from sgcore.audit.check import Evidence, Outcome
from sgcore.audit.reported import between, joined, no_models, without_estimate
from sgcore.domain import Severity

_COLUMNS = [
    "family", "classifier", "unit", "delta", "ci_low", "ci_high", "auc", "ci_low_all", "ci_high_all", "within",
    "ci_low_same", "ci_high_same", "centers_alone", "n_pairs", "n_same", "n_patients", "left_out", "reason",
]  # fmt: skip
_WHAT = (
    "Where one center has more positive patients than another, a score that only tells the centers apart "
    "ranks pairs from two centers well. Pairs of the same center cannot be ranked so."
)


class BorrowedFromPrevalence:
    """The AUC of all pairs less that of pairs of the same center, with the interval of this paired difference.

    It is a finding where that interval lies above 0, and where pairs of the same center do not show what all pairs
    show, an AUC above 0.5, while the interval of all pairs holds the AUC that the centers' shares of positives alone
    would give, or lies below it.
    """

    code = "SGA044"
    title = "The pooled external AUC borrows from the centers"
    severity: Severity = "warning"
    page = "evidence-centers"

    def run(self, evidence: Evidence) -> Outcome:
        if evidence.frame("picks").empty:
            return no_models(evidence)
        rows = evidence.frame("borrowed")
        if rows.empty:
            return Outcome("not_applicable", "The study has no external set.")
        rows = _with_intervals(rows, evidence)[_COLUMNS]
        known = rows[rows["delta"].notna()]
        aside = without_estimate(rows[rows["delta"].isna()])
        if known.empty:
            return Outcome("not_applicable", f"There is nothing to compare.{aside}", table=rows)
        higher = known["ci_low"] > 0
        unseen = (
            (known["ci_low_all"] > 0.5)
            & ~(known["ci_low_same"] > 0.5)
            & (known["centers_alone"] >= known["ci_low_all"])
        )
        first = known.iloc[0]
        told = (
            f"{_WHAT} {int(first['n_same'])} of {int(first['n_pairs'])} pairs of a positive and a negative "
            f"{first['unit']} are of the same center ({int(first['n_patients'])} external patients); a score "
            f"that knows the center and nothing else could have an AUC of {first['centers_alone']:.2f} "
            f"here.{_one_label(first)} All pairs against pairs of the same center: "
            f"{'; '.join(_told(row) for _, row in known.iterrows())}.{aside}"
        )
        bad = known[higher | unseen]
        if bad.empty:
            if (known["ci_low"].isna() & ~(known["ci_low_same"] > 0.5)).all():
                return Outcome("not_applicable", f"No difference has an interval. {told}", table=rows)
            return Outcome("passed", f"Not shown to borrow. {told} {_detectable(known)}", table=rows)
        parts = []
        if higher.any():
            parts.append(
                f"The pooled AUC of {joined(known.loc[higher, 'family'])} is higher than pairs within "
                "centers bear out."
            )
        if (unseen & ~higher).any():
            parts.append(
                f"The pooled AUC of {joined(known.loc[unseen & ~higher, 'family'])} is above 0.5, that of "
                "pairs of the same center is not shown to be, and the centers alone could account for it."
            )
        return Outcome(
            "finding",
            f"{' '.join(parts)} {told}",
            remedy="Quote the AUC of pairs of the same center, or each center's own, and name the share of "
            "positives of each center.",
            table=rows,
        )


def _with_intervals(rows: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """With the intervals of both AUCs, as ``evaluations`` has them."""
    known = evidence.frame("evaluations")
    known = known[(known["subset"] == "external") & known["center"].isna()]
    names = {
        "ci_low": "ci_low_all",
        "ci_high": "ci_high_all",
        "within_center_low": "ci_low_same",
        "within_center_high": "ci_high_same",
    }
    keys = ["family", "classifier", "unit"]
    known = known.reindex(columns=[*keys, *names]).rename(columns=names)
    return rows.merge(known, on=keys, how="left", validate="one_to_one")


def _told(row: pd.Series) -> str:
    return (
        f"{row['family']} ({row['classifier']}) {row['auc']:.2f} "
        f"({between(row['ci_low_all'], row['ci_high_all'])}) against {row['within']:.2f} "
        f"({between(row['ci_low_same'], row['ci_high_same'])}), difference {row['delta']:+.2f} "
        f"({between(row['ci_low'], row['ci_high'])})"
    )


def _one_label(row: pd.Series) -> str:
    return f" One label only, so no pair of their own: {row['left_out']}." if row["left_out"] else ""


def _detectable(known: pd.DataFrame) -> str:
    half = ((known["ci_high"] - known["ci_low"]) / 2).median()
    if pd.isna(half):
        return "Pairs of the same center show an AUC above 0.5 by themselves."
    return f"At this number of cases a difference of about {half:.2f} would have been a finding."
