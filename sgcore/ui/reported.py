"""The report page: what the file holds, which sections it gets, and the file itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st
from cachetools import LRUCache, cached

from sgcore import workflow
from sgcore.plots import words
from sgcore.ui import looks, store
from sgcore.ui.charts import file_name
from sgcore.ui.tables import wrapped
from sgcore.ui.text import plain, small
from sgcore.ui.view import View

if TYPE_CHECKING:
    from sgcore.report import Material
    from sgcore.workflow import ReportPreview

#: What each state of an item is called, and in a sentence.
_STATES = {
    "data": "Answered from data",
    "confirm": "Answered, to be confirmed",
    "human": "For a human",
    "not_applicable": "Not applicable",
}
_FILES: LRUCache[tuple[object, ...], bytes] = LRUCache(4)
_LOCK = Lock()


def load(view: View) -> ReportPreview | None:
    """The first lines of the report and its checklists; None for a what-if that is closed."""
    if looks.closed(view, workflow.REPORT_LOOK):
        return None
    return _preview(view.analysis.id, store.store().connection.commits)


@st.cache_data(show_spinner="Reading the results", max_entries=16)
def _preview(analysis_id: str, commits: int) -> ReportPreview:
    return workflow.report_preview(_material(analysis_id, commits))


@st.cache_resource(show_spinner=False, max_entries=4)
def _material(analysis_id: str, commits: int) -> Material:
    """Anew after anything was written: looks and mutings change what a report says."""
    return workflow.report_material(store.analysis(analysis_id), store.store())


def sentence(shown: ReportPreview | None) -> str:
    """What is handed over, counted."""
    if shown is None:
        return "The report of this what-if is closed: it holds held-out results."
    findings = words.count(sum(shown.findings.values()), "finding")
    lists = [each["counts"] for each in shown.checklists]
    total = {state: sum(each[state] for each in lists) for state in _STATES}
    return (
        f"One HTML file that opens offline, with {findings} and {words.count(len(lists), 'reporting checklist')}: of "
        f"{sum(total.values())} items {total['data']} are answered from data, {total['confirm']} are to be confirmed "
        f"and {total['human']} are for a human."
    )


def opened(view: View) -> bool:
    """Whether the report may be seen; that of a what-if has a button instead, whose use is counted."""
    return looks.opened(view, workflow.REPORT_LOOK, "Open the report of this what-if")


def preview(shown: ReportPreview) -> None:
    """The first lines of the file."""
    with st.container(border=True):
        st.markdown(plain(shown.verdict))
        st.markdown(plain(shown.headline))


def download(view: View) -> None:
    """Which sections, and the file, which is written when it is asked for."""
    titles = workflow.report_sections()
    chosen = st.multiselect(
        "Sections",
        list(titles),
        default=list(titles),
        format_func=lambda key: titles[key],
        help="Findings, what could not be estimated, and the settings are in every report; it names what is left out.",
        key="report_sections",
    )
    st.download_button(
        "Download the report",
        file(view, chosen),
        file_name=f"{file_name(view, 'report')}.html",
        mime="text/html",
        type="primary",
        on_click="ignore",
        key="report_file",
    )
    small("To have it as a PDF, open the file in a browser and print it.")


def file(view: View, sections: Sequence[str]) -> Callable[[], bytes]:
    """What writes the file when it is asked for, then outside of this run of the page."""
    held = store.store()
    commits = held.connection.commits
    return partial(_file, (str(held.path), commits), _material(view.analysis.id, commits), tuple(sections))


@cached(_FILES, key=lambda place, material, sections: (place, material.analysis_id, sections), lock=_LOCK)
def _file(place: tuple[str, int], material: Material, sections: tuple[str, ...]) -> bytes:
    """The file's bytes; the last ones are kept. ``place`` is the store and its number of commits."""
    return workflow.report_html(material, sections).encode()


def checklists(shown: ReportPreview) -> None:
    """Each checklist with its counts; the items folded."""
    st.header("Reporting checklists", anchor=False)
    wrapped(pd.DataFrame([_row(each["name"], each["counts"]) for each in shown.checklists]))
    for each in shown.checklists:
        if "score" in each:
            st.markdown(plain(each["score"]["said"]))
    small(
        "Items are in our words; read them beside the checklists themselves. An answer from data says what was found, "
        "also where that is a lack."
    )
    for each in shown.checklists:
        with st.expander(f"{each['name']}: {words.count(len(each['items']), 'item')}"):
            small(each["citation"])
            wrapped(
                pd.DataFrame(
                    {
                        "Item": [item["id"] for item in each["items"]],
                        "What it asks for": [item["text"] for item in each["items"]],
                        "State": [_STATES[item["state"]] for item in each["items"]],
                        "Answer": [item["answer"] for item in each["items"]],
                    }
                ),
                longest=400,
            )


def _row(name: str, counts: dict[str, int]) -> dict[str, object]:
    return {"Checklist": name, **{_STATES[state]: number for state, number in counts.items()}}
