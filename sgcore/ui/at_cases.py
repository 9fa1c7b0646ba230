"""What is computed of a model's cases in a set, center and subgroup, by unit; cached as :mod:`sgcore.ui.store` does."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.domain import EvaluationSet, Unit
from sgcore.stats import Calibration, DecisionCurve
from sgcore.ui import store
from sgcore.workflow import CenterComparison, CenterEffects


def predictions_at(analysis_id: str, at: EvaluationSet) -> pd.DataFrame:
    """All predictions, with the level of each image where ``at`` is a subgroup."""
    rows = store.frame(analysis_id, "predictions")
    if at.subgroup is None:
        return rows
    of = store.analysis(analysis_id).study_id
    return workflow.with_levels(rows, store.subgroups(of, at.subgroup.column, at.unit))


@st.cache_data(show_spinner=False, max_entries=200)
def roc_points(analysis_id: str, model: tuple[str, str], at: EvaluationSet) -> pd.DataFrame:
    """ROC points of a (family, classifier); training patients are shown by their out-of-fold scores."""
    return workflow.roc_points(workflow.model_cases(predictions_at(analysis_id, at), model, at), at.unit)


@st.cache_data(show_spinner=False, max_entries=200)
def cases_of(analysis_id: str, model: tuple[str, str], at: EvaluationSet) -> pd.DataFrame:
    """Scores of a (family, classifier) on a set, one row an image; of training patients those out of fold."""
    return workflow.model_cases(store.frame(analysis_id, "predictions"), model, at)


@st.cache_data(show_spinner=False, max_entries=200)
def score_ends(analysis_id: str, model: tuple[str, str]) -> tuple[float, float]:
    """The lowest and the highest score that a (family, classifier) gave an image; NaN where it gave none."""
    rows = store.frame(analysis_id, "predictions")
    own = rows.loc[(rows["family"] == model[0]) & (rows["classifier"] == model[1]), "y_score"]
    return float(own.min()), float(own.max())


@st.cache_data(show_spinner=False, max_entries=32)
def called_by_set(analysis_id: str, family: str, unit: Unit) -> pd.DataFrame:
    """Evaluations of a family on whole sets with what was called at each model's own threshold."""
    every = store.frame(analysis_id, "evaluations")
    every = every[(every["family"] == family) & every["center"].isna() & (every["unit"] == unit)]
    return workflow.called_by_set(store.frame(analysis_id, "predictions"), every)


@st.cache_data(show_spinner=False, max_entries=200)
def calibration_of(
    analysis_id: str, model: tuple[str, str], at: EvaluationSet
) -> tuple[Calibration, pd.DataFrame]:
    """Calibration of a (family, classifier) with its curve, and label ``y`` and probability ``p`` of each case."""
    cases = workflow.model_cases(predictions_at(analysis_id, at), model, at)
    own = workflow.counted(cases, at.unit)
    return workflow.calibration_of(cases, at.unit), pd.DataFrame({"y": own.y, "p": own.score})


@st.cache_data(show_spinner=False, max_entries=200)
def net_benefit(
    analysis_id: str,
    model: tuple[str, str],
    at: EvaluationSet,
    *,
    low: float,
    high: float,
    prevalence: float | None,
) -> DecisionCurve:
    """Decision curve of a (family, classifier) between two risks, at a prevalence or at the study's mix."""
    return workflow.net_benefit(
        predictions_at(analysis_id, at), model, at, low=low, high=high, prevalence=prevalence
    )


@st.cache_data(show_spinner=False, max_entries=64)
def center_effects(analysis_id: str, model: tuple[str, str], unit: Unit) -> CenterEffects:
    """A (family, classifier) in every center."""
    return workflow.center_effects(store.analysis(analysis_id), *model, unit)


@st.cache_data(show_spinner=False, max_entries=64)
def center_comparison(
    analysis_id: str, reference_id: str, family: str, unit: Unit, classifier: str | None
) -> CenterComparison:
    """A family in every center beside that of another analysis; each by its own pick, or both by one classifier."""
    own, other = store.analysis(analysis_id), store.analysis(reference_id)
    return workflow.compare_by_center(own, other, family, unit, classifier)


@st.cache_data(show_spinner=False, max_entries=200)
def operating_points(
    analysis_id: str, models: dict[str, tuple[str, str]], at: EvaluationSet, *, prevalence: float | None
) -> pd.DataFrame:
    """Sensitivity, specificity and predictive values of models, by name, at their training thresholds."""
    predictions, evaluations = predictions_at(analysis_id, at), store.frame(analysis_id, "evaluations")
    return workflow.operating_points(predictions, evaluations, models, at, prevalence=prevalence)


@st.cache_data(show_spinner=False, max_entries=100)
def operating_comparisons(
    analysis_id: str, models: dict[str, tuple[str, str]], at: EvaluationSet
) -> pd.DataFrame:
    """Paired differences in sensitivity and specificity of every two models."""
    predictions, evaluations = predictions_at(analysis_id, at), store.frame(analysis_id, "evaluations")
    return workflow.operating_comparisons(predictions, evaluations, models, at)
