"""SGP022: which differences between models could a DeLong test find at this size?"""

from __future__ import annotations

from itertools import groupby
from math import isnan
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.needed_correlation import needed_correlations, said_of_pair
from sgcore.audit.published.paper import Paper, ReportedComparison
from sgcore.audit.published.splits import assumed_text, held_out, one_a_model, strictest
from sgcore.domain import Severity, Status

CORRELATIONS = (0.3, 0.5, 0.7)
#: A difference between two AUCs that is taken to matter. Not the observed one: power at that repeats the p value.
RELEVANT = 0.1


class DelongPower:
    """The detectable difference on each held-out set, and the correlation that each printed p needs."""

    code = "SGP022"
    title = "Differences between models that the set is too small to find"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows, texts, splits = [], [], []
        for each in held_out(paper):
            split = strictest(paper, each)
            # A model may have an AUC by patient and one by image: those two are no difference between models.
            aucs = [] if split is None else one_a_model(paper, split)
            if split is None or len(aucs) < 2 or not 0 < (best := aucs[0].value.value) < 1:
                continue
            found = [
                stats.detectable_difference(best, split.n_pos, split.n_neg, correlation=rho)
                for rho in CORRELATIONS
            ]
            claimed = any(_not_significant(pair) for pair in paper.comparisons if pair.set == each.name)
            # A p above 0.05 claims something at any correlation; without one the set has the most favorable.
            judged = found[0 if claimed else -1]
            row = {
                "set": each.name,
                "unit": split.unit,
                "n_pos": split.n_pos,
                "n_neg": split.n_neg,
                "best": aucs[0].model,
                "second": aucs[1].model,
                "difference": best - aucs[1].value.value,
                "detectable": {
                    str(rho): None if isnan(one.difference) else one.difference
                    for rho, one in zip(CORRELATIONS, found, strict=True)
                },
                "not_significant_printed": claimed,
                "judged_at": judged.correlation,
                "too_small": not judged.difference <= RELEVANT,
            }
            rows.append(row)
            splits.append(split)
            texts.append(_text(row))
        comparisons = [row for pair in paper.comparisons for row in needed_correlations(paper, pair)]
        if not rows and not comparisons:
            return not_applicable(
                "No held-out set with a known number of cases has AUCs of two models by one unit."
            )
        texts += [
            said_of_pair(list(each))
            for _, each in groupby(comparisons, key=lambda row: (row["set"], row["a"], row["b"]))
        ]
        values = {"power": 0.8, "relevant": RELEVANT, "rows": rows, "comparisons": comparisons}
        assumed = assumed_text(splits)
        assumption = (
            "A two-sided test at 0.05 with 80% power, Hanley and McNeil's standard errors for DeLong's, and a "
            "correlation of the two AUCs of 0.3, 0.5 or 0.7, which the paper does not report. "
            f"A difference of {RELEVANT} is taken to matter. {assumed}"
        ).strip()
        remedies = []
        if any(row["too_small"] for row in rows):
            remedies.append(
                'Say "too few patients to tell" where p is above 0.05, never "no difference"; print differences with '
                "intervals."
            )
        if any(row["impossible"] for row in comparisons):
            remedies.append("Ask by which test and of which cases each p is.")
        status: Status = "finding" if remedies else "passed"
        return Answer(status, " ".join(texts), assumption, " ".join(remedies), values)


def _not_significant(pair: ReportedComparison) -> bool:
    """Whether a p that is printed is not below 0.05."""
    return pair.p.relation != "<" and pair.p.value >= 0.05


def _text(row: dict[str, Any]) -> str:
    limits = " / ".join("none" if d is None else f"{d:.3f}" for d in row["detectable"].values())
    size = (
        f"{'A p above 0.05 is printed: at' if row['not_significant_printed'] else 'At'} {row['judged_at']:g} the test "
        f"{'may miss' if row['too_small'] else 'finds'} a difference of {RELEVANT}."
    )
    return (
        f"On {row['set']!r} ({row['n_pos']} and {row['n_neg']} {row['unit']}s) a test finds differences of {limits} "
        f"from {row['best']}'s AUC at a correlation of 0.3 / 0.5 / 0.7; {row['second']}, the next, is "
        f"{row['difference']:.3f} away. {size}"
    )
