"""A family's selection beside the reference's: counts, fates, what changed, held-out values on demand."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from sgcore.config import AnalysisConfig
from sgcore.domain import Subset
from sgcore.plots import words
from sgcore.ui import analysis_choice, answers, looks, selection_answers, store
from sgcore.ui.text import plain
from sgcore.ui.view import View


@dataclass(frozen=True)
class Selection:
    """A family's selection, beside the reference's: counts, fates, LASSO, and the page's sentences.

    ``by_patient`` says how the tests fare when patients are counted; empty where images are patients.
    ``against`` is what the other analysis is called, empty without one.
    """

    family: str
    answer: str
    by_patient: str
    counts: pd.Series | None
    reference: pd.Series | None
    fates: pd.DataFrame
    curve: pd.DataFrame
    path: pd.DataFrame
    config: AnalysisConfig
    against: str
    features: pd.DataFrame
    auc: pd.DataFrame

    @property
    def untested(self) -> str:
        """Why there is no p value to draw; empty where a feature has one."""
        value = "p" if self.config.selection.correction == "none" else "q"
        if self.fates.empty or self.fates[value].notna().any():
            return ""
        return plain(
            selection_answers.untested(self.fates, words.CORRECTED[self.config.selection.correction])
        )

    @cached_property
    def selected(self) -> dict[str, str]:
        """Features of the model in plain words."""
        kept = self.fates[self.fates["step"] == "selected"] if len(self.fates) else self.fates
        return {name: words.named(name, name in self.residue) for name in kept.get("feature", [])}

    @cached_property
    def residue(self) -> set[str]:
        """Features that are numerical residue."""
        return set(self.fates.loc[self.fates["residue"], "feature"]) if len(self.fates) else set()


def load(view: View, family: str) -> Selection:
    """Everything the page shows of a family's selection, beside that of the analysis in the sidebar's picker."""
    config = view.analysis.config
    against = analysis_choice.pick_against(view)
    counts = _row(view.frame("counts"), family)
    value = words.CORRECTED[config.selection.correction]
    sentence = selection_answers.selection(counts, family, config.selection.p_threshold, value)
    reference, features, auc = None, pd.DataFrame(), pd.DataFrame()
    if against is not None:
        other, called = against
        reference = _row(store.frame(other, "counts"), family)
        features, auc = store.difference(view.analysis.id, other, "train", view.unit)
        sentence += " " + selection_answers.what_if(features, auc, family, called)
    return Selection(
        family=family,
        answer=sentence,
        by_patient=_by_patient(view, family, value),
        counts=counts,
        reference=reference,
        fates=_fates(view, family),
        curve=_of(view.frame("lasso_curve"), family),
        path=_of(view.frame("lasso_path"), family),
        config=config,
        against="" if against is None else against[1],
        features=features,
        auc=auc,
    )


def counts_table(shown: Selection, steps: dict[str, str]) -> pd.DataFrame:
    table: dict[str, list[Any]] = {"Step": list(steps.values())}
    for title, row in (("This analysis", shown.counts), (shown.against or "Reference", shown.reference)):
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
            f"Against {shown.against}": own["change"],
            "Feature": own["feature"],
            "In words": [words.named(name, name in shown.residue) for name in own["feature"]],
        }
    )


def coefficients(shown: Selection) -> pd.DataFrame:
    """Selected features with their coefficient at the chosen penalty, the strongest first."""
    kept = shown.fates[shown.fates["step"] == "selected"]
    kept = kept.sort_values("coefficient", key=abs, ascending=False)
    return pd.DataFrame(
        {
            "Feature": kept["feature"],
            "In words": [shown.selected[name] for name in kept["feature"]],
            "Coefficient": kept["coefficient"],
        }
    )


def lasso_table(curve: pd.DataFrame) -> pd.DataFrame:
    """Error in the folds at each penalty, the strongest first, and which penalty was chosen."""
    curve = curve.sort_values("alpha", ascending=False)
    lowest, within = (np.isclose(curve["alpha"], curve[name]) for name in ("alpha_min", "alpha_1se"))
    notes = [
        "; ".join(
            text
            for true, text in (
                (low, "lowest error"),
                (near, "strongest within one standard error"),
                (chosen, "chosen"),
            )
            if true
        )
        for low, near, chosen in zip(lowest, within, curve["chosen"].astype(bool), strict=True)
    ]
    return pd.DataFrame(
        {
            "Penalty (alpha)": curve["alpha"].map("{:.3g}".format),
            "Error in the folds": curve["error_mean"],
            "Standard error": curve["error_se"],
            "Note": notes,
        }
    )


def held_out(view: View, shown: Selection, subset: Subset) -> None:
    """Held-out values of a what-if on demand; each look is counted and enters the audit's number of looks."""
    if not view.what_if:
        return
    if not looks.opened(view, f"selection: {subset}", f"Show {subset} values"):
        return
    rows = answers.rows_of(view.frame("evaluations"), view.at(subset))
    for row in rows[rows["picked"].astype(bool) & (rows["family"] == shown.family)].to_dict("records"):
        st.markdown(
            f"{plain(row['family'])} ({plain(row['classifier'])}) on the {words.IN_SENTENCE[subset]}: "
            f"AUC {words.estimate(row, words.patients(row))}."
        )


def _by_patient(view: View, family: str, value: str) -> str:
    """The sentence on what the tests say when patients are counted, where some have several images."""
    cases = view.study.cases()
    patients = cases.loc[cases["subset"] == "train", "patient_id"]
    tested = _row(store.counts_by_patient(view.analysis.id), family)
    if tested is None or patients.is_unique:
        return ""
    return selection_answers.by_patient(tested, view.analysis.config.selection.p_threshold, value)


def _fates(view: View, family: str) -> pd.DataFrame:
    rows = _of(view.frame("selection"), family)
    if rows.empty:
        return rows
    return rows.assign(residue=rows["image_type"].isin(store.residue_types(view.analysis.id)))


def _of(frame: pd.DataFrame, family: str) -> pd.DataFrame:
    return frame if frame.empty else frame[frame["family"] == family].reset_index(drop=True)


def _row(frame: pd.DataFrame, family: str) -> pd.Series | None:
    found = _of(frame, family)
    return None if found.empty else found.iloc[0]
