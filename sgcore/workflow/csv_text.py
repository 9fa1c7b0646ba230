"""Text of a table that a spreadsheet will open."""

from __future__ import annotations

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Text and column names that a spreadsheet would run as a formula get an apostrophe in front."""
    return frame.map(_inert).rename(columns=_inert)


def _inert(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
