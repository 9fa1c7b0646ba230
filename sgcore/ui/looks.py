"""Looks at held-out results of a what-if: closed until asked for, counted once a tab, and numbered."""

from __future__ import annotations

import streamlit as st

from sgcore.ui import store
from sgcore.ui.view import View


def count(view: View, what: str) -> int:
    """The number of this look among all of the study; the first one of a tab is counted and stored."""
    numbers: dict[tuple[str, str], int] = st.session_state.setdefault("looks", {})
    key = (view.analysis_id or "", what)
    if key not in numbers:
        numbers[key] = store.look(*key)
    return numbers[key]


def closed(view: View, what: str) -> bool:
    """True for results of a what-if at which this tab has not looked."""
    return view.what_if and (view.analysis_id, what) not in st.session_state.get("looks", {})


def offer(view: View, what: str, label: str) -> None:
    """The button that opens them. What it opens may stand above it: the look counts before the page runs."""
    st.button(label, on_click=_open, args=(view, what), key=f"look_{what}")


def _open(view: View, what: str) -> None:
    count(view, what)
