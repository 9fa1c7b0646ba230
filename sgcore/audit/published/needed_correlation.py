"""Which correlation of two AUCs a printed p value needs, by patient and by image, and whether there is one."""

from __future__ import annotations

from math import isnan
from typing import Any

from sgcore import stats
from sgcore.audit.published.paper import Paper, ReportedComparison
from sgcore.audit.published.splits import UNITS, class_split


def needed_correlations(paper: Paper, pair: ReportedComparison) -> list[dict[str, Any]]:
    """The correlation that a printed p needs, with the units whose counts are known.

    The pair is impossible where each unit that it may be of has printed class counts and none of them gives its p:
    a test by the other unit is nobody's error.
    """
    p = pair.p
    rows: list[dict[str, Any]] = []
    may_be = 0
    # An AUC whose unit is printed comes before one of the same model without.
    aucs = sorted(paper.aucs_on(pair.set), key=lambda auc: auc.unit is not None)
    for unit in UNITS:
        known = {auc.model: auc.value.value for auc in aucs if auc.unit in (None, unit)}
        if not {pair.a, pair.b} <= set(known):
            continue
        may_be += 1
        split = class_split(paper, paper.set_named(pair.set), unit)
        if split is None:
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
                "impossible_by_unit": (too_small or too_large) and split.source == "printed",
            }
        )
    impossible = len(rows) == may_be and all(row["impossible_by_unit"] for row in rows)
    return [row | {"impossible": impossible} for row in rows]


def said_of_pair(rows: list[dict[str, Any]]) -> str:
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
    none = (
        " No correlation does with Hanley and McNeil's standard errors, which only come near DeLong's."
        if first["impossible"]
        else ""
    )
    return (
        f"{first['a']} against {first['b']} on {first['set']!r}: {p} needs a correlation of the two AUCs, "
        f"{', '.join(places)}.{none}"
    )
