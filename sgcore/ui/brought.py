"""Models made elsewhere beside the study's families."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from sgcore import plots, workflow
from sgcore.domain import FAMILIES, EvaluationSet
from sgcore.plots import words
from sgcore.ui import answers, store
from sgcore.ui import brought_answers as says
from sgcore.ui.charts import chart
from sgcore.ui.navigation import link
from sgcore.ui.page import answer
from sgcore.ui.results import Shown, picks_of
from sgcore.ui.sidebar import distinct
from sgcore.ui.state import choose
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme
from sgcore.workflow.brought_models import STUDY_TABLE

if TYPE_CHECKING:
    from sgcore.workflow import BroughtComparison, BroughtModels

#: What the part of a page is called, on the families and on the import page.
PART = "Models made elsewhere"
#: Models in one matrix: more cells cannot be read, and Holm would pay for each of their pairs.
MOST = 4


def part(view: View, shown: Shown, head: Any) -> None:
    """The families' picks and models made elsewhere on the cases of ``shown``; the sentence goes to ``head``."""
    names = _sources(view)
    if not names:
        with head:
            answer(says.NONE)
        st.write(
            "Import a table of its scores: one row a case, one column a model, and the label. With the study's "
            "image identifiers each model is compared with the families on the same cases."
        )
        link("study-import", "Import its scores", import_part=PART)
        return
    brought, models = _pick(view, names)
    if not models:
        with head:
            answer("Choose at least one of the models made elsewhere.")
        return
    found = _beside(view, brought, shown, tuple(models))
    with head:
        answer(
            says.sentence(
                found,
                shown.rows,
                shown.at,
                centers=len(answers.centers_of(view.frame("evaluations"), shown.at.subset)),
                total=len(brought.models),
            )
        )
    figures(
        view,
        pd.concat([shown.rows, found.rows], ignore_index=True),
        found.pairs,
        within=shown.at.center is None,
        dots=says.dots_caption(found, picks_of(view, shown.at.subset), shown.at),
        matrix=says.matrix_caption(found),
    )
    about(brought)
    link("study-import", "Import other scores", import_part=PART)


def _sources(view: View) -> dict[str, str]:
    """Tables of models for this study: its own, and files that were imported for it, newest first."""
    own = {STUDY_TABLE: "The study's own predictions table"} if view.study.predictions is not None else {}
    files = workflow.brought_files(store.store(), view.study_id)
    return dict(zip(files["file_id"], files["name"], strict=True)) | own


def _pick(view: View, names: dict[str, str]) -> tuple[BroughtModels, list[str]]:
    file_id = choose_file(names)
    brought = loaded(view.study_id, file_id)
    return brought, choose_models(brought, file_id)


def choose_file(names: dict[str, str]) -> str:
    """One of the tables, by its id; ``names`` by id."""
    titles = distinct(names)
    return choose(
        "brought", list(titles), next(iter(titles)), st.selectbox, "File", format_func=titles.__getitem__
    )


def choose_models(brought: BroughtModels, file_id: str) -> list[str]:
    """Up to :data:`MOST` models; all of them, without a question, where there are no more."""
    if len(brought.models) <= MOST:
        return brought.models
    return st.multiselect(
        f"Models, up to {MOST} of {len(brought.models)}",
        brought.models,
        default=brought.models[:MOST],
        max_selections=MOST,
        key=f"brought_models_{file_id}",
        help="The best of many is high by luck as well; the adjusted p counts only the pairs shown.",
    )


@st.cache_resource(show_spinner=False, max_entries=8)
def loaded(study_id: str | None, file_id: str) -> BroughtModels:
    """A stored table; the study's own where ``file_id`` says so."""
    if file_id == STUDY_TABLE and study_id is not None:
        own = workflow.study_models(store.study(study_id))
        assert own is not None  # it is offered only where the study has one
        return own
    return workflow.load_brought(store.store(), file_id)


def _beside(view: View, brought: BroughtModels, shown: Shown, models: tuple[str, ...]) -> BroughtComparison:
    rows = shown.rows.sort_values("family", key=lambda names: names.map(FAMILIES.index), kind="stable")
    return _compared(
        view.analysis.id,
        view.study_id or "",
        brought.file_id,
        tuple(zip(rows["family"], rows["classifier"], strict=True)),
        models,
        shown.at,
    )


@st.cache_data(show_spinner=False, max_entries=64)
def _compared(
    analysis_id: str,
    study_id: str,
    file_id: str,
    chosen: tuple[tuple[str, str], ...],
    models: tuple[str, ...],
    at: EvaluationSet,
) -> BroughtComparison:
    return workflow.compare_with_families(
        store.frame(analysis_id, "predictions"),
        chosen,
        loaded(study_id, file_id),
        store.study(study_id),
        models,
        at,
    )


def figures(
    view: View,
    rows: pd.DataFrame,
    pairs: pd.DataFrame,
    *,
    within: bool,
    dots: str,
    matrix: str,
    drawn: int | None = None,
    kind: str = "Made by",
) -> None:
    """Dots of ``rows`` (columns of ``evaluations``) and the matrix of ``pairs``, with their captions and tables.

    ``drawn`` is how many of the rows the figure shows, ``kind`` what their ``classifier`` says.
    """
    shown = says.labelled([str(name) for name in rows["family"]])
    kinds = rows["classifier"].map(lambda text: words.inert(words.short(str(text), 24)))
    inert = rows.assign(family=rows["family"].map(shown), classifier=kinds)
    chart(
        plots.family_dots(inert[:drawn], theme(), within=within),
        view,
        name="models-made-elsewhere-aucs",
        says=dots,
        table=says.aucs(rows, kind),
        raw=rows,
    )
    if pairs.empty:
        return
    st.header("Differences between models (DeLong)", anchor=False)
    named = pairs.assign(a=pairs["a"].map(shown), b=pairs["b"].map(shown))
    chart(
        plots.difference_matrix(named, theme(), list(shown.values())),
        view,
        name="models-made-elsewhere-differences",
        says=matrix,
        table=says.pairs(pairs),
        raw=pairs,
        beside=len(shown) <= MOST + 1,
    )


def about(brought: BroughtModels) -> None:
    """How the file fits the study, and what was noticed when it was read."""
    small(f"{brought.table.file}: {says.matched(brought)}.")
    if brought.warnings:
        with st.expander(f"{words.count(len(brought.warnings), 'note')} on this file"):
            notes(brought)


def notes(brought: BroughtModels) -> None:
    """What did not stop the import, whole sentences: place, rule, value, what to do."""
    st.markdown("\n".join(f"- {plain(problem)}" for problem in brought.warnings))
