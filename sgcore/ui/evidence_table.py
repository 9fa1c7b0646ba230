"""Evidence of a check as a table that people read, whatever its columns are."""

from __future__ import annotations

import pandas as pd

from sgcore.plots import words
from sgcore.plots.evidence_names import heading
from sgcore.ui import tables

#: Three decimals make a small one zero.
_P_VALUES = ("p", "q", "p_adjusted", "p_center", "q_center", "p_label", "q_label")


def show(table: pd.DataFrame, *, key: str) -> None:
    tables.table(readable(table), key=key)


def readable(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows under words; columns that hold nothing are left out."""
    kept = table.loc[:, table.notna().any()]
    said = {name: kept[name].map(words.p_value) for name in _P_VALUES if name in kept}
    # Three decimals would make zeros of responses of 1e-17.
    hidden = [name for name in kept.select_dtypes("float").columns.difference(said) if _hides(kept[name])]
    return kept.assign(**said, **{name: kept[name].map(words.number) for name in hidden}).rename(
        columns=heading
    )


def _hides(values: pd.Series) -> bool:
    return any(words.is_tiny(value) for value in values)
