"""SGP090: which figures of the paper cannot be checked, and why?"""

from __future__ import annotations

from collections.abc import Iterator

from sgcore.audit.published.answer import Answer
from sgcore.audit.published.paper import HELD_OUT, Paper
from sgcore.audit.published.point_and_auc import sensitivity_of
from sgcore.domain import Severity

#: A p below such a limit says as much as its value would.
SMALL_P = 0.001


class Unchecked:
    """A line a figure, or a kind of figure, that the printed numbers leave open."""

    code = "SGP090"
    title = "Figures that cannot be checked"
    severity: Severity = "note"

    def run(self, paper: Paper) -> Answer:
        rows = [{"figure": figure, "why": why} for figure, why in _open(paper)]
        if not rows:
            return Answer(
                "passed", "Every reported figure could be checked; a missing one would have been listed."
            )
        by_reason: dict[str, list[str]] = {}
        for row in rows:
            by_reason.setdefault(row["why"], []).append(row["figure"])
        text = " ".join(f"{', '.join(figures)}: {why}." for why, figures in by_reason.items())
        remedy = (
            "Ask the authors for these numbers; predictions by patient (`sgaudit compare`) would answer most."
        )
        return Answer(
            "finding", text, "What is not in the file is taken as not reported.", remedy, {"rows": rows}
        )


def _open(paper: Paper) -> Iterator[tuple[str, str]]:
    for each in paper.sets:
        if not paper.aucs_on(each.name):
            continue
        if each.patients is None:
            yield f"AUCs on {each.name!r} by patient", "the number of patients is not given"
        if each.split_assumed or (each.patients_positive is None and each.images_positive is None):
            yield f"Class counts of {each.name!r}", "the paper does not print them"
    unit = sum(auc.unit is None for auc in paper.aucs)
    if unit:
        yield f"Unit of {unit} of {len(paper.aucs)} AUCs", "by patient or by image is not said"
    points = {(p.set, p.model) for p in paper.proportions if sensitivity_of(p) and p.specificity}
    missing = [
        a for a in paper.aucs if paper.set_named(a.set).role in HELD_OUT and (a.set, a.model) not in points
    ]
    if missing:
        names = ", ".join(dict.fromkeys(auc.model for auc in missing))
        yield (
            f"Sensitivity and specificity of {names}",
            "not given for every held-out set, so that no case was counted",
        )
    inexact = [
        f"{row.a} against {row.b}"
        for row in paper.comparisons
        if row.p.relation != "=" and row.p.value > SMALL_P
    ]
    if inexact:
        yield f"p of {', '.join(inexact)}", "only a limit is given"
    if not paper.comparisons and len({auc.model for auc in paper.aucs}) > 1:
        yield "Differences between models", "no p value is given"
    if not paper.picks:
        yield "What was picked where", "the file names no picks"
    yield from _development(paper)


def _development(paper: Paper) -> Iterator[tuple[str, str]]:
    made = paper.development
    if made is None or made.events is None or made.events_assumed:
        yield "Events in the development", "the paper does not print their number"
