"""Tables of predictions that nobody should be asked to guess at; each is refused with its place."""

from __future__ import annotations

from typing import NamedTuple

from sgcore.cohort import Roles

#: Roles of every table here.
HOSTILE_ROLES = Roles("y", ("a", "b"), "1", "patient", "center")
_ROWS = [
    [
        f"P{n // 2}",
        "N" if n < 6 else "S",
        str(n // 2 % 2),
        f"{n % 7 / 10 + 0.05:.2f}",
        f"{n % 5 / 10 + 0.03:.2f}",
    ]
    for n in range(12)
]
_HEADER = ["patient", "center", "y", "a", "b"]


class Hostile(NamedTuple):
    """A table, and the problem that is to be named: part of its rule and fix, row, column and value."""

    content: str
    rule: str
    row: int | None
    column: str | None
    value: str | None
    fix: str


def _text(separator: str = ",", header: list[str] | None = None, **cells: str) -> str:
    """The usual table, with the given texts in row 4 of the file."""
    rows = [_HEADER if header is None else header, *_ROWS]
    rows[3] = [cells.get(name, text) for name, text in zip(_HEADER, rows[3], strict=True)]
    return "".join(separator.join(row) + "\n" for row in rows)


def _wide(columns: int) -> str:
    more = [f"x{n}" for n in range(columns - len(_HEADER))]
    rows = [[*_HEADER, *more], *([*row, *["1"] * len(more)] for row in _ROWS[:3])]
    return "".join(",".join(row) + "\n" for row in rows)


def _one_class() -> str:
    return "".join(",".join(row) + "\n" for row in [_HEADER, *([*row[:2], "1", *row[3:]] for row in _ROWS)])


HOSTILE = {
    "header only": Hostile(",".join(_HEADER) + "\n", "a header and no rows", 1, None, None, "Add the rows"),
    "decimal comma": Hostile(_text(a='"0,25"'), "a decimal comma where", 4, "a", "0,25", "Write 0.25"),
    "thousands": Hostile(_text(";", a="1.234,5"), "text where a number", 4, "a", "1.234,5", "Write a number"),
    "byte order mark": Hostile("\ufeff" + _text(a="n.d."), "text where a number", 4, "a", "n.d.", "Write a"),
    "huge number": Hostile(
        _text(a="9" * 5000), "a number of 5,000 characters", 4, "a", "9" * 199 + "…", "shorter"
    ),
    "percent": Hostile(_text(a="25 %"), "a percentage where", 4, "a", "25 %", "Write 0.87"),
    "infinite": Hostile(_text(b="-inf"), "the value is infinite", 4, "b", "-inf", "Leave the cell empty"),
    "beyond floats": Hostile(
        _text(b="1e400"), "the value is infinite", 4, "b", "1e400", "Leave the cell empty"
    ),
    "other digits": Hostile(_text(b="١٢"), "text where a number", 4, "b", "١٢", "Write a number"),
    "terminal": Hostile(_text(b="\x1b[31m1"), "text where a number", 4, "b", "\x1b[31m1", "Write a number"),
    "label as 0_1": Hostile(_text(y="0_1"), "neither of the two", 4, "y", "0_1", "Labels are '0' and '1'"),
    "label is no number": Hostile(_text(y="nan"), "the label is empty", 4, "y", "nan", "Fill it in"),
    "patient missing": Hostile(_text(patient=""), "the identifier is empty", 4, "patient", "", "Fill it in"),
    "two centers": Hostile(
        _text(center="1"), "patient 'P1' has two centers", 5, "center", "N", "Correct one"
    ),
    "one class": Hostile(_one_class(), "all 12 cases are positive", 1, "y", "1", "both classes"),
    "a column twice": Hostile(
        _text(header=["patient", "center", "y", "a", "a"]), "stands twice", 1, "a", "a", "Rename"
    ),
    "ten thousand columns": Hostile(
        _wide(10_000), "the table has 10,000 columns", 1, None, None, "Remove columns"
    ),
    "separator line": Hostile(
        "sep=;\n" + _text(";"), "a note for Excel", 1, None, "sep=;", "Remove this line"
    ),
}
