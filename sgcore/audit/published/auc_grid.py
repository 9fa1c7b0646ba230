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
            units = [unit for unit in UNITS if (unit, "rounded") in known]
            fits = {u: {r: bool(known[u, r]["splits"]) for r in stats.ROUNDINGS} for u in units}
            impossible |= not any(any(each.values()) for each in fits.values())
            if not all(all(each.values()) for each in fits.values()):
                texts.append(_text(name, known, units))
        assumption = (
            "AUCs are areas under empirical curves of all cases: whole numbers of half pairs of a positive and a "
            "negative case. A smoothed curve, or cases that were left out, have another grid."
        )
        if not texts:
            text = f"Some class split of every set gives all of its AUCs. {_power(rows)}"
            return Answer("passed", text, assumption, "", values)
        remedy = "Say whether AUCs are by patient or by image, and print the class counts of each set."
        return Answer(
            "finding", " ".join(texts), assumption, remedy, values, severity="error" if impossible else None
        )


def _row(of: ReportedSet, unit: Unit, rounding: stats.Rounding, aucs: list[ReportedAuc]) -> dict[str, Any]:
    n, printed = of.cases(unit) or 0, of.positives(unit)
    # A split and its mirror image have one grid, so that half of them are enough.
    tried = [printed] if printed is not None and not of.split_assumed else list(range(1, n // 2 + 1))
    fits = [k for k in tried if all(stats.on_auc_grid(auc.value, k, n - k, rounding) for auc in aucs)]
    return {
        "set": of.name,
        "unit": unit,
        "rounding": rounding,
        "n": n,
        "aucs": [auc.value.text for auc in aucs],
        "splits_tried": len(tried),
        "splits": fits,
    }


def _text(name: str, known: dict[tuple[str, str], dict[str, Any]], units: list[Unit]) -> str:
    parts = []
    for unit in units:
        rounded, cut = known[unit, "rounded"], known[unit, "truncated"]
        parts.append(
            f"{rounded['n']} {unit}s: {_splits(rounded)} if the AUCs were rounded, {_splits(cut)} if they were cut off"
        )
    aucs = ", ".join(known[units[0], "rounded"]["aucs"])
    return f"Class splits of {name!r} that give {aucs} at once: {'; '.join(parts)}.{_by_image(known, units)}"


def _by_image(known: dict[tuple[str, str], dict[str, Any]], units: list[Unit]) -> str:
    """What follows where images give the AUCs and patients do not."""
    if units != list(UNITS):
        return ""
    ways = {"rounded": "rounded", "truncated": "cut off"}
    told = [
        way
        for key, way in ways.items()
        if known["image", key]["splits"] and not known["patient", key]["splits"]
    ]
    return f" AUCs that were {' or '.join(told)} were therefore computed by image." if told else ""


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
