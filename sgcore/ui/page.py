"""How each page begins and ends, and what it says when it has nothing to show."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from sgcore.ui import store
from sgcore.ui.navigation import link
from sgcore.ui.text import plain
from sgcore.ui.view import View, current


def start(title: str, *, needs: str = "analysis") -> View:
    """The page's heading; ends the page with the next step where what it ``needs`` is not there.

    ``needs`` is ``nothing``, ``study``, ``analysis`` or ``models`` (an analysis in which a family could
    be evaluated).
    """
    st.title(title, anchor=False)
    view = current()
    if needs == "nothing":
        return view
    if view.study_id is None:
        answer("No study is stored yet.")
        st.write(
            "Import a study file with its tables and images, or load the demo study with `sgaudit demo`."
        )
        link("study-import", "Import a study")
        halt()
    if needs != "study" and view.analysis_id is None:
        answer("This study is imported, but nothing has been computed yet.")
        st.write("Extracting features and fitting the models takes minutes and goes on where it stopped.")
        link("study-import", "Compute it on the import page")
        halt()
    if needs == "models" and view.frame("evaluations").empty:
        answer("No family of this study could be evaluated.")
        unavailable(view)
        halt()
    return view


def answer(sentence: str) -> None:
    """The page's first line: its answer in words."""
    st.markdown(f"**{plain(sentence)}**")


def unavailable(view: View) -> None:
    """Families that are missing, each with its reason."""
    rows = view.frame("unavailable")
    if rows.empty:
        return
    st.markdown("Not available here:")
    for row in rows.to_dict("records"):
        st.markdown(f"- {plain(row['family'])}: {plain(row['reason'])}")


def counted(view: View, page: str, subset: str) -> None:
    """Count a look at held-out results of a what-if, once a page, subset and session."""
    if subset == "train" or not view.what_if or view.analysis_id is None:
        return
    seen: set[tuple[str, str, str]] = st.session_state.setdefault("looks", set())
    key = (view.analysis_id, page, subset)
    if key not in seen:
        seen.add(key)
        st.session_state["look_count"] = store.look(view.analysis_id, f"{page}: {subset}")
    st.caption(
        f"This is a what-if, and this look at its {subset} results was counted "
        f"(look {st.session_state['look_count']} of this study): trying settings until such a number is good "
        "is picking."
    )


def footer() -> None:
    st.divider()
    st.caption("Research use only. Not a medical device; not for decisions about a patient.")


def halt() -> NoReturn:
    """End the page early, with its foot."""
    footer()
    st.stop()
