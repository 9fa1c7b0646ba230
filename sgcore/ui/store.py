"""The store and what is read from it: opened once, frames cached by the analysis' fingerprint.

Arguments with a leading underscore are not part of a cache key: data is named by its fingerprint, since
the cache looks only at a sample of a large frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sgcore import workflow
from sgcore.domain import Study, Subset, Unit
from sgcore.errors import StoreError
from sgcore.ui.text import plain
from sgcore.workflow import Analysis, LesionSize, Store

if TYPE_CHECKING:
    from sgcore.workflow import JobState

P = ParamSpec("P")
T = TypeVar("T")


@st.cache_resource(show_spinner="Opening the store; a new one gets the demo study first")
def _open() -> Store:
    return workflow.opened_store()


def store() -> Store:
    """The open store; where it cannot be opened the page says why and ends."""
    try:
        with _drawing_ahead():
            return _open()
    except StoreError as error:
        st.error(plain(error))
        st.stop()


@contextmanager
def _drawing_ahead() -> Iterator[None]:
    """While the store is being opened the browser, which would wait too, loads what draws figures.

    That is the largest of its files, and it comes with the first figure: here one that shows nothing.
    """
    if not workflow.is_opening():
        yield
        return
    place = st.empty()
    axis = {"visible": False}
    nothing = go.Figure(layout={"xaxis": axis, "yaxis": axis, "paper_bgcolor": "rgba(0, 0, 0, 0)"})
    nothing.update_layout(plot_bgcolor="rgba(0, 0, 0, 0)", height=10, margin=dict.fromkeys("lrtb", 0))
    place.plotly_chart(
        nothing, theme=None, key="drawing_ahead", alt="Nothing yet", config={"staticPlot": True}
    )
    try:
        yield
    finally:
        place.empty()


def _until_written(read: Callable[P, T]) -> Callable[P, T]:
    """Keep what is read until something is written to the store."""

    # Streamlit tells cached functions apart by their code, which all of these share: hence the name.
    @st.cache_data(show_spinner=False, max_entries=64)
    def kept(name: str, commits: int, *args: P.args, **settings: P.kwargs) -> T:
        return read(*args, **settings)

    @wraps(read)
    def reading(*args: P.args, **settings: P.kwargs) -> T:
        return kept(read.__name__, store().connection.commits, *args, **settings)

    return reading


@_until_written
def studies() -> pd.DataFrame:
    return workflow.list_studies(store())


@_until_written
def analyses(study_id: str) -> pd.DataFrame:
    """Analyses of a study, oldest first."""
    return workflow.list_analyses(store(), study_id)


@_until_written
def reference_id(study_id: str) -> str | None:
    """The analysis that others of the study are compared with."""
    return workflow.reference_id(store(), study_id)


@_until_written
def shipped_id(study_id: str, recipe: str) -> str | None:
    """The analysis with a recipe as it ships."""
    return workflow.shipped_id(store(), study_id, recipe)


def rename(analysis_id: str, name: str) -> None:
    workflow.rename_analysis(store(), analysis_id, name)
    analysis.clear(analysis_id)


@_until_written
def costly_jobs(analysis_id: str) -> list[JobState]:
    """The costly jobs of the audit of an analysis."""
    return workflow.costly_jobs(analysis(analysis_id))


@_until_written
def study_findings(study_id: str) -> pd.DataFrame:
    """The audit of a study that has no analysis."""
    return workflow.findings_of_study(study(study_id), store())


def study(study_id: str) -> Study:
    """A study with the muted checks and the decision that were given last."""
    return _latest(study_id, store().connection.commits)


@st.cache_resource(show_spinner=False, max_entries=8)
def _latest(study_id: str, commits: int) -> Study:
    """Anew after anything was written."""
    return workflow.latest(store(), _stored_study(study_id))


@st.cache_resource(show_spinner=False, max_entries=8)
def _stored_study(study_id: str) -> Study:
    return workflow.stored_study(store(), study_id)


@st.cache_resource(show_spinner=False, max_entries=16)
def analysis(analysis_id: str) -> Analysis:
    return workflow.load_analysis(store(), analysis_id)


def frame(analysis_id: str, kind: str) -> pd.DataFrame:
    """A result frame of an analysis. Findings and candidates are made anew after a look or a muting."""
    return (_made_frame if kind in ("findings", "chance") else _stored_frame)(analysis_id, kind)


@st.cache_resource(show_spinner=False)
def audited_analyses() -> set[str]:
    """Analyses that were audited since the server started: the next time is quick, since much is kept."""
    return set()


@_until_written
def _made_frame(analysis_id: str, kind: str) -> pd.DataFrame:
    return analysis(analysis_id).frame(kind)


@st.cache_data(show_spinner=False, max_entries=200)
def _stored_frame(analysis_id: str, kind: str) -> pd.DataFrame:
    return analysis(analysis_id).frame(kind)


@st.cache_data(show_spinner=False, max_entries=32)
def cohort_tables(
    study_id: str, unit: Unit, *, by: str, subset: Subset | None, center: str | None
) -> dict[str, pd.DataFrame]:
    """Tables 1 and 2 of a subset and a center, or of all; table 2 by patient or by image."""
    return workflow.cohort_tables(study(study_id), unit, by=by, subset=subset, center=center)


@st.cache_data(show_spinner=False, max_entries=16)
def subgroup_columns(study_id: str) -> tuple[workflow.SubgroupColumn, ...]:
    return workflow.subgroup_columns(study(study_id))


@st.cache_data(show_spinner=False, max_entries=64)
def subgroups(study_id: str, column: str, unit: Unit) -> pd.Series:
    """The level of each image of a column."""
    return workflow.subgroups(study(study_id), column, unit)


def shap_models(analysis_id: str) -> pd.DataFrame:
    """Models of an analysis that are explained; read anew, since explaining adds to them."""
    return analysis(analysis_id).frame("shap_models")


@st.cache_data(show_spinner=False, max_entries=64)
def shap_values(analysis_id: str, family: str, classifier: str) -> pd.DataFrame:
    """SHAP values of a model of :func:`shap_models`, which are stored whole."""
    return analysis(analysis_id).explained(family, classifier)


@st.cache_data(show_spinner=False, max_entries=16)
def correlations(analysis_id: str, family: str) -> pd.DataFrame:
    return workflow.correlations(analysis(analysis_id), family)


@st.cache_data(show_spinner=False, max_entries=16)
def residue_types(analysis_id: str) -> set[str]:
    """Image types that are numerical residue in this analysis."""
    return workflow.residue_types(analysis(analysis_id))


@st.cache_data(show_spinner=False, max_entries=32)
def features_of(analysis_id: str, family: str, unit: Unit) -> pd.DataFrame:
    """The features of a family with fate, residue, ICC and correlation with size."""
    return workflow.list_features(analysis(analysis_id), family, unit)


@st.cache_data(show_spinner=False, max_entries=64)
def feature_cases(
    analysis_id: str, family: str, feature: str, unit: Unit
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What each image has of a feature, and each case by the unit; the analysis keeps the matrix of all of them."""
    images = workflow.feature_cases(analysis(analysis_id), family, feature)
    return images, workflow.count_values(images, unit)


