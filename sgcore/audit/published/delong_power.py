"""SGP022: which differences between models could a DeLong test find at this size?"""

from __future__ import annotations

from itertools import groupby
from math import isnan
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper, ReportedComparison
from sgcore.audit.published.splits import UNITS, assumed_text, class_split, held_out, strictest
from sgcore.domain import Severity

CORRELATIONS = (0.3, 0.5, 0.7)


class DelongPower:
    """The detectable difference on each held-out set, and the correlation that each printed p needs."""

    code = "SGP022"
    title = "Differences between models that the set is too small to find"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows, texts, splits = [], [], []
        for each in held_out(paper):
            split, aucs = strictest(paper, each), paper.aucs_on(each.name)
            best = aucs[0].value.value
            if split is None or len(aucs) < 2 or not 0 < best < 1:
                continue
            gap = best - aucs[1].value.value
            found = [
                stats.detectable_difference(best, split.n_pos, split.n_neg, correlation=rho)
                for rho in CORRELATIONS
            ]
            row = {
                "set": each.name,
                "unit": split.unit,
                "n_pos": split.n_pos,
                "n_neg": split.n_neg,
                "best": aucs[0].model,
                "second": aucs[1].model,
                "difference": gap,
                "detectable": {
                    str(rho): None if isnan(one.difference) else one.difference
                    for rho, one in zip(CORRELATIONS, found, strict=True)
                },
                "too_small": not gap >= found[-1].difference,
            }
            rows.append(row)
            splits.append(split)
            texts.append(_text(row))
        comparisons = [row for pair in paper.comparisons for row in _needed(paper, pair)]
        if not rows and not comparisons:
            return not_applicable("No held-out set with a known number of cases has two AUCs.")
        texts += [
            _said(list(each))
            for _, each in groupby(comparisons, key=lambda row: (row["set"], row["a"], row["b"]))
        ]
        values = {"power": 0.8, "rows": rows, "comparisons": comparisons}
        impossible = [row for row in comparisons if row["impossible"]]
        assumed = assumed_text(splits)
        assumption = (
            "A two-sided test at 0.05 with 80% power, Hanley and McNeil's standard errors for DeLong's, and a "
            f"correlation of the two AUCs of 0.3, 0.5 or 0.7, which the paper does not report. {assumed}"
        ).strip()
        if impossible or any(row["too_small"] for row in rows):
            remedy = (
                'Say "too few patients to tell" where p is above 0.05, never "no difference"; print differences with '
                "intervals."
            )
            severity: Severity | None = "error" if impossible else None
            return Answer("finding", " ".join(texts), assumption, remedy, values, severity)
        return Answer("passed", " ".join(texts), assumption, "", values)


def _text(row: dict[str, Any]) -> str:
    limits = " / ".join("none" if d is None else f"{d:.3f}" for d in row["detectable"].values())
    return (
        f"On {row['set']!r} ({row['n_pos']} and {row['n_neg']} {row['unit']}s) a test finds differences of {limits} "
        f"from {row['best']}'s AUC at a correlation of 0.3 / 0.5 / 0.7; {row['second']}, the next, is "
        f"{row['difference']:.3f} away."
    )


def _needed(paper: Paper, pair: ReportedComparison) -> list[dict[str, Any]]:
    """The correlation that a printed p needs, with the units whose counts are known."""
    p = pair.p
    rows = []
    for unit in UNITS:
        known = {auc.model: auc.value.value for auc in paper.aucs_on(pair.set) if auc.unit in (None, unit)}
        split = class_split(paper, paper.set_named(pair.set), unit)
        if split is None or not {pair.a, pair.b} <= set(known):
            continue
        a, b = known[pair.a], known[pair.b]
        needed = stats.correlation_for_p(a, b, split.n_pos, split.n_neg, p.value)
        if isnan(needed):
            continue
        too_small, too_large = needed > 1 and p.relation != ">", needed < -1 and p.relation != "<"
        rows.append(
            {
                "set": pair.set,
                "a": pair.a,
                "b": pair.b,
                "p": p.text,
                "relation": p.relation,
                "limit": p.value,
                "unit": split.unit,
                "difference": a - b,
                "correlation_needed": needed,
                "printed_split": split.source == "printed",
                # With an assumed class split other counts may do.
                "impossible": (too_small or too_large) and split.source == "printed",
            }
        )
    return rows


def _said(rows: list[dict[str, Any]]) -> str:
    """One pair: the correlation at which its p holds, by each unit."""
    first = rows[0]
    sign = first["relation"]
    how = {"<": "above", ">": "below", "=": "of"}[sign]
    places = []
    for row in rows:
        needed = row["correlation_needed"]
        if (sign == "<" and needed < -1) or (sign == ">" and needed > 1):
            places.append(f"any by {row['unit']}")
        elif sign == "<" and needed < 0:
            places.append(f"any that is not negative by {row['unit']}")
        elif abs(needed) > 1:
            places.append(f"none by {row['unit']} (it would have to be {needed:.2f})")
        else:
            places.append(f"one {how} {needed:.2f} by {row['unit']}")
    p = f"p {sign} {first['limit']:g}"
    return (
        f"{first['a']} against {first['b']} on {first['set']!r}: {p} needs a correlation of the two AUCs, "
        f"{', '.join(places)}."
    )
