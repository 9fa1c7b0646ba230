"""The thresholds as a form, and the what-if that they make: computed in the background, then opened."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st

from sgcore import workflow
from sgcore.config import AnalysisConfig, Recipe, recipe, with_changes
from sgcore.ui import state, store, tried, watching
from sgcore.ui.text import plain
from sgcore.ui.view import View

_TESTS = {
    "auto": "Chosen by normality and variance",
    "student": "Student",
    "welch": "Welch",
    "mannwhitney": "Mann-Whitney U",
}
_CORRECTIONS = {"none": "None", "holm": "Holm", "bh": "Benjamini-Hochberg"}
_LOSSES = {"gaussian": "Squared error on 0/1", "logistic": "Logistic"}
_RULES = {"min": "Lowest error", "1se": "Within one standard error"}
_BASES = {"shown": "This analysis", "paper": "Paper recipe", "strict": "Strict recipe"}
#: What a change of a setting is called in the name of the analysis it makes.
_SHORT = {
    "p_threshold": "p < {}",
    "test": "test {}",
    "correction": "correction {}",
    "rho": "rho {}",
    "lasso_loss": "{} LASSO",
    "lasso_rule": "alpha {}",
    "folds": "{} folds",
    "drop_residue": "residue out: {}",
    "icc_min": "ICC from {}",
    "harmonize": "ComBat",
}


@st.fragment
def form(view: View, family: str) -> None:
    """Draw the thresholds and what they would select of a family; on apply, the analysis that they make is computed."""
    base_name = st.radio(
        "Start from", list(_BASES), format_func=_BASES.__getitem__, horizontal=True, key="what_if_base"
    )
    base = view.analysis.config if base_name == "shown" else recipe(cast(Recipe, base_name))
    config = _fields(view, base, f"{view.analysis_id}_{base_name}")
    tried.preview(view, config, family)
    if st.button("Apply", type="primary"):
        _apply(view, config)


def _fields(view: View, base: AnalysisConfig, key: str) -> AnalysisConfig:
    now = base.selection
    first, second, third = st.columns(3)
    chosen: dict[str, Any] = {
        "p_threshold": first.number_input(
            "p below", 0.0001, 1.0, now.p_threshold, 0.01, format="%.4f", key=f"p_{key}"
        ),
        "test": _pick(first, "Test", _TESTS, now.test, key),
        "correction": _pick(first, "Correction for many tests", _CORRECTIONS, now.correction, key),
        "rho": second.number_input(
            "Near copies: Spearman above",
            0.05,
            1.0,
            now.rho,
            0.05,
            key=f"rho_{key}",
            help="Of two features with a stronger correlation than this, one stays.",
        ),
        "lasso_loss": _pick(second, "LASSO loss", _LOSSES, now.lasso_loss, key),
        "lasso_rule": _pick(second, "LASSO penalty", _RULES, now.lasso_rule, key),
        "folds": int(third.number_input("LASSO folds", 2, 20, now.folds, 1, key=f"folds_{key}")),
        "drop_residue": third.checkbox(
            "Leave numerical residue out",
            now.drop_residue,
            key=f"residue_{key}",
            help="Features of filters that have no response on a single slice.",
        ),
    }
    fragile = third.checkbox(
        "Leave ROI-fragile features out",
        now.icc_min is not None,
        key=f"fragile_{key}",
        help="Their ICC over changed ROIs is low. Needs the features that the strict recipe extracts.",
    )
    chosen["icc_min"] = (now.icc_min or 0.75) if fragile else None
    harmonize = third.checkbox(
        "Harmonize centers (ComBat)",
        now.harmonize == "combat",
        key=f"harmonize_{key}",
        help=(
            "Takes the difference in level and spread between centers out of each radiomics feature, as learned "
            "from training patients without their labels. Needs training patients of at least two centers, five "
            "of each; images of other centers then have no radiomics score."
        ),
    )
    chosen["harmonize"] = "combat" if harmonize else "none"
    return with_changes(base, **{f"selection__{name}": value for name, value in chosen.items()})


def _pick(column: Any, label: str, options: dict[str, str], now: str, key: str) -> str:
    names = list(options)
    return str(
        column.selectbox(
            label, names, names.index(now), format_func=options.__getitem__, key=f"{label}_{key}"
        )
    )


def _apply(view: View, config: AnalysisConfig) -> None:
    """Compute the analysis (or find it) and name it, in the background."""
    target, study = store.store(), view.study
    known = set(store.analyses(study.fingerprint)["analysis_id"])

    def work(on_progress: Any, cancel: Any) -> tuple[str, str]:
        made = workflow.analyze(study, config, target, on_progress=on_progress, cancel=cancel)
        if made.id not in known:
            workflow.rename_analysis(target, made.id, name(config))
        return made.study_id, made.id

    watching.begin(f"The what-if “{name(config)}”", work, "what_if")


def outcome(view: View) -> None:
    """Open the what-if that this tab began, once it is computed; offer one that another tab began."""
    job = watching.news("what_if")
    if job is None:
        return
    if job.state != "done":
        if watching.own(job):
            watching.failure(job)
        return
    study_id, analysis_id = job.result
    if watching.own(job):
        _open(job, analysis_id)
        st.rerun()
    if study_id == view.study_id and analysis_id != view.analysis_id:
        st.info(f"{plain(job.title)} is finished.")
        st.button("Open it", on_click=_open, args=(job, analysis_id))


def _open(job: watching.BackgroundJob, analysis_id: str) -> None:
    watching.told(job)
    state.put("analysis", analysis_id)


def name(config: AnalysisConfig) -> str:
    """What an analysis is called: its recipe and the thresholds that differ from it."""
    shipped = recipe(config.recipe).selection
    changed = [
        text.format(f"{value:g}" if isinstance(value, float) else value)
        for field, text in _SHORT.items()
        if (value := getattr(config.selection, field)) != getattr(shipped, field)
    ]
    return ", ".join([f"{config.recipe} recipe", *changed])
