"""Evidence that is pairs of images, side by side: whether two pictures are one, eyes judge best."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sgcore.domain import Study
from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import case_picture
from sgcore.ui.text import plain, small

#: Pairs that a card has room for; the table has all of them.
_MOST = 3


def show(study: Study, table: pd.DataFrame) -> None:
    """The first pairs of a table with ``image_a`` and ``image_b``; nothing for another table."""
    if not {"image_a", "image_b"} <= set(table.columns):
        return
    for row in records(table.head(_MOST)):
        for column, end in zip(st.columns(2, gap="medium"), "ab", strict=True):
            with column:
                case_picture.show(study, getattr(row, f"image_{end}"))
                small(_who(row, end))
    if len(table) > _MOST:
        small(f"The first {_MOST} of {words.count(len(table), 'pair')}; the table has all of them.")


def _who(row: Any, end: str) -> str:
    names = ("patient", "subset", "label", "center")
    said = [plain(str(getattr(row, f"image_{end}")))]
    for name in names:
        value = getattr(row, f"{name}_{end}")
        if not words.missing(value):
            said.append(f"patient {plain(str(value))}" if name == "patient" else plain(str(value)))
    return " · ".join(said)
