"""One classifier at a threshold that the reader sets, as a part of the classifiers page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sgcore import plots, workflow
from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui import (
    answers,
    at_cases,
    case_answers,
    case_dots,
    confusion,
    cut_answers,
    results,
    sidebar,
    tables,
    threshold_slider,
)
from sgcore.ui.charts import chart
from sgcore.ui.page import answer
from sgcore.ui.results import Shown
from sgcore.ui.state import choose
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme
from sgcore.workflow import Called

#: What the part of a page is called.
PART = "Threshold"


@dataclass(frozen=True)
class Cut:
    """A model on a set at the chosen threshold, beside the stored one; ``scale`` is None where no score differs.

    ``stored`` is what the model carries from training; it may be infinite, or NaN where there is none. ``start`` is
    where the slider begins.
    """

    name: str
    model: tuple[str, str]
    at: EvaluationSet
    origin: str
    scale: threshold_slider.Scale | None
    stored: float
    start: float
    called: Called
    picked_here: bool

    @property
    def moved(self) -> bool:
        return self.called.threshold != self.start or np.isnan(self.stored)

    @property
    def digits(self) -> int:
        return 3 if self.scale is None else self.scale.digits


def part(view: View, shown: Shown, family: str, said: Any) -> None:
    """Slider, every case, confusion matrix and proportions, and the ROC curve of one classifier.

    ``said`` is the container of the page's sentence.
    """
    if shown.rows.empty:
        with said:
            answer(f"{family} has no scores for these cases{_unscored(shown.at)}.")
        return
    case_dots.go_to_clicked(family)
    cut = _pick(view, shown, family)
    labels = (view.study.negative, view.study.positive)
    with said:
        answer(
            cut_answers.sentence(
                cut.called,
                cut.name,
                cut.at,
                labels,
                cut.stored,
                moved=cut.moved,
                digits=cut.digits,
                picked_here=cut.picked_here,
            )
        )
    small(cut_answers.caution(cut.at, cut.origin, cut.stored, moved=cut.moved))
    if cut.called.rows.empty:
        return
    case_dots.part(view, cut.called, cut.model[0], cut.name, cut.scale, cut.stored)
    left, right = st.columns([1, 1.4], gap="medium")
    with left:
        st.header("Confusion matrix", anchor=False)
        confusion.one(view, cut.called, cut.at)
    with right:
        st.header("What it reaches here", anchor=False)
        tables.wrapped(cut_answers.measures(cut.called, labels))
        small(cut_answers.mix(cut.called, labels))
    _roc(view, shown, cut)


def _unscored(at: EvaluationSet) -> str:
    return ": no model left a training patient out" if at.subset == "train" else ""


def _pick(view: View, shown: Shown, family: str) -> Cut:
    """The classifier of the sidebar, and the slider."""
    names = list(shown.models)
    picked = results.picked(view, family, shown.at.subset)
    titles = {name: case_answers.called(family, name) for name in names}
    name = choose(
        "cut_classifier",
        names,
        picked if picked in names else names[0],
        sidebar.selectbox,
        "Classifier",
        format_func=lambda each: f"{titles[each]} (picked)" if each == picked else titles[each],
    )
    model, unit = (family, name), shown.at.unit
    own = shown.rows[shown.rows["classifier"] == name].iloc[0]
    stored = float(own["threshold"])
    scale = threshold_slider.scale(at_cases.score_ends(view.analysis.id, model))
    start = stored
    if scale is not None:
        start = scale.within((scale.low + scale.high) / 2 if np.isnan(stored) else stored)
    value = start if scale is None else _slider(view, scale, start, model)
    called = workflow.called_at(at_cases.cases_of(view.analysis.id, model, shown.at), value, unit)
    return Cut(
        name=f"{family} ({titles[name]})",
        model=model,
        at=shown.at,
        origin=results.threshold_origin(view),
        scale=scale,
        stored=stored,
        start=start,
        called=called,
        picked_here=name == picked and results.picked_here(view, family, shown.at.subset),
    )


def _slider(view: View, scale: threshold_slider.Scale, start: float, model: tuple[str, str]) -> float:
    left, right = st.columns([2.3, 1], gap="medium", vertical_alignment="bottom")
    with left:
        value = threshold_slider.pick(
            scale,
            start,
            "/".join([view.analysis.id, *model, view.unit]),
            "Threshold",
            "From this score on a case is called positive. The link keeps what you set.",
        )
    right.button(
        "Back to the stored threshold",
        on_click=threshold_slider.back,
        disabled=value == start,
        width="stretch",
    )
    return value


def _roc(view: View, shown: Shown, cut: Cut) -> None:
    """The curve; a click on a point moves the threshold there."""
    st.header("ROC curve", anchor=False)
    points = shown.points[cut.model[1]]
    if points.empty or cut.scale is None:
        own = shown.rows[shown.rows["classifier"] == cut.model[1]]
        st.write(f"No curve can be drawn for these cases{plain(answers.because(own))}.")
        return
    chart(
        plots.roc_cut(
            points,
            theme(),
            name=words.inert(shown.labels[cut.model[1]]),
            color=shown.colors[cut.model[1]],
            ends=(cut.scale.low, cut.scale.high),
            cut=_place(cut.called),
            stored=shown.operating.get(cut.model[1]) if cut.moved else None,
            digits=cut.scale.digits,
        ),
        view,
        name="threshold-roc",
        says="Each point is a threshold: click one to move there. The ring is where the slider stands. Band: 95% "
        "interval at each threshold by itself.",
        table=_points(points),
        raw=points,
        on_select=threshold_slider.to_clicked,
    )


def _place(called: Called) -> tuple[float, float] | None:
    """(False positive rate, sensitivity), or None where one of the two labels has no case."""
    sensitivity, specificity = (called.measure(name)["estimate"] for name in ("sensitivity", "specificity"))
    missing = words.missing(sensitivity) or words.missing(specificity)
    return None if missing else (1 - specificity, sensitivity)


def _points(points: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {
        "Threshold": tables.thresholds(points["threshold"]),
        "Sensitivity": tables.with_interval(points, "tpr", "tpr_low", "tpr_high"),
        "1 − specificity": points["fpr"],
    }
    return pd.DataFrame(columns)
