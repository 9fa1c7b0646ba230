"""SGP013: can each printed proportion be a whole number of cases (GRIM)?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper, ReportedProportions, ReportedSet
from sgcore.audit.published.splits import UNITS
from sgcore.domain import Severity, Unit

#: Beyond, a step of one case is smaller than what three digits show.
MOST = 300


class WholeCases:
    """One class split for all rows of a set, by patient and by image, rounded and truncated apart."""

    code = "SGP013"
    title = "Proportions that no whole number of cases gives"
    severity: Severity = "error"

    def run(self, paper: Paper) -> Answer:
        rows = [
            _row(each, unit, rounding, known)
            for each in paper.sets
            for unit in UNITS
            if (known := _of(paper, each, unit)) and 2 <= (each.cases(unit) or 0) <= MOST
            for rounding in stats.ROUNDINGS
        ]
        if not rows:
            return not_applicable(
                "No sensitivity, specificity, accuracy or other proportion is given of a set with a known number of at "
                f"most {MOST} patients or images."
            )
        values = {"rows": rows}
        names = list(dict.fromkeys(row["set"] for row in rows))
        bad = [name for name in names if _nothing_fits(paper, [row for row in rows if row["set"] == name])]
        texts = [_text([row for row in rows if row["set"] == name]) for name in bad or names]
        assumption = (
            "All rows of a set are of the same cases and were printed in the same way; a row without a unit may be by "
            "either, and a set whose class counts are assumed or not given may have any split."
        )
        if bad:
            remedy = (
                "Ask for the confusion matrices; a row may be of other cases, or a number may be misprinted."
            )
            return Answer("finding", " ".join(texts), assumption, remedy, values)
        text = " ".join(texts) + " A row that no split gives together with the others would have shown."
        return Answer("passed", text, assumption, "", values)


def _nothing_fits(paper: Paper, rows: list[dict[str, Any]]) -> bool:
    """Whether rows of a printed unit fit no split of it, or those of any unit no split of either."""
    for unit in dict.fromkeys(row["unit"] for row in rows):
        if not any(row["unit_printed_possible"] for row in rows if row["unit"] == unit):
            return True
    loose = any(row["models"] > row["unit_printed"] for row in rows)
    # Of more than MOST cases every proportion is possible.
    more = any((paper.set_named(rows[0]["set"]).cases(unit) or 0) > MOST for unit in UNITS)
    return loose and not more and not any(row["splits"] for row in rows)


@dataclass(frozen=True)
class _Measured:
    """A row that may be by the unit in question; ``stated`` where the paper says that it is."""

    model: str
    measures: dict[str, stats.Printed]
    stated: bool


def _of(paper: Paper, of: ReportedSet, unit: Unit) -> list[_Measured]:
    """Each row of a set that may be by ``unit``."""
    found = []
    for row in paper.proportions:
        if row.set == of.name and row.unit in (None, unit):
            measures = printed_measures(row)
            if measures:
                found.append(_Measured(row.model, measures, row.unit is not None))
    return found


def printed_measures(row: ReportedProportions) -> dict[str, stats.Printed]:
    """The measures that a row prints, by name."""
    return {name: value for name in stats.MEASURES if (value := getattr(row, name)) is not None}


def _row(of: ReportedSet, unit: Unit, rounding: stats.Rounding, known: list[_Measured]) -> dict[str, Any]:
    n, printed = of.cases(unit) or 0, of.positives(unit)
    tried = [printed] if printed is not None and not of.split_assumed else list(range(1, n))
    fits = [(each, {k for k in tried if _possible(each.measures, k, n - k, rounding)}) for each in known]
    stated = [of_row for each, of_row in fits if each.stated]
    return {
        "set": of.name,
        "unit": unit,
        "rounding": rounding,
        "n": n,
        "splits_tried": len(tried),
        "splits": sorted(set(tried).intersection(*(of_row for _, of_row in fits))),
        "models_alone_impossible": [each.model for each, of_row in fits if not of_row],
        "models": len(known),
        "unit_printed": len(stated),
        "unit_printed_possible": bool(set(tried).intersection(*stated)),
    }


def _possible(measures: dict[str, stats.Printed], n_pos: int, n_neg: int, rounding: stats.Rounding) -> bool:
    """Whether some table of calls prints all measures; of an accuracy alone the classes do not matter."""
    if set(measures) == {"accuracy"}:
        return len(stats.possible_counts(measures["accuracy"], n_pos + n_neg, rounding)) > 0
    return stats.tables_printing(measures, n_pos, n_neg, rounding)[0].size > 0


def _text(rows: list[dict[str, Any]]) -> str:
    parts = []
    for row in rows:
        how = "rounded" if row["rounding"] == "rounded" else "cut off"
        fits = ", ".join(map(str, row["splits"][:6])) + (" ..." if len(row["splits"]) > 6 else "")
        alone = row["models_alone_impossible"]
        parts.append(
            f"by {row['n']} {row['unit']}s, {how}: "
            + (f"with {fits} positive" if fits else f"none of {row['splits_tried']} class split(s)")
            + (f" ({', '.join(alone)} not even alone)" if alone else "")
        )
    first = rows[0]
    return f"Proportions of {first['models']} model(s) on {first['set']!r} at once, {'; '.join(parts)}."
