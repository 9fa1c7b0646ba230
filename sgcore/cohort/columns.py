"""From text to types, one column at a time: identifiers, numbers, dates, whatever else a table brings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from sgcore.cohort.ledger import Ledger, fold
from sgcore.cohort.text_table import TextTable, each

MISSING = {"", "na", "n/a", "nan", "null", "none"}
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DIGITS = re.compile(r"[+-]?[0-9]{400,}(?:[.,][0-9]*)?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def identifiers(
    table: TextTable,
    column: str,
    ledger: Ledger,
    *,
    unique: bool,
    twin: str = "Keep one row; one image has one mask",
) -> pd.Series:
    """Identifiers stay the text they are (``007``, ``1E5``, ``NA``); empty and twin ones are errors.

    ``unique`` makes a second row of an identifier an error; ``twin`` is its fix.
    """
    ids = table.cells[column]
    for row, value in each(ids[ids == ""]):
        ledger.error(table.file, "the identifier is empty", "Fill it in", row=row, column=column, value=value)
    first: dict[str, tuple[str, int]] = {}
    for row, value in each(ids):
        if value == "":
            continue
        other = first.setdefault(fold(value), (value, row))
        if other[0] != value:
            ledger.error(
                table.file,
                f"the identifier differs from {other[0]!r} in row {other[1]} only by case or Unicode form",
                "Write one person or image alike everywhere, or give another name",
                row=row,
                column=column,
                value=value,
            )
        elif unique and other[1] != row:
            ledger.error(
                table.file,
                f"the identifier stands already in row {other[1]}",
                twin,
                row=row,
                column=column,
                value=value,
            )
    return ids


def numbers(
    table: TextTable,
    column: str,
    ledger: Ledger,
    *,
    low: float = -np.inf,
    high: float = np.inf,
    what: str = "a number",
    above: bool = False,
) -> pd.Series:
    """Numbers of a column as float, NaN where the cell is empty or a word for missing.

    Text, infinity and values outside ``low`` to ``high`` (``above``: not ``low`` itself) are errors,
    each with its row.
    """
    text = table.cells[column]
    values = _parse(text, table.decimal_comma)
    too_low = values <= low if above else values < low
    for row in text.index[_no_numbers(text, values) | too_low | (values > high)]:
        rule, fix = _mistake(text[row], values[row], what)
        ledger.error(table.file, rule, fix, row=int(row), column=column, value=text[row])
    return values


def number_table(table: TextTable, names: list[str], ledger: Ledger) -> pd.DataFrame:
    """Many columns as :func:`numbers` reads one, without bounds, in one pass over all of their cells."""
    cells = table.cells[names]
    text = pd.Series(cells.to_numpy(dtype=object).ravel(order="F"), dtype="str")
    values = _parse(text, table.decimal_comma)
    for place in np.flatnonzero(_no_numbers(text, values)):
        column, row = divmod(int(place), len(cells))
        rule, fix = _mistake(text[place], values[place], "a number")
        ledger.error(
            table.file, rule, fix, row=int(cells.index[row]), column=names[column], value=text[place]
        )
    matrix = values.to_numpy().reshape(cells.shape, order="F")
    return pd.DataFrame(matrix, index=cells.index, columns=names)


def _no_numbers(text: pd.Series, values: pd.Series) -> pd.Series:
    """Cells that hold neither a finite number nor a word for missing."""
    return (values.isna() & ~text.str.lower().isin(MISSING)) | np.isinf(values)


def _mistake(value: str, number: float, what: str) -> tuple[str, str]:
    """Rule and fix of a cell that is not ``what``; ``number`` is what could be read, or NaN."""
    if value.endswith("%"):
        return f"a percentage where {what} is needed", "Write 0.87, not 87%"
    if np.isinf(number):
        return "the value is infinite", "Leave the cell empty, or correct the computation"
    if np.isnan(number) and _COMMA.fullmatch(value):
        fix = f"Write {value.replace(',', '.')}, or separate the columns by semicolons"
        return f"a decimal comma where {what} is needed", fix
    if not np.isfinite(number) and _DIGITS.fullmatch(value):
        return f"a number of {len(value):,} characters where {what} is needed", "Write it shorter, as 1.5e10"
    if np.isnan(number):
        return f"text where {what} is needed", "Write a number, or leave the cell empty"
    return f"{what} is needed", "Correct the value"


def other_columns(table: TextTable, known: Iterable[str], ledger: Ledger) -> pd.DataFrame:
    """The columns that a study may bring for subgroups: numeric where every cell is, else text.

    Cells that are empty become missing. A column of numbers with zeros in front stays text, and so
    does one whose name ends in ``_id``.
    """
    done = set(known)
    typed = {}
    for column in table.cells.columns:
        if column in done:
            continue
        text = table.cells[column]
        if "date" in column.lower():
            _check_dates(table, column, ledger)
        typed[column] = _typed(table, column, text, ledger)
    return pd.DataFrame(typed, index=table.cells.index)


def _typed(table: TextTable, column: str, text: pd.Series, ledger: Ledger) -> pd.Series:
    present = ~text.str.lower().isin(MISSING)
    coded = column.lower().endswith("_id") or text.str.fullmatch(r"0\d+").any()
    if present.any() and not coded:
        values = _parse(text, table.decimal_comma)
        strange = text.index[present & ~np.isfinite(values)]
        if strange.empty:
            return values
        if len(strange) <= 0.1 * present.sum():
            ledger.warning(
                table.file,
                f"{len(strange)} cell(s) of a column of numbers are text, so that the column is text",
                "Correct the value if the column is numeric",
                row=int(strange[0]),
                column=column,
                value=str(text[strange[0]]),
            )
    return text.where(text != "", None)


def _parse(text: pd.Series, decimal_comma: bool) -> pd.Series:
    if decimal_comma:
        text = text.str.replace(",", ".", regex=False)
    return pd.to_numeric(text, errors="coerce").astype("float64")


def _check_dates(table: TextTable, column: str, ledger: Ledger) -> None:
    for row, value in each(table.cells[column]):
        if value.lower() in MISSING:
            continue
        parts = _ISO_DATE.fullmatch(value)
        try:
            if parts is None:
                raise ValueError("not year-month-day")
            found = date(*(int(part) for part in parts.groups()))
            if found.year < 1900:
                raise ValueError("before 1900")
            if found > date.today():
                raise ValueError("in the future")
        except ValueError as error:
            ledger.error(
                table.file,
                f"not a possible date ({error})",
                "Write year-month-day, such as 2024-05-31",
                row=row,
                column=column,
                value=value,
            )
