"""The label column of a table of predictions: two values, one of them positive."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd

from sgcore.cohort.columns import MISSING
from sgcore.cohort.ledger import Ledger, did_you_mean, few
from sgcore.cohort.text_table import TextTable, each

#: As programs write 0 and 1; ``float`` would take ``0_1`` and other scripts' digits as well.
_WHOLE = re.compile(r"\+?0*([01])(?:[.,]0*)?")


@dataclass(frozen=True)
class BinaryLabels:
    """``y`` 0 or 1 (NaN in a row whose label is an error), and the two values as they stand in the table."""

    y: pd.Series = field(compare=False, repr=False)
    negative: str
    positive: str


def binary_labels(table: TextTable, column: str, positive: str | None, ledger: Ledger) -> BinaryLabels:
    """Labels of a table; empty and third values, an unknown ``positive`` and a single class are errors."""
    before = len(ledger.errors)
    text = table.cells[column].map(_zero_or_one)
    empty = text.str.lower().isin(MISSING) & (text != positive)
    for row, value in each(table.cells.loc[empty, column]):
        ledger.error(table.file, "the label is empty", "Fill it in", row=row, column=column, value=value)
    counts = text[~empty].value_counts()
    pair = _pair(table.file, column, counts, None if positive is None else _zero_or_one(positive), ledger)
    if pair is None:
        return BinaryLabels(pd.Series(float("nan"), text.index), "", "")
    for row, value in each(table.cells.loc[~empty & ~text.isin(pair), column]):
        fix = ledger.suggest(value, pair, f"Labels are {pair[0]!r} and {pair[1]!r}")
        rule = "the label is neither of the two values"
        ledger.error(table.file, rule, fix, row=row, column=column, value=value)
    y = text.map({pair[0]: 0.0, pair[1]: 1.0})
    if y.nunique() < 2 and len(ledger.errors) == before:
        which = "positive" if y.eq(1).any() else "negative"
        ledger.error(
            table.file,
            f"one class only: all {len(y)} cases are {which}",
            "An AUC needs cases of both classes; add the others, or check the column",
            row=1,
            column=column,
            value=str(text.iloc[0]),
        )
    return BinaryLabels(y, *pair)


def _pair(
    file: str, column: str, counts: pd.Series, positive: str | None, ledger: Ledger
) -> tuple[str, str] | None:
    """Negative and positive value, or None after writing why they cannot be told."""
    values = [str(value) for value in counts.index]
    if positive is None:
        strange = [value for value in values if value not in ("0", "1")]
        if not strange or (len(values) > 2 and {"0", "1"} <= set(values)):
            return "0", "1"
        ledger.error(
            file,
            "the label is not 0 or 1, and nothing says which value is positive",
            "Add --positive VALUE" + (f", one of {few(values, 5)}" if len(values) > 1 else ""),
            row=1,
            column=column,
            value=few(values, 5),
        )
        return None
    if positive not in values:
        fix = did_you_mean(positive, values, f"Values of the column are {few(values, 5)}")
        ledger.error(file, "no case has the positive label", fix, row=1, column=column, value=positive)
        return None
    others = [value for value in values if value != positive]
    # Of three or more values the most frequent other one is negative; the rest are mistakes.
    return (others[0] if others else ""), positive


def _zero_or_one(value: str) -> str:
    """``1.0``, ``1,0`` and ``1`` are one label, as 0 is; every other text stays as it is."""
    found = _WHOLE.fullmatch(value)
    return found[1] if found else value
