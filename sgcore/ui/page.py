"""How each page begins and ends, and what it says when it has nothing to show."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

import streamlit as st

from sgcore.plots import words
from sgcore.ui import looks
from sgcore.ui.navigation import link
from sgcore.ui.text import plain, small
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
            "Import a study file with its tables and images; every problem in it is listed with its fix."
        )
        link("study-import", "Import a study")
        halt()
    if needs != "study" and view.analysis_id is None and view.study.conflicts:
        answer(
            "This study is only audited: its patients or images contradict each other, and nothing is fitted."
        )
        link("evidence-audit", "See its audit")
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


def unavailable(view: View, *only: str) -> None:
    """Families that are missing, each with its reason; all of them, or ``only`` some."""
    rows = view.frame("unavailable")
    if only and len(rows):
        rows = rows[rows["family"].isin(only)]
    if rows.empty:
        return
    lines = [f"- {plain(line)}" for line in _once(dict(zip(rows["family"], rows["reason"], strict=True)))]
    st.markdown("\n".join(["Not available here:", "", *lines]))


def lacking(view: View) -> None:
    """Families that are missing, in one line: the overview has their reasons."""
    rows = view.frame("unavailable")
    if len(rows):
        verb = "is" if len(rows) == 1 else "are"
        small(f"{words.join(rows['family'].tolist())} {verb} not available here; the overview says why.")


def _once(reasons: dict[str, str]) -> list[str]:
    """A line a family with its reason; families whose reasons end alike share a line that says the end once."""
    parts = {family: reason.rpartition("; ") for family, reason in reasons.items()}
    ends = Counter(end for start, _, end in parts.values() if start)
    lines: dict[str, list[str]] = {}
    for family, (start, _, end) in parts.items():
        shared = bool(start) and ends[end] > 1
        lines.setdefault(end if shared else reasons[family], []).append(
            f"{family} ({start})" if shared else family
        )
    return [f"{words.join(families)}: {reason}" for reason, families in lines.items()]


def counted(view: View, page: str, subset: str) -> None:
    """Count a look at held-out results of a what-if, once a page, subset and tab."""
    if subset != "train":
        looks.counted(view, f"{page}: {subset}")


def footer() -> None:
    st.divider()
    small("Research use only. Not a medical device; not for decisions about a patient.")


def halt() -> NoReturn:
    """End the page early, with its foot."""
    footer()
    st.stop()
