"""The audit page's cards: what a check found, its figure and table, what to do, and where the evidence is."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sgcore import plots
from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import audit_muting, audited, evidence_pairs, evidence_table
from sgcore.ui.charts import download, figure_only
from sgcore.ui.navigation import link
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

#: Letters of a name beside which half a card has room for a figure.
_SHORT = 32


def show(view: View) -> None:
    """Findings as cards, those of the severities that are chosen; what is muted, passed or not applicable folded."""
    found = audited.opened(view)
    if found is None:
        return
    found = audited.ordered(found)
    grave = found[found["status"] == "finding"]
    st.header("Findings", anchor=False)
    if grave.empty:
        st.write("No check found anything.")
    for row in records(grave[grave["severity"].isin(_chosen(grave))]):
        _card(view, row)
    for status, title in (("muted", "muted"), ("passed", "passed"), ("not_applicable", "not applicable")):
        part = found[found["status"] == status]
        if part.empty:
            continue
        with st.expander(f"{words.count(len(part), 'check')} {title}"):
            for row in records(part):
                _line(view, row)
    small(
        "A check that passed could have missed a fault that is small for so few patients; it says how small."
    )
    download(found, view, "audit")


def _chosen(grave: pd.DataFrame) -> list[str]:
    """The severities to show: all, or those that are picked."""
    counts = grave["severity"].value_counts()
    present = [name for name in words.SEVERITIES if name in counts]
    if len(present) < 2:
        return present
    places = st.columns(len(present))
    return [
        name
        for place, name in zip(places, present, strict=True)
        if place.checkbox(
            words.count(int(counts[name]), words.SEVERITIES[name]), True, key=f"audit_show_{name}"
        )
    ]


def _card(view: View, row: Any) -> None:
    with st.container(border=True, gap="small"):
        st.subheader(plain(row.title), anchor=False)
        small(f"{words.SEVERITIES[row.severity]} · {row.code}")
        table = _evidence(row)
        drawn = None if table is None else plots.finding_figure(table, theme())
        text, place = st.columns([1, 1], gap="medium") if _narrow(drawn) else (st.container(), st.container())
        text.markdown(_said(row.message))
        if drawn is not None:
            with place:
                figure_only(drawn, view, name=f"audit-{row.code}", says=row.title)
        if row.remedy:
            st.markdown(f"**What to do.** {_said(row.remedy)}")
        if table is not None:
            evidence_pairs.show(view.study, table)
            _table(view, row.code, table)
        left, right = st.columns([3, 1], vertical_alignment="center")
        with left:
            if row.page:
                link(row.page, "See where it shows")
        with right:
            audit_muting.mute(view, row.code)


def _narrow(drawn: go.Figure | None) -> bool:
    """True for a figure beside the text; names of features would leave it no room there."""
    return drawn is not None and all(len(name) <= _SHORT for name in drawn.layout.yaxis.categoryarray or ())


@st.fragment
def _table(view: View, code: str, table: pd.DataFrame) -> None:
    """The rows behind a finding, drawn when they are opened: a page of twenty tables is slow, and few are read."""
    title = f"Table: {words.count(len(table), 'row')} of evidence"
    with st.expander(title, key=f"evidence_of_{code}", on_change="rerun") as folded:
        if folded.open:
            evidence_table.show(table, key=f"evidence_{code}")
            download(table, view, f"audit-{code}")


def _line(view: View, row: Any) -> None:
    st.markdown(f"**{plain(row.title)}** ({plain(row.code)}): {_said(row.message)}")
    if row.status == "muted":
        audit_muting.lift(view, row.code)


def _said(text: str) -> str:
    """A check's words; commands stand in backticks, which a page need not show."""
    return plain(text.replace("`", ""))


def _evidence(row: Any) -> pd.DataFrame | None:
    """The table of a check; None where it has none, or one without rows."""
    if words.missing(row.evidence):
        return None
    table = pd.DataFrame(json.loads(row.evidence))
    return None if table.empty else table
