"""Going through the rows of a frame, whose columns only the frame itself knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def records(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows as named tuples."""
    yield from frame.itertuples(index=False)