@st.cache_data(show_spinner=False, max_entries=16)
def lesion_size(analysis_id: str) -> LesionSize | None:
    return workflow.lesion_size(analysis(analysis_id))


@st.cache_data(show_spinner=False, max_entries=32)
def counts_by_patient(analysis_id: str) -> pd.DataFrame:
    """How many features of each family differ by label, by image and by patient."""
    return workflow.counts_by_patient(analysis(analysis_id))


@st.cache_data(show_spinner=False, max_entries=64)
def difference(
    analysis_id: str, reference_id: str, subset: Subset, unit: Unit
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Features gained and lost, and the difference in AUC by family, against the reference."""
    result = workflow.compare_analyses(
        analysis(analysis_id), analysis(reference_id), subset=subset, unit=unit
    )
    return result.features, result.auc


@st.cache_data(show_spinner=False, max_entries=32)
def development_need(analysis_id: str, auc: float | None) -> pd.DataFrame:
    return workflow.development_need(analysis(analysis_id), auc=auc)


@st.cache_data(show_spinner=False, max_entries=32)
def fold_picks(analysis_id: str) -> pd.DataFrame:
    return workflow.fold_picks(analysis(analysis_id))


@st.cache_data(show_spinner=False, max_entries=32)
def fold_comparisons(analysis_id: str) -> pd.DataFrame:
    return workflow.fold_comparisons(analysis(analysis_id))


def look(analysis_id: str, what: str) -> int:
    """Count that held-out results of a what-if were opened; how many looks the study has had."""
    return workflow.count_look(store(), analysis(analysis_id), what)


@_until_written
def is_what_if(analysis_id: str) -> bool:
    """True where an analysis was made by trying thresholds."""
    return workflow.is_what_if(store(), analysis(analysis_id))
