"""Turning the pages of the gallery: as many tiles as can be looked at, with buttons for those before and after."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from sgcore.plots import words
from sgcore.ui import state
from sgcore.ui.gallery import Gallery
from sgcore.ui.text import small

#: Tiles of a page.
SIZE = 24
_PAGE, _SEEN = "gallery_page", "gallery_seen"


def places() -> list[Any]:
    """Where the two buttons, the picker between them, the count and the switch of the page stand."""
    return list(st.columns([1, 1.4, 1, 1.4, 1.6], vertical_alignment="bottom"))


def turn(gallery: Gallery, passing: pd.DataFrame, places: list[Any]) -> pd.DataFrame:
    """Buttons and picker of the page; returns its cases. Another set or filter begins at its first page."""
    seen = (gallery.at, tuple(passing["image_id"]))
    if st.session_state.setdefault(_SEEN, seen) != seen:
        state.put(_PAGE, "1")
    st.session_state[_SEEN] = seen
    pages = [str(number + 1) for number in range(-(-len(passing) // SIZE))]
    back, page, on, count, _ = places
    ranges = {number: _range(int(number), len(passing)) for number in pages}
    chosen = state.choose(_PAGE, pages, "1", page.selectbox, "Images", format_func=ranges.__getitem__)
    _button(back, "Previous", int(chosen) - 1, pages, "Left")
    _button(on, "Next", int(chosen) + 1, pages, "Right")
    with count:
        small(f"{len(passing)} of {words.count(len(gallery.cases), 'image')}")
    start = (int(chosen) - 1) * SIZE
    return passing.iloc[start : start + SIZE]


def _range(page: int, total: int) -> str:
    return f"{(page - 1) * SIZE + 1} to {min(page * SIZE, total)}"


def _button(place: Any, label: str, page: int, pages: list[str], shortcut: str) -> None:
    place.button(
        label,
        on_click=state.put,
        args=(_PAGE, str(page)),
        disabled=str(page) not in pages,
        shortcut=shortcut,
        key=f"gallery_{label.lower()}",
        width="stretch",
    )
