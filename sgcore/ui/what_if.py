"""The what-if: the thresholds as a form, the new analysis they make, and what it changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.config import AnalysisConfig, Recipe, recipe, with_changes
from sgcore.domain import Subset
from sgcore.errors import SgauditError
from sgcore.features import residue_image_types
from sgcore.plots import words
from sgcore.ui import answers, state, store
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
}


@dataclass(frozen=True)
class Selection:
    """A family's selection, beside the reference's: counts, fates, LASSO, and the page's sentence."""

    family: str
    answer: str
    counts: pd.Series | None
    reference: pd.Series | None
    fates: pd.DataFrame
    curve: pd.DataFrame
    path: pd.DataFrame
    config: AnalysisConfig
    features: pd.DataFrame
    auc: pd.DataFrame

    @property
    def selected(self) -> dict[str, str]:
        """Features of the model in plain words."""
        kept = self.fates[self.fates["step"] == "selected"] if len(self.fates) else self.fates
        return {name: words.feature(name) for name in kept.get("feature", [])}


def form(view: View) -> None:
    """Draw the thresholds; on apply, compute and open the analysis that they make."""
    bases = list(_BASES)
    base_name = st.segmented_control(
        "Start from",
        bases,
        default="shown",
        format_func=_BASES.__getitem__,
        required=True,
        key="what_if_base",
    )
    base = view.analysis.config if base_name == "shown" else recipe(cast(Recipe, base_name))
    with st.form("what_if"):
        config = _fields(view, base, f"{view.analysis_id}_{base_name}")
        if st.form_submit_button("Apply", type="primary"):
            apply(view, config)


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
    return with_changes(base, **{f"selection__{name}": value for name, value in chosen.items()})


def _pick(column: Any, label: str, options: dict[str, str], now: str, key: str) -> str:
    names = list(options)
    return str(
        column.selectbox(
            label, names, names.index(now), format_func=options.__getitem__, key=f"{label}_{key}"
        )
    )


def apply(view: View, config: AnalysisConfig) -> None:
    """Compute the analysis (or find it), name it, and make it the one that is shown."""
    try:
        with st.spinner("Selecting features and fitting the models, with every step repeated in each fold …"):
            known = set(store.analyses(view.study.fingerprint)["analysis_id"])
            made = workflow.analyze(view.study, config, store.store())
            if made.id not in known:
                store.rename(made.id, name(config))
    except SgauditError as error:
        st.error(plain(str(error)))
        return
    state.put("analysis", made.id)
    st.rerun()


def name(config: AnalysisConfig) -> str:
    """What an analysis is called: its recipe and the thresholds that differ from it."""
    shipped = recipe(config.recipe).selection
    changed = [
        text.format(f"{value:g}" if isinstance(value, float) else value)
        for field, text in _SHORT.items()
        if (value := getattr(config.selection, field)) != getattr(shipped, field)
    ]
    return ", ".join([f"{config.recipe} recipe", *changed])


def load(view: View, family: str) -> Selection:
    """Everything the page shows of a family's selection."""
    config = view.analysis.config
    counts = _row(view.frame("counts"), family)
    value = "p" if config.selection.correction == "none" else "q"
    sentence = answers.selection(counts, family, config.selection.p_threshold, value)
    reference, features, auc = None, pd.DataFrame(), pd.DataFrame()
    if view.reference_id not in (None, view.analysis_id):
        reference = _row(store.frame(view.reference_id or "", "counts"), family)
        features, auc = store.difference(view.analysis_id or "", view.reference_id or "", "train", view.unit)
        sentence += " " + answers.what_if(features, auc, family)
    return Selection(
        family=family,
        answer=sentence,
        counts=counts,
        reference=reference,
        fates=_fates(view, family),
        curve=_of(view.frame("lasso_curve"), family),
        path=_of(view.frame("lasso_path"), family),
        config=config,
        features=features,
        auc=auc,
    )


def counts_table(shown: Selection, steps: dict[str, str]) -> pd.DataFrame:
    table: dict[str, list[Any]] = {"Step": list(steps.values())}
    for title, row in (("This analysis", shown.counts), ("Reference", shown.reference)):
        if row is not None:
            table[title] = [int(row[step]) for step in steps]
    return pd.DataFrame(table)


def changes_table(shown: Selection) -> pd.DataFrame:
    """Features gained and lost, those kept last."""
    own = shown.features[shown.features["family"] == shown.family]
    order = {"gained": 0, "lost": 1, "kept": 2}
    own = own.sort_values("change", key=lambda change: change.map(order), kind="stable")
    return pd.DataFrame(
        {
            "Against the reference": own["change"],
            "Feature": own["feature"],
            "In words": own["feature"].map(words.feature),
        }
    )


def coefficients(shown: Selection) -> pd.DataFrame:
    """Selected features with their coefficient at the chosen penalty, the strongest first."""
    kept = shown.fates[shown.fates["step"] == "selected"]
    kept = kept.sort_values("coefficient", key=abs, ascending=False)
    return pd.DataFrame(
        {
            "Feature": kept["feature"],
            "In words": kept["feature"].map(words.feature),
            "Coefficient": kept["coefficient"],
        }
    )


def held_out(view: View, shown: Selection, subset: Subset) -> None:
    """Held-out values on demand; each look is counted and enters the audit's number of looks."""
    st.caption(
        "Held-out results stay closed while thresholds are tried. Each look is counted and stored; the audit "
        "(SGA030) reads the count."
    )
    if st.button("Show external values" if subset == "external" else "Show validation values"):
        number = store.look(view.analysis_id or "", f"selection: {subset}")
        rows = answers.rows_of(view.frame("evaluations"), subset=subset, center=None, unit=view.unit)
        for row in rows[rows["family"] == shown.family].to_dict("records"):
            st.markdown(
                f"{plain(row['family'])} ({plain(row['classifier'])}) on the {words.IN_SENTENCE[subset]}: "
                f"AUC {words.auc(row['auc'])} ({words.interval(row['ci_low'], row['ci_high'])}; "
                f"{words.count(int(row['n_patients']), 'patient')}). This was look {number} of this study."
            )


def _fates(view: View, family: str) -> pd.DataFrame:
    rows = _of(view.frame("selection"), family)
    residue = view.frame("residue")
    types = set(residue_image_types(residue)) if len(residue) else set()
    return rows.assign(residue=rows["image_type"].isin(types)) if len(rows) else rows


def _of(frame: pd.DataFrame, family: str) -> pd.DataFrame:
    return frame if frame.empty else frame[frame["family"] == family].reset_index(drop=True)


def _row(frame: pd.DataFrame, family: str) -> pd.Series | None:
    found = _of(frame, family)
    return None if found.empty else found.iloc[0]
