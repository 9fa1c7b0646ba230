"""Frames as plain Python values, for JSON."""

from __future__ import annotations

from math import isfinite, isnan
from typing import Any

import numpy as np
import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is missing is None."""
    rows = frame.to_dict("records")
    return [{str(name): plain(value) for name, value in row.items()} for row in rows]


def reasoned(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values, an empty reason as None."""
    reasons = [name for name in frame.columns if name.endswith("reason")]
    return [row | {name: row[name] or None for name in reasons} for row in records(frame)]


def plain(value: Any) -> Any:
    """One value as a plain one, None where it is missing; JSON has no infinite numbers, but ``"inf"``, ``"-inf"``.

    A threshold may be infinite: nobody, or everybody, is then called positive.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else str(value)
    return value
