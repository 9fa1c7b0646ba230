"""What the selection would be with the thresholds in the form, before any model is fitted with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from sgcore import plots, workflow
from sgcore.config import AnalysisConfig, SelectionConfig, fingerprint
from sgcore.errors import SgauditError
from sgcore.features import parse
from sgcore.plots import words
from sgcore.ui import selection_answers, store, tables
from sgcore.ui.charts import chart
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

if TYPE_CHECKING:
    from sgcore.models import FamilyResult
    from sgcore.workflow import Trial


def preview(view: View, config: AnalysisConfig, family: str) -> None:
    """The funnel of these thresholds beside that of the analysis, on training patients alone."""
    if config == view.analysis.config:
        small(
            "These are the thresholds of this analysis. Change one, and what it would select is shown here."
        )
        return
    try:
        found = _selected(view, config, family)
    except SgauditError as error:
        small(str(error))
        return
    if isinstance(found, str):
        small(f"{family} would not be there: {found}.")
        return
    if not found.counts:
        small(f"{family} selects no features; these thresholds do not change it.")
        return
    counts = pd.Series({step: found.counts.get(step, float("nan")) for step in plots.STEPS})
    value = words.CORRECTED[config.selection.correction]
    sentence = selection_answers.selection(counts, family, config.selection.p_threshold, value)
    st.markdown(f"**With these thresholds:** {plain(f'{sentence} {_changes(view, found.trace, family)}')}")
    own = view.frame("counts")
    own = own[own["family"] == family]
    reference = None if own.empty else own.iloc[0]
    shown_theme = theme()
    chart(
        plots.funnel(
            counts,
            shown_theme,
            color=shown_theme.family(family),
            reference=reference,
            names=("these thresholds", "this analysis"),
        ),
        view,
        name="tried-funnel",
        says="Training patients alone. Apply fits the models with these thresholds and stores the analysis.",
        table=tables.fates(_kept(view, found.trace)),
    )


def _kept(view: View, trace: pd.DataFrame) -> pd.DataFrame:
    """Selected features as the page's other tables take them; p that count patients come with the analysis."""
    kept = trace[trace["step"] == "selected"]
    residue = store.residue_types(view.analysis.id)
    return kept.assign(
        residue=[parse(name).image_type in residue for name in kept["feature"]], p_clustered=float("nan")
    )


def _changes(view: View, trace: pd.DataFrame, family: str) -> str:
    rows = view.frame("selection")
    before = set(rows.loc[(rows["family"] == family) & (rows["step"] == "selected"), "feature"])
    after = set(trace.loc[trace["step"] == "selected", "feature"])
    return (
        f"Against this analysis {words.count(len(after - before), 'feature')} gained, {len(before - after)} lost, "
        f"{len(after & before)} kept."
    )


def _selected(view: View, config: AnalysisConfig, family: str) -> FamilyResult | str:
    # What was written since may be features of images that failed before.
    rest = f"{fingerprint(replace(config, selection=SelectionConfig()))} {store.store().connection.commits}"
    trial = _trial(view.analysis.id, rest, view, config)
    return _select(view.analysis.id, rest, fingerprint(config.selection), family, trial, config.selection)


@st.cache_resource(show_spinner=False, max_entries=4)
def _trial(analysis_id: str, rest: str, _view: View, _config: AnalysisConfig) -> Trial:
    return workflow.Trial(_view.study, _config, store.store())


@st.cache_resource(show_spinner=False, max_entries=100)
def _select(
    analysis_id: str, rest: str, thresholds: str, family: str, _trial: Trial, _selection: SelectionConfig
) -> FamilyResult | str:
    return _trial.select(_selection, family)
