"""Whether the center can be told from the features: computed when asked for, kept while the app runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from sgcore import plots, workflow
from sgcore.ui import center_signal_answers as answers
from sgcore.ui import store, tables, watching
from sgcore.ui.charts import chart, download
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

if TYPE_CHECKING:
    from sgcore.workflow import CenterSignal


@st.cache_resource(show_spinner=False)
def _kept() -> dict[str, CenterSignal]:
    """Results by analysis, of all tabs; a few kilobytes each, and the same again when computed anew."""
    return {}


@st.cache_data(show_spinner=False, max_entries=32)
def _why_not(analysis_id: str) -> str:
    return workflow.why_centers_not_told(store.analysis(analysis_id))


def section(view: View) -> None:
    """The header, then the result, the button that computes it, or why there is none."""
    st.header("Can the center be told from the features?", anchor=False)
    why = _why_not(view.analysis.id)
    if why:
        st.write(f"There is nothing to tell: {plain(why)}.")
        return
    job = watching.news("center_signal")
    if job is not None and watching.own(job):
        if job.state != "done":
            watching.failure(job)
        else:
            watching.told(job)
    found = _kept().get(view.analysis.id)
    if found is None:
        _offer(view)
    else:
        _shown(view, found)


def _offer(view: View) -> None:
    small(
        "Models of the center, not of the label, are fitted in folds of all patients, and on permuted centers. "
        "No held-out result of a model of the label is opened, so that no look is counted. It runs in the background; "
        "the result is kept until the app ends and is not stored."
    )
    if st.button("Tell the centers apart", disabled=watching.busy(), key="center_signal"):
        _begin(view)


def _begin(view: View) -> None:
    analysis, kept = view.analysis, _kept()

    def work(on_progress: Any, cancel: Any) -> None:
        kept[analysis.id] = workflow.predict_centers(analysis, on_progress=on_progress, cancel=cancel)

    watching.begin(f"Telling the centers apart in {analysis.name}", work, "center_signal")


def _shown(view: View, found: CenterSignal) -> None:
    row = found.rows.iloc[0]
    st.markdown(f"**{plain(answers.told(row))}**")
    if row["features"] in found.nulls:
        chart(
            plots.null_histogram(
                found.nulls[row["features"]],
                row.rename({"auc": "observed"}),
                theme(),
                family="Radiomics",
                title="AUC with centers permuted among patients with the same label",
            ),
            view,
            name="center-predictability",
            says=f"Gray: what chance gives. {answers.by_center(found, row['features'])}",
            table=answers.table(found.rows),
            raw=found.rows,
        )
    lines = [answers.groups(row), found.note, *map(answers.other, found.rows.iloc[1:].to_dict("records"))]
    for line in filter(None, lines):
        small(line)
    small(answers.meaning(set(found.rows["features"])))
    with st.expander("Table: how well each center is told"):
        tables.wrapped(answers.centers_table(found.centers))
        download(found.centers, view, "center-predictability-by-center")
