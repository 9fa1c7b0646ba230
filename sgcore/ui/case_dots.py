"""Every case of a set as a mark by its score: a click opens its page, and so does a list of the wrong ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.ui import cut_answers
from sgcore.ui.charts import chart
from sgcore.ui.chosen_case import key_of
from sgcore.ui.navigation import go, link
from sgcore.ui.text import plain, small
from sgcore.ui.threshold_slider import Scale
from sgcore.ui.view import View, theme
from sgcore.workflow import Called

_NAME, _CLICKED = "cases-by-score", "clicked_case"


def go_to_clicked(family: str) -> None:
    """Open the case whose mark was clicked in the run before; ``family`` is whose score its page opens on."""
    key = st.session_state.pop(_CLICKED, None)
    if key is not None:
        go("cases-case", case=key, family=family)


def part(view: View, called: Called, family: str, who: str, scale: Scale | None, stored: float) -> None:
    """The figure with its table, and the wrong cases to choose from; ``who`` is what the model is called."""
    labels = (view.study.negative, view.study.positive)
    rows = _rows(view, called)
    # Around one score for all there is room on either side.
    ends = (
        (rows["score"].min() - 0.5, rows["score"].max() + 0.5) if scale is None else (scale.low, scale.high)
    )
    chart(
        plots.case_dots(
            rows,
            theme(),
            labels,
            threshold=called.threshold,
            ends=ends,
            stored=None if stored == called.threshold else stored,
            digits=3 if scale is None else scale.digits,
        ),
        view,
        name=_NAME,
        says=_says(called, who, moved=np.isfinite(stored) and stored != called.threshold),
        table=cut_answers.cases(rows, labels, called.unit),
        raw=rows.drop(columns=["key", "name"]),
        beside=False,
        on_select=_note_clicked,
    )
    _wrong(rows, labels, family)


def _rows(view: View, called: Called) -> pd.DataFrame:
    """Cases with their ``key`` in a link and ``name``, those farthest on the wrong side first."""
    rows = called.rows
    name = rows["patient_id" if called.unit == "patient" else "image_id"]
    keys = [key_of(view.study_id or "", image_id) for image_id in rows["image_id"]]
    rows = rows.assign(key=keys, name=name)
    side = (rows["score"] - called.threshold).abs() * rows["wrong"].map({1.0: 1, 0.0: -1})
    return rows.iloc[side.fillna(0).argsort(kind="stable")[::-1]].reset_index(drop=True)


def _says(called: Called, who: str, *, moved: bool) -> str:
    text = f"Each mark is {'a patient, at the mean score of the images' if called.unit == 'patient' else 'an image'} "
    text += f"by {who}. Click one to open its page"
    text += ", which begins with the patient's first image." if called.unit == "patient" else "."
    if called.rows["wrong"].notna().any():
        text += " The line is the threshold: from it on a case is called positive."
    if moved:
        text += " Dotted: the stored one."
    return text


def _note_clicked(chart_key: str) -> None:
    """Keep the case of the clicked mark for the run that follows, which may change the page."""
    for point in st.session_state[chart_key].selection.points:
        st.session_state[_CLICKED] = point["customdata"][0]


def _wrong(rows: pd.DataFrame, labels: tuple[str, str], family: str) -> None:
    """The wrong cases as a list with a link: the way of the keyboard, and of many marks in one place."""
    wrong = rows[rows["wrong"] == 1]
    if wrong.empty:
        if len(rows) and rows["wrong"].notna().any():
            small("No case is called wrong at this threshold.")
        return
    texts = {
        row.key: f"{row.name} ({row.center}): {labels[row.y]}, called {labels[1 - row.y]} at "
        f"{cut_answers.number(row.score)}"
        for row in records(wrong)
    }
    left, right = st.columns([3.6, 1], gap="medium", vertical_alignment="bottom")
    chosen = left.selectbox(
        f"{words.count(len(wrong), 'case')} called wrong, the farthest from the threshold first",
        list(texts),
        format_func=texts.__getitem__,
        key="wrong_case",
    )
    with right:
        link("cases-case", plain("Open this case"), case=chosen, family=family)
