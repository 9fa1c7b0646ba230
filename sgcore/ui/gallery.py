"""The cases of the gallery: which set, what is known of it, which of them pass the filters, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.domain import EvaluationSet, Study
from sgcore.ui import case_answers, gallery_answers, looks, results, state, store, tables
from sgcore.ui.charts import download
from sgcore.ui.page import answer
from sgcore.ui.text import small
from sgcore.ui.view import View
from sgcore.workflow import GalleryChoice

#: What a link calls each filter.
_FILTERS = ("gallery_label", "gallery_call", "gallery_families", "gallery_map", "gallery_notes")


@dataclass(frozen=True)
class Gallery:
    """The cases of a set. ``scored`` is false while results are hidden, or closed as those of a what-if.

    ``cases`` are those of :func:`sgcore.workflow.gallery_cases`, without ``scored`` of
    :func:`sgcore.workflow.cases_at`, and without ``y`` where the label is ``hidden``.
    """

    view: View
    family: str
    at: EvaluationSet
    cases: pd.DataFrame
    hidden: bool

    @property
    def scored(self) -> bool:
        return "score" in self.cases


def load(view: View, family: str, at: EvaluationSet, *, hidden: bool) -> Gallery:
    """The cases of a set as far as they may be seen; held-out results of a what-if open on demand."""
    if hidden:
        cases = workflow.cases_at(view.study, at).drop(columns="y")
    elif at.subset == "train" or looks.opened(view, f"gallery: {at.subset}", "Show scores of held-out cases"):
        picks = results.picks_of(view, at.subset)
        cases = _scored(view.analysis.id, picks, family, at, view.study)
    else:
        cases = workflow.cases_at(view.study, at)
    return Gallery(view, family, at, cases, hidden)


@st.cache_data(show_spinner=False, max_entries=64)
def _scored(
    analysis_id: str, picks: pd.DataFrame, family: str, at: EvaluationSet, _study: Study
) -> pd.DataFrame:
    """The cases of a set with what is known of them; an analysis is of one study, as its fingerprint says."""
    return workflow.gallery_cases(_study, store.analysis(analysis_id), picks, family, at)


def say(gallery: Gallery) -> None:
    """The page's sentence."""
    if not gallery.scored:
        answer(gallery_answers.without_results(gallery.cases, gallery.at, hidden=gallery.hidden))
        return
    name = results.picked(gallery.view, gallery.family, gallery.at.subset)
    if name is None:
        answer(f"{gallery.family} has no picked classifier.")
        return
    who = f"{gallery.family} ({case_answers.called(gallery.family, name)})"
    answer(gallery_answers.sentence(gallery.cases, who, gallery.at, gallery.view.study))


def choose(gallery: Gallery) -> pd.DataFrame:
    """The filters of what may be seen, and the cases that pass; hidden or closed results filter nothing."""
    if gallery.hidden:
        return gallery.cases
    study, cases = gallery.view.study, gallery.cases
    notes = workflow.notes_of(store.store(), gallery.view.study_id or "")
    noted = set(notes.loc[notes["status"] == "stands", "image_id"])
    labels = {"all": "All", "positive": study.positive, "negative": study.negative}
    if not gallery.scored:
        label = _pick(st, "gallery_label", "Label", labels)
        return _noted(workflow.choose_cases(cases, GalleryChoice(label=label)), st, noted)
    orders = {"error": "Most wrong first", "study": "As in the study"}
    columns = iter(st.columns([1, 1, 1, 1, 1.3, 1.1] if noted else 5))
    chosen = {"label": _pick(next(columns), "gallery_label", "Label", labels)}
    calls = {"all": "All", "wrong": "Wrong", "right": "Right"}
    chosen["call"] = _pick(next(columns), "gallery_call", f"Called by {gallery.family}", calls)
    if cases["disagreement"].notna().any():
        agree = {"all": "All", "disagree": "Disagree", "agree": "Agree"}
        chosen["families"] = _pick(next(columns), "gallery_families", "Families", agree)
        orders["disagreement"] = "Most disagreement first"
    if cases["roi_ratio"].notna().any():
        place = {"all": "All", "beside": "Beside the ROI", "inside": "At the ROI"}
        chosen["map"] = _pick(next(columns), "gallery_map", "Network looks", place)
        orders["map"] = "Farthest from the ROI first"
    chosen["order"] = _pick(next(columns), "gallery_order", "Order", orders)
    return _noted(workflow.choose_cases(cases, GalleryChoice(**chosen)), next(columns, st), noted)


def _noted(passing: pd.DataFrame, place: Any, images: set[str]) -> pd.DataFrame:
    """The filter by readers' notes, of a study that has some on ``images``."""
    if not images:
        return passing
    options = {"all": "All", "with": "With a note", "without": "Without a note"}
    chosen = _pick(place, "gallery_notes", "Notes", options)
    if chosen == "all":
        return passing
    return passing[passing["image_id"].isin(images) == (chosen == "with")].reset_index(drop=True)


def _pick(place: Any, name: str, label: str, options: dict[str, str]) -> Any:
    return state.choose(
        name, list(options), next(iter(options)), place.selectbox, label, format_func=options.__getitem__
    )


def nothing_passes(gallery: Gallery) -> None:
    """What stands where no case passes, with the way back to all of them."""
    small(f"None of the {len(gallery.cases)} images of this set passes these filters.")
    st.button("Show all images of this set", on_click=_widen)


def _widen() -> None:
    for name in _FILTERS:
        state.put(name, "all")


def table(gallery: Gallery, shown: pd.DataFrame) -> None:
    """All cases that pass, on whatever page of tiles they are."""
    if gallery.scored:
        small(gallery_answers.reading(gallery.cases, gallery.at, gallery.view.study))
    with st.expander("Table: all images that pass"):
        tables.table(gallery_answers.table(shown, gallery.view.study, gallery.view.unit), key="table_gallery")
        download(shown, gallery.view, "gallery")
