"""Looks at held-out results of a what-if: closed until asked for, counted once a tab, and numbered."""

from __future__ import annotations

import streamlit as st

from sgcore.ui import store
from sgcore.ui.text import small
from sgcore.ui.view import View


def closed(view: View, what: str) -> bool:
    """True for results of a what-if at which this tab has not looked."""
    return view.what_if and (view.analysis.id, what) not in _numbers()


def opened(view: View, what: str, label: str, *, called: str = "This") -> bool:
    """Whether results may be shown; those of a what-if that are closed have the button ``label`` instead.

    What it opens may stand above it: the look counts before the page runs. ``called`` begins the sentence that
    says so, where another analysis than that of the page was looked at.
    """
    if closed(view, what):
        small(
            "Held-out results of a what-if stay closed until asked for; each look is counted for the audit."
        )
        st.button(label, on_click=_count, args=(view, what), key=f"look_{what}")
        return False
    counted(view, what, called=called)
    return True


def counted(view: View, what: str, *, called: str = "This") -> None:
    """Count a look at results of a what-if, and say its number."""
    if view.what_if:
        _count(view, what)
        small(
            f"{called} is a what-if, and this look at its held-out results was counted (look "
            f"{_numbers()[view.analysis.id, what]} of this study): trying settings until such a number is good is "
            "picking."
        )


def _count(view: View, what: str) -> None:
    """The first look of a tab is counted and stored."""
    key = (view.analysis.id, what)
    if key not in _numbers():
        _numbers()[key] = store.look(*key)


def _numbers() -> dict[tuple[str, str], int]:
    """The number of each look of this tab, by analysis and what was opened, among all of the study."""
    numbers: dict[tuple[str, str], int] = st.session_state.setdefault("looks", {})
    return numbers
