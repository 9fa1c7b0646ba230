"""SGP014: does a reported sensitivity and specificity leave room for the reported AUC?"""

from __future__ import annotations

from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper, ReportedAuc, ReportedProportions
from sgcore.domain import Severity


class PointAndAuc:
    """Bounds of the AUC of every curve through the point, and of one without a dent."""

    code = "SGP014"
    title = "An AUC that its own sensitivity and specificity exclude"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        rows = [
            row
            for point in paper.proportions
            for auc in paper.aucs
            if (auc.set, auc.model) == (point.set, point.model)
            and (auc.unit is None or point.unit is None or auc.unit == point.unit)
            and (row := _row(point, auc)) is not None
        ]
        if not rows:
            return not_applicable("No model has an AUC, a sensitivity and a specificity on the same set.")
        values = {"rows": rows}
        outside = [row for row in rows if not row["possible"]]
        dented = [row for row in rows if row["possible"] and not row["concave"]]
        assumption = (
            "The point and the AUC are of the same scores and cases. That the curve has no dent is an assumption "
            "of its own: curves of few cases have dents."
        )
        if outside:
            text = " ".join(_text(row, "low", "high", "any curve through the point has") for row in outside)
            return Answer(
                "finding", text, assumption, "Ask for the ROC curve with its operating point.", values
            )
        text = f"All {len(rows)} AUC(s) lie within the bounds of curves through their point; others would have shown."
        if dented:
            text += " Only a curve with a dent gives: " + " ".join(
                _text(row, "concave_low", "concave_high", "one without a dent has") for row in dented
            )
        return Answer("passed", text, assumption, "", values)


def sensitivity_of(point: ReportedProportions) -> stats.Printed | None:
    """Sensitivity, under either of its names."""
    return point.sensitivity or point.recall


def _row(point: ReportedProportions, auc: ReportedAuc) -> dict[str, Any] | None:
    """The bounds beside the AUC; None where the point has one coordinate only."""
    sensitivity, specificity, value = sensitivity_of(point), point.specificity, auc.value
    if sensitivity is None or specificity is None:
        return None
    found = stats.roc_bounds(sensitivity.value, specificity.value)
    # Each of the three was printed with so many digits: half a step of each, and the bounds move by no more.
    slack = float(sensitivity.step + specificity.step + value.step)
    concave = found.concave_low is None or (
        found.concave_low - slack <= value.value <= (found.concave_high or 1) + slack
    )
    return {
        "set": auc.set,
        "model": auc.model,
        "auc": value.value,
        "sensitivity": sensitivity.value,
        "specificity": specificity.value,
        "low": found.low,
        "high": found.high,
        "concave_low": found.concave_low,
        "concave_high": found.concave_high,
        "possible": found.low - slack <= value.value <= found.high + slack,
        "concave": concave,
    }


def _text(row: dict[str, Any], low: str, high: str, which: str) -> str:
    return (
        f"{row['model']} on {row['set']!r}: sensitivity {row['sensitivity']:.3f} and specificity "
        f"{row['specificity']:.3f}; {which} an AUC of {row[low]:.3f} to {row[high]:.3f}, reported is {row['auc']:.3f}."
    )
