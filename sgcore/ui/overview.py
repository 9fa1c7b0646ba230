"""What the overview shows beside its figures: images that failed, findings by their titles, and notes."""

from __future__ import annotations

import streamlit as st

from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import audited, tables
from sgcore.ui.charts import download
from sgcore.ui.navigation import link
from sgcore.ui.text import plain
from sgcore.ui.view import View


def failures(view: View) -> None:
    """Images that have no radiomics features in this analysis, with the reason of each."""
    rows = view.frame("failures")
    if rows.empty:
        return
    st.header("Images without radiomics features", anchor=False)
    st.write(
        f"{words.count(len(rows), 'image')} of {len(view.study.images):,} could not be computed and "
        f"{'is' if len(rows) == 1 else 'are'} missing from the Radiomics models."
    )
    tables.table(tables.failures(rows), key="failures")
    download(rows, view, "failures")


def objections(view: View) -> None:
    """Titles of the findings, the gravest first, each a line; the audit page has the evidence."""
    rows = audited.opened(view)
    if rows is None:
        return
    found = audited.ordered(rows[rows["status"] == "finding"])
    if len(found):
        lines = [
            f"- {plain(row.title)} · {words.SEVERITIES[row.severity]} · {plain(row.code)}"
            for row in records(found)
        ]
        st.markdown("\n".join(lines))
    link("evidence-audit", "See the evidence, and what to do")


def notes(view: View) -> None:
    """What was computed, converted or assumed."""
    if view.analysis.notes:
        with st.expander("What was computed, converted or assumed"):
            for note in view.analysis.notes:
                st.markdown(f"- {plain(note)}")
