"""The reference tables of tests/reference."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parents[1] / "reference"


@cache
def reference(name: str) -> pd.DataFrame:
    """A table of tests/reference; see the README there."""
    return pd.read_csv(FOLDER / f"{name}.csv")
