"""The part of the selection page that weighs candidates against patients."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from sgcore.plots import words
from sgcore.ui import store, tables
from sgcore.ui.charts import download
from sgcore.ui.state import choose
from sgcore.ui.text import small
from sgcore.ui.view import View

IN_FOLDS = "as in training folds"


def needed(view: View, family: str) -> None:
    """How many candidates there are for each positive patient, and how many patients they would need."""
    at = choose(
        "anticipated_auc",
        [IN_FOLDS, "0.7", "0.8", "0.9"],
        IN_FOLDS,
        st.segmented_control,
        "AUC to be expected of the model",
        help="The better a model is expected to be, the fewer patients its development needs.",
    )
    need = store.development_need(view.analysis.id, None if at == IN_FOLDS else float(at))
    own = need[need["family"] == family]
    if own.empty:
        st.write(f"{family} has no candidates in this analysis.")
        return
    st.write(sentence(own.iloc[0]))
    small(
        "Riley's criteria for a logistic model of all candidates: shrinkage of at least 0.9, an optimism of at most "
        "0.05, the overall risk within 0.05. They count what the data could choose from, not what was kept."
    )
    with st.expander("Table: size of the development"):
        tables.wrapped(_table(need))
        download(need, view, "development-size")


def sentence(row: pd.Series) -> str:
    """Candidates, events and the patients needed, for one row of ``development_need``."""
    candidates, patients, events = (int(row[name]) for name in ("candidates", "n_patients", "n_pos"))
    text = (
        f"{row['family']} chose from {words.count(candidates, 'candidate')} in "
        f"{words.count(patients, 'training patient')}, {events} of them positive"
    )
    if words.missing(row["n_needed"]):
        return f"{text}; how many patients that needs cannot be said: {row['reason']}."
    wanted = int(row["n_needed"])
    need = (
        f"for an expected AUC of {words.auc(row['at'])} so many candidates ask for about {wanted:,} patients"
    )
    per = row["candidates_per_event"]
    text += f" ({per:,.0f} for each positive)" if per >= 2 else ""
    return f"{text}; {need}, {'which there are' if patients >= wanted else _times(wanted, patients)}."


def _times(wanted: int, have: int) -> str:
    ratio = wanted / have
    return f"{ratio:,.0f} times as many" if ratio >= 2 else f"{wanted - have:,} more"


def _table(need: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Family": need["family"],
            "Candidates": [tables.number(value, 0) for value in need["candidates"]],
            "Patients": [tables.number(value, 0) for value in need["n_patients"]],
            "Positive": [tables.number(value, 0) for value in need["n_pos"]],
            "Candidates for each positive": [
                tables.number(value, 1) for value in need["candidates_per_event"]
            ],
            "Expected AUC": [tables.number(value, 3) for value in need["at"]],
            "Patients needed": [tables.number(value, 0) for value in need["n_needed"]],
            "Shrinkage to expect": [tables.number(value, 2) for value in need["shrinkage"]],
            **tables.why(need),
        }
    )
