"""SGP012: can the set give the printed AUCs at all, and by patient or by image?"""

from __future__ import annotations

from typing import Any

from sgcore import stats
from sgcore.audit.published.answer import Answer, not_applicable
from sgcore.audit.published.paper import Paper, ReportedAuc, ReportedSet
from sgcore.audit.published.splits import UNITS
from sgcore.domain import Severity, Unit

#: From this size on the grid of most splits is finer than any printed digits.
MOST = 400


class AucGrid:
    """Every class split of a set that gives all of its AUCs, by patient and by image, rounded and truncated."""

    code = "SGP012"
    title = "AUCs that the cases cannot give"
    severity: Severity = "warning"

    def run(self, paper: Paper) -> Answer:
        rows = [
            _row(each, unit, rounding, aucs)
            for each in paper.sets
            for unit in UNITS
            if (aucs := [auc for auc in paper.aucs_on(each.name) if auc.unit in (None, unit)])
            and 2 <= (each.cases(unit) or 0) <= MOST
            for rounding in stats.ROUNDINGS
        ]
        if not rows:
            return not_applicable(
                f"No AUC is given of a set with 2 to {MOST} patients or images; of larger "
                "sets the grid is finer than the digits."
            )
        values = {"rows": rows}
        texts, impossible = [], False
        for name in dict.fromkeys(row["set"] for row in rows):
            known = {(row["unit"], row["rounding"]): row for row in rows if row["set"] == name}
            nothing = _nothing_fits(paper, name, known)
            if nothing or _by_image_alone(known):
                texts.append(_text(name, known))
            impossible |= nothing
        assumption = (
            "AUCs are areas under empirical curves of all cases: whole numbers of half pairs of a positive and a "
            "negative case. A smoothed curve, or cases that were left out, have another grid."
        )
        if not texts:
            text = (
                "Some class split of every set gives all of its AUCs, by a unit that they may have and rounded or cut "
                f"off. {_power(rows)}"
            )
            return Answer("passed", text, assumption, "", values)
        remedy = "Say whether AUCs are by patient or by image, and print the class counts of each set."
        return Answer(
            "finding", " ".join(texts), assumption, remedy, values, severity="error" if impossible else None
        )


def _row(of: ReportedSet, unit: Unit, rounding: stats.Rounding, aucs: list[ReportedAuc]) -> dict[str, Any]:
    n, printed = of.cases(unit) or 0, of.positives(unit)
    # A split and its mirror image have one grid, so that half of them are enough.
    tried = [printed] if printed is not None and not of.split_assumed else list(range(1, n // 2 + 1))
    stated = [auc for auc in aucs if auc.unit is not None]

    def giving(wanted: list[ReportedAuc]) -> list[int]:
        return [k for k in tried if all(stats.on_auc_grid(auc.value, k, n - k, rounding) for auc in wanted)]

    return {
        "set": of.name,
        "unit": unit,
        "rounding": rounding,
        "n": n,
        "aucs": [auc.value.text for auc in aucs],
        "splits_tried": len(tried),
        "splits": giving(aucs),
        "unit_printed": len(stated),
        "unit_printed_possible": bool(giving(stated)),
    }


#: Rows of one set by unit and rounding.
Known = dict[tuple[Unit, stats.Rounding], dict[str, Any]]


def _nothing_fits(paper: Paper, name: str, known: Known) -> bool:
    """Whether AUCs of a printed unit fit no split of it, or those of any unit no split of either."""
    for unit in dict.fromkeys(unit for unit, _ in known):
        if not any(known[unit, rounding]["unit_printed_possible"] for rounding in stats.ROUNDINGS):
            return True
    loose = any(len(row["aucs"]) > row["unit_printed"] for row in known.values())
    # On a finer grid than that of MOST cases every AUC is possible.
    finer = any((paper.set_named(name).cases(unit) or 0) > MOST for unit in UNITS)
    return loose and not finer and not any(row["splits"] for row in known.values())


def _by_image_alone(known: Known) -> bool:
    """Whether images give AUCs of no printed unit and patients, as AUCs are mostly printed (rounded), do not.

    That cutting off would ask for images says nothing: hardly any paper does it.
    """
    rounded = known.get(("patient", "rounded"))
    loose = rounded is not None and len(rounded["aucs"]) > rounded["unit_printed"]
    return bool(loose and rounded and not rounded["splits"] and _ways_by_image(known))


def _ways_by_image(known: Known) -> list[stats.Rounding]:
    """The ways of printing under which images give the AUCs and patients do not."""
    return [
        way
        for way in stats.ROUNDINGS
        if ("image", way) in known and ("patient", way) in known
        if known["image", way]["splits"] and not known["patient", way]["splits"]
    ]


def _text(name: str, known: Known) -> str:
    parts = []
    units = list(dict.fromkeys(unit for unit, _ in known))
    lists = {unit: ", ".join(known[unit, "rounded"]["aucs"]) for unit in units}
    same = len(set(lists.values())) == 1
    for unit in units:
        rounded, cut = known[unit, "rounded"], known[unit, "truncated"]
        parts.append(
            f"{rounded['n']} {unit}s{'' if same else f' ({lists[unit]})'}: {_splits(rounded)} if the AUCs were "
            f"rounded, {_splits(cut)} if they were cut off"
        )
    aucs = lists[units[0]] if same else "its AUCs"
    words: dict[stats.Rounding, str] = {"rounded": "rounded", "truncated": "cut off"}
    told = [words[way] for way in _ways_by_image(known)] if _by_image_alone(known) else []
    by_image = f" AUCs that were {' or '.join(told)} were therefore computed by image." if told else ""
    return f"Class splits of {name!r} that give {aucs} at once: {'; '.join(parts)}.{by_image}"


def _splits(row: dict[str, Any]) -> str:
    fits, tried = row["splits"], row["splits_tried"]
    if not fits:
        return f"none of {tried}"
    if len(fits) <= 3:
        return " or ".join(f"{k} and {row['n'] - k}" for k in fits)
    return f"{len(fits)} of {tried}"


def _power(rows: list[dict[str, Any]]) -> str:
    """How much of all three-digit values the smallest set could have refused."""
    row = min(rows, key=lambda each: each["n"])
    k = row["n"] // 2
    on = sum(
        stats.on_auc_grid(stats.parse_printed(f"{i / 1000:.3f}"), k, row["n"] - k, "rounded")
        for i in range(500, 1001)
    )
    return f"With {k} and {row['n'] - k} {row['unit']}s {on / 501:.0%} of all three-digit AUCs are possible."
