"""Checks on resamplings: families that no draw makes anew."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.reported import joined


def not_drawn(analyzed: pd.DataFrame, rows: pd.DataFrame) -> str:
    """A sentence with the families of ``analyzed`` that ``rows`` lack; both have ``family``. Empty without such."""
    families = [name for name in dict.fromkeys(analyzed["family"]) if name not in set(rows["family"])]
    if not families:
        return ""
    return f" Not drawn anew, for their networks saw labels and patients as they are: {joined(families)}."
