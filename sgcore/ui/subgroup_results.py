"""Results of subgroups, which nothing stores: computed from predictions when they are first shown, and cached."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.domain import EvaluationSet
from sgcore.ui import at_cases, store

Models = tuple[tuple[str, str], ...]


def of_models(analysis_id: str, whole: pd.DataFrame, at: EvaluationSet) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The models of ``whole``, rows of a whole set, on a subgroup of it, and their comparisons."""
    if whole.empty:
        return whole, pd.DataFrame()
    models = tuple(zip(whole["family"], whole["classifier"], strict=True))
    rows = evaluations(analysis_id, models, at)
    return rows.assign(picked=whole["picked"].to_numpy()), comparisons(analysis_id, models, at)


@st.cache_data(show_spinner=False, max_entries=200)
def evaluations(analysis_id: str, models: Models, at: EvaluationSet) -> pd.DataFrame:
    """Models (family, classifier) on a subgroup, one row each."""
    predictions = at_cases.predictions_at(analysis_id, at)
    return workflow.subgroup_evaluations(predictions, models, at, _threshold(analysis_id))


@st.cache_data(show_spinner=False, max_entries=200)
def comparisons(analysis_id: str, models: Models, at: EvaluationSet) -> pd.DataFrame:
    """Every two of the models on a subgroup."""
    return workflow.subgroup_comparisons(at_cases.predictions_at(analysis_id, at), models, at)


@st.cache_data(show_spinner=False, max_entries=200)
def calibration(analysis_id: str, models: Models, at: EvaluationSet) -> pd.DataFrame:
    """Calibration of the models on a subgroup; columns of the frame ``calibration``."""
    seed = store.analysis(analysis_id).config.seed
    return workflow.calibration_at(at_cases.predictions_at(analysis_id, at), models, at, seed)


@st.cache_data(show_spinner=False, max_entries=200)
def levels(analysis_id: str, model: tuple[str, str], column: str, at: EvaluationSet) -> pd.DataFrame:
    """One model in every level of a column, within the subset and center of ``at``."""
    analysis = store.analysis(analysis_id)
    own = store.subgroups(analysis.study_id, column, at.unit)
    predictions = workflow.with_levels(store.frame(analysis_id, "predictions"), own)
    return workflow.subgroup_levels(predictions, model, at, own, _threshold(analysis_id))


@st.cache_data(show_spinner=False, max_entries=200)
def centers(analysis_id: str, model: tuple[str, str], at: EvaluationSet) -> int:
    """How many centers the cases of a subgroup come from."""
    cases = workflow.model_cases(at_cases.predictions_at(analysis_id, at), model, at)
    return int(cases["center"].nunique())


@st.cache_data(show_spinner=False, max_entries=64)
def sizes(study_id: str, column: str, at: EvaluationSet) -> dict[str, int]:
    """Patients, or images, of each level within the subset and center of ``at``; levels without any left out."""
    cases = workflow.cases_at(store.study(study_id), at)
    own = cases["image_id"].map(store.subgroups(study_id, column, at.unit).astype(object))
    counted = cases["patient_id"] if at.unit == "patient" else cases["image_id"]
    found = counted.groupby(own).nunique()
    order = store.subgroups(study_id, column, at.unit).cat.categories
    return {level: int(found[level]) for level in order if level in found}


def _threshold(analysis_id: str) -> str:
    return store.analysis(analysis_id).config.models.threshold
