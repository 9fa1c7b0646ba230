"""SGP010: how wide is the interval of each AUC?"""

from __future__ import annotations

from math import isnan
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper, ReportedAuc, ReportedSet
from sgcore.audit.published.splits import UNITS, ClassSplit, assumed_text, class_split, held_out
from sgcore.domain import Severity

#: A printed interval narrower than this share of the one by patient leaves something out.
NARROW = 0.8


class AucIntervals:
    """Hanley and McNeil's interval of each AUC by image and by patient, over all plausible class splits."""

    code = "SGP010"
    title = "AUCs without an interval, or with one that is too narrow"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows, splits = [], {}
        for auc in paper.aucs:
            of = paper.set_named(auc.set)
            for unit in UNITS:
                split = class_split(paper, of, unit)
                if split is not None and auc.unit in (None, unit):
                    rows.append(_row(auc, of, split))
                    splits[auc.set, unit] = split
        if not rows:
            return not_applicable("No AUC is given of a set whose number of patients or images is known.")
        unprinted = [auc for auc in paper.aucs if auc.interval is None]
        narrow = [row for row in rows if row["too_narrow"]]
        values = {"aucs": len(paper.aucs), "without_interval": len(unprinted), "rows": rows}
        shown = _shown(paper, rows)
        text = (
            f"{_lead(shown)} No interval is printed for {len(unprinted)} of {len(paper.aucs)} AUCs."
            + "".join(
                f" {row['model']} on {row['set']}: the printed interval is {row['printed_width']:.3f} wide, "
                f"that by {row['unit']} {row['ci_high'] - row['ci_low']:.3f}."
                for row in narrow
            )
        )
        assumed = assumed_text([splits[row["set"], row["unit"]] for row in shown])
        assumption = "Cases are independent, which images of one patient are not." + (
            f" {assumed} Over these splits {_span(shown)}." if assumed else ""
        )
        if not unprinted and not narrow:
            text += (
                f" A printed interval below {NARROW:.0%} of the width from its class counts would have shown."
            )
            return Answer("passed", text, assumption, "", values)
        remedy = (
            "Print the 95% interval of every AUC, clustered by patient, beside the class counts of each set."
        )
        return Answer("finding", text, assumption, remedy, values)


def _row(auc: ReportedAuc, of: ReportedSet, split: ClassSplit) -> dict[str, Any]:
    found = stats.auc_from_counts(auc.value.value, split.n_pos, split.n_neg)
    others = [stats.auc_from_counts(auc.value.value, *counts) for counts in split.some_plausible()]
    printed = None if auc.interval is None else auc.interval[1].value - auc.interval[0].value
    narrowest = min(each.ci_high - each.ci_low for each in others)
    # An interval by image may be narrower than one by patient and right, where the paper says that it is by image.
    counted = split.unit == "patient" or auc.unit == "image" or of.patients is None
    return {
        "set": auc.set,
        "role": of.role,
        "model": auc.model,
        "unit": split.unit,
        "auc": auc.value.value,
        "printed": auc.value.text,
        "n_pos": split.n_pos,
        "n_neg": split.n_neg,
        "split": split.source,
        "se": None if isnan(found.se) else found.se,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "lowest_low": min(each.ci_low for each in others),
        "highest_high": max(each.ci_high for each in others),
        "printed_width": printed,
        "too_narrow": counted and printed is not None and printed < NARROW * narrowest,
    }


def _shown(paper: Paper, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the highest AUC on the first held-out set, else of the first AUC of all."""
    for each in held_out(paper):
        best = paper.aucs_on(each.name)[0]
        found = [row for row in rows if row["set"] == each.name and row["model"] == best.model]
        if found:
            return found
    return [row for row in rows if (row["set"], row["model"]) == (rows[0]["set"], rows[0]["model"])]


def _lead(shown: list[dict[str, Any]]) -> str:
    first = shown[0]
    parts = [
        ("" if row["se"] is None else f"SE {row['se']:.3f}, ")
        + f"95% interval {row['ci_low']:.3f} to {row['ci_high']:.3f} by {row['n_pos'] + row['n_neg']} {row['unit']}s "
        + f"({row['n_pos']} and {row['n_neg']})"
        for row in shown
    ]
    return f"{first['model']} on the set {first['set']!r}, AUC {first['printed']}: {'; '.join(parts)}."


def _span(shown: list[dict[str, Any]]) -> str:
    parts = [
        f"the limits by {row['unit']} lie between {row['lowest_low']:.3f} and {row['highest_high']:.3f}"
        for row in shown
    ]
    return " and ".join(parts)
