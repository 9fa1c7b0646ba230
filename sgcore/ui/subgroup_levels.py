"""One family in every level of a column, below the families' curves: all levels at once, with a warning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from sgcore import plots
from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.ui import answers, subgroup_results, tables
from sgcore.ui.charts import chart
from sgcore.ui.results import Shown
from sgcore.ui.state import choose
from sgcore.ui.text import plain, small
from sgcore.ui.view import View, theme

#: What holds of a subgroup on every part of the page.
SAME_MODELS = (
    "The models are those of the whole study: each family's classifier was picked, and its threshold chosen, there; "
    "nothing was fitted or picked anew in a subgroup."
)


def note(shown: Shown) -> None:
    """Which models stand in a subgroup, where one is chosen."""
    if shown.at.subgroup is not None:
        small(SAME_MODELS)


def looked_at(column: str | None) -> str:
    """What a look at held-out results is called: all levels of a column are seen at once."""
    return "families" if column is None else f"families by {column}"


def levels(view: View, shown: Shown, column: str | None) -> None:
    """AUC of one family in every level of a column, within the shown subset and center; nothing without a column."""
    if column is None or shown.rows.empty:
        return
    at = replace(shown.at, subgroup=None)
    st.header(f"AUC by {plain(words.feature(column))}", anchor=False)
    families = list(shown.models)
    whole = answers.rows_of(view.frame("evaluations"), at).merge(shown.rows[["family", "classifier"]])
    best = answers.ranked(whole)["family"]
    family = choose(
        "family",
        families,
        str(best.iloc[0]) if len(best) else families[0],
        st.segmented_control,
        "Family",
        label_visibility="collapsed",
    )
    rows = subgroup_results.levels(view.analysis.id, shown.models[family], column, at)
    rows = rows[rows["n_images"] + rows["n_left_out"] > 0].reset_index(drop=True)
    if rows.empty:
        return
    st.markdown(plain(sentence(rows, family, column, at)))
    chart(
        plots.forest(
            rows.assign(center=rows["level"], role="external"),
            pd.DataFrame(columns=["measure", "auc"]),
            theme(),
            family=family,
        ),
        view,
        name="family-by-subgroup",
        says=caption(rows, family, column, view.unit),
        table=_table(rows),
        raw=rows.assign(subgroup=column),
    )


def sentence(rows: pd.DataFrame, family: str, column: str, at: EvaluationSet) -> str:
    """From the lowest to the highest AUC of the levels; ``rows`` are those of ``subgroup_levels``."""
    known = answers.ranked(rows)
    by, place = words.feature(column), answers.place_of(at)
    if known.empty:
        return f"{family} has an AUC in no level of {by} {place}: {_reasons(rows)}."
    high, low = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        text = f"{family} has an AUC in only one level of {by} {place}: {_level(high)}"
    else:
        text = (
            f"By {by}, the AUC of {family} {place} is lowest, {_level(low)}, and highest, {_level(high)}; whether the "
            "levels differ is not tested"
        )
    without = len(rows) - len(known)
    more = (
        "" if not without else f"; {words.count(without, 'level')} {'has' if without == 1 else 'have'} none"
    )
    return f"{text}{more}."


def caption(rows: pd.DataFrame, family: str, column: str, unit: str) -> str:
    """What is drawn, and how far it can be read."""
    number = int(rows["auc"].notna().sum())
    text = f"{family} in each level of {words.feature(column)}, by {unit}, with 95% intervals. "
    if number > 1:
        text += (
            f"{number} levels are looked at here: the more there are, the further apart the lowest and the highest "
            "stand by chance alone, and these intervals do not allow for that. "
        )
    return text + (
        f"Levels hold other cases, whose patients may differ in more than {words.feature(column)}; a patient with "
        "images in several levels stands in each of them."
    )


def _level(row: pd.Series) -> str:
    return f"{words.estimate(row, words.patients(row))} in {row['level']}"


def _reasons(rows: pd.DataFrame) -> str:
    said: Sequence[str] = list(dict.fromkeys(str(text) for text in rows["reason"] if text))
    return said[0] if len(said) == 1 else "too few patients of a label, or one score for everybody"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    left_out = {"Images left out": rows["n_left_out"]} if rows["n_left_out"].any() else {}
    return pd.DataFrame(
        {
            "Level": rows["level"],
            "AUC (95% interval)": tables.with_interval(rows, "auc"),
            "Patients": rows["n_patients"],
            "Images": rows["n_images"],
            **left_out,
            "Positive": rows["n_pos"],
            "Negative": rows["n_neg"],
            "Interval by": rows["method"],
            **tables.why(rows),
        }
    )
