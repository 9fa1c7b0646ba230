"""Models made elsewhere that belong to no study: the comparison of `sgaudit compare`, on the import page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from sgcore import workflow
from sgcore.domain import Unit
from sgcore.plots import words
from sgcore.ui import answers, brought, brought_answers, store, tables
from sgcore.ui.text import plain, small
from sgcore.ui.view import View
from sgcore.workflow.unit_comparison import UnitComparison

#: Lines of the figure; what centers add beyond is in its table.
_DRAWN = 24
_MEASURES = {
    "intercept": "Intercept (ideal 0)",
    "slope": "Slope (ideal 1)",
    "brier": "Brier score",
    "scaled_brier": "Scaled Brier score (ideal 1)",
}
_WITHIN = ("within_center_auc", "within_center_low", "within_center_high")


def show(view: View) -> None:
    """Files of no study, one at a time: AUCs, paired differences, and by center in the table."""
    files = workflow.brought_files(store.store())
    if files.empty:
        return
    st.header("Files compared by themselves", anchor=False)
    file_id = brought.choose_file(dict(zip(files["file_id"], files["name"], strict=True)))
    found = brought.loaded(None, file_id)
    models = tuple(brought.choose_models(found, file_id))
    if not models:
        st.write("Choose at least one model.")
        return
    named = found.table.groups is not None
    unit, result, calibration, chance = _compared(file_id, models, view.unit)
    if result.reason:
        st.write(f"Not by patient: {plain(result.reason)}. Count by image to see every case.")
        return
    counted = unit if named else "case"
    narrow = "" if named else f" {brought_answers.NAMELESS}"
    rows, pairs = rows_of(result, named=named), pairs_of(result, named=named)
    st.markdown(f"**{plain(sentence(rows, pairs, counted) + narrow)}**")
    brought.figures(
        View(None, None, None, unit, view.picture),
        pd.concat([rows, *_centers(result, named)], ignore_index=True),
        pairs,
        drawn=_DRAWN,
        kind="Center",
        within=True,
        dots=f"AUC by {counted} with 95% intervals, all centers together and, where the file names them, in each. "
        f"The direction of scores is never turned.{narrow}",
        matrix="Below the diagonal: row minus column, with its interval. Above: raw p and p adjusted by Holm over "
        f"the pairs shown here. Each pair on the cases that both scored (DeLong, paired).{narrow}",
    )
    small(chance)
    if found.table.roles.kind == "probability":
        with st.expander("Table: calibration, by case"):
            tables.wrapped(calibration_table(calibration))
    brought.about(found)


def sentence(rows: pd.DataFrame, pairs: pd.DataFrame, counted: str) -> str:
    """Which model has the highest AUC, and how far it is ahead of the next."""
    known = answers.ranked(rows)
    if known.empty:
        return f"No model of this file has an AUC{answers.because(rows)}."
    first = known.iloc[0]
    number = words.count(int(first["n_pos"] + first["n_neg"]), counted)
    text = (
        f"{first['family']} has {'the highest' if len(known) > 1 else 'an'} AUC{' of' if len(known) == 1 else ','} "
        f"{words.estimate(first, number)}"
    )
    if len(known) == 1:
        return f"{text}."
    second = str(known.iloc[1]["family"])
    pair = answers.difference(pairs, str(first["family"]), second)
    if pair is not None and pair["n_left_out"]:
        left_out = words.count(int(pair["n_left_out"]), "case")
        return f"{text}; {answers.versus({**pair, 'n_left_out': 0}, second)}, {left_out} left out."
    return f"{text}; {answers.versus(pair, second)}."


def rows_of(result: UnitComparison, *, named: bool) -> pd.DataFrame:
    """The models as rows of ``evaluations``; ``named`` says that the file names patients."""
    return _rows(result.models, result.unit, named)


def pairs_of(result: UnitComparison, *, named: bool) -> pd.DataFrame:
    """The pairs as rows of ``comparisons``."""
    pairs = result.pairs
    return pairs.assign(
        n_patients=pairs["n_patients"] if named else np.nan,
        n_images=pairs["n"] if named and result.unit == "image" else np.nan,
    )


def calibration_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Measures of each model's declared probabilities, one a row."""
    return pd.DataFrame(
        {
            "Model": rows["model"],
            "Measure": rows["measure"].map(_MEASURES),
            "Value (95% interval)": tables.with_interval(rows, "estimate"),
            "Cases": rows["n"],
            "Interval by": rows["method"],
            **tables.why(rows),
        }
    )


@st.cache_data(show_spinner=False, max_entries=16)
def _compared(
    file_id: str, models: tuple[str, ...], unit: Unit
) -> tuple[Unit, UnitComparison, pd.DataFrame, str]:
    """By patient where that is asked for and the file names patients, else by case; calibration and chance."""
    found = brought.loaded(None, file_id)
    result = workflow.compare_prediction_table(found.table.only(models))
    by_patient = result.by_patient
    told = workflow.chance_in_words(result.chance, "case" if by_patient is None else "patient")
    if unit == "patient" and by_patient is not None:
        return unit, by_patient, result.calibration, told
    return "image", result.by_case, result.calibration, told


def _centers(result: UnitComparison, named: bool) -> list[pd.DataFrame]:
    """Each model in each center."""
    if result.by_center.empty:
        return []
    rows = _rows(result.by_center, result.unit, named)
    return [rows.assign(classifier=result.by_center["center"].to_numpy())]


def _rows(models: pd.DataFrame, unit: Unit, named: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "family": models["model"],
            "classifier": "all cases",
            "n_patients": models["n_patients"] if named else np.nan,
            "n_images": models["n"] if named and unit == "image" else np.nan,
            "n_pos": models["n_pos"],
            "n_neg": models["n"] - models["n_pos"],
            **{name: models[name] for name in ("auc", "ci_low", "ci_high", "method")},
            "n_left_out": models["n_missing"],
            **{name: models.get(name, np.nan) for name in _WITHIN},
            "within_center_note": models.get("within_center_reason", ""),
            "reason": models["reason"],
        }
    )
