"""The list of the features page: which features a family has, which of them pass the filters, and the chosen one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from sgcore.config import fingerprint
from sgcore.domain import Unit
from sgcore.plots import words
from sgcore.ui import browsed_answers, state, store, tables
from sgcore.ui.charts import download
from sgcore.ui.text import small
from sgcore.ui.view import View

#: What a link calls the filters, and the text that is searched for.
_FILTERS = ("feature_class", "feature_image", "feature_fate", "feature_residue")
_SEARCH, _LONGEST = "feature_search", 120


@dataclass(frozen=True)
class Listed:
    """Rows of :func:`sgcore.workflow.list_features`, those that pass the filters, the same as people read them, and
    the names of all in plain words.
    """

    view: View
    family: str
    rows: pd.DataFrame
    passing: pd.DataFrame
    table: pd.DataFrame
    names: dict[str, str]


@st.cache_data(show_spinner=False, max_entries=32)
def _known(
    analysis_id: str, family: str, unit: Unit
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str], list[str]]:
    """The features of a family, the same as people read them, their names, and what a search looks into."""
    rows = store.features_of(analysis_id, family, unit)
    if rows.empty:
        return rows, rows, {}, []
    called = map(words.named, rows["feature"], rows["residue"])
    names = _distinct(dict(zip(rows["feature"], called, strict=True)))
    return rows, _shown(rows), names, [f"{name} {named}".casefold() for name, named in names.items()]


def choose(view: View, family: str) -> Listed:
    """The features of a family and the filters above them; all of these stand in the link."""
    rows, table, names, said = _known(view.analysis.id, family, view.unit)
    if rows.empty:
        return Listed(view, family, rows, rows, table, names)
    _arrive(names)
    filters = [each for each in _filters(rows) if len(each.options) > 1]
    columns = st.columns([1.7, *[1.0] * len(filters)], vertical_alignment="bottom")
    searched = _typed(columns[0]).casefold().split()
    kept = pd.Series([all(word in known for word in searched) for known in said], index=rows.index)
    for place, each in zip(columns[1:], filters, strict=True):
        shown = {"all": "All", **each.options}
        chosen = state.choose(
            each.name, list(shown), "all", place.selectbox, each.label, format_func=shown.__getitem__
        )
        kept &= (rows[each.column].astype(str) == chosen) | (chosen == "all")
    return Listed(view, family, rows, rows[kept].reset_index(drop=True), table[kept], names)


@dataclass(frozen=True)
class _Filter:
    """A picker: its name in the link and on the page, its column, and what each value is called."""

    name: str
    label: str
    column: str
    options: dict[str, str]


def _filters(rows: pd.DataFrame) -> list[_Filter]:
    residue = {"True": "Only residue", "False": "Without residue"}
    kinds = [
        ("feature_class", "Class", "feature_class", browsed_answers.class_name),
        ("feature_image", "Image type", "image_type", lambda kind: kind or "no filter"),
        ("feature_fate", "Fate", "step", words.STEPS.__getitem__),
        ("feature_residue", "Numerical residue", "residue", residue.__getitem__),
    ]
    return [
        _Filter(name, label, column, {value: called(value) for value in rows[column].astype(str).unique()})
        for name, label, column, called in kinds
    ]


def _arrive(names: dict[str, str]) -> None:
    """A link to a feature without filters shows it, whatever was filtered before.

    The term of a model that is a level of a descriptor (``margin=clear``) leads to the descriptor.
    """
    asked = state.asked_for("feature")
    if asked is None:
        return
    if any(name in st.query_params for name in (*_FILTERS, _SEARCH)):
        return
    feature = asked if asked in names else asked.partition("=")[0]
    if feature in names:
        _widen()
        state.put("feature", feature)


def _typed(place: Any) -> str:
    """The searched text, which lives in the link as the choices of :func:`state.choose` do."""
    key, kept = f"pick_{_SEARCH}", f"kept_{_SEARCH}"
    wanted, asked = state.taken(_SEARCH), state.asked_for(_SEARCH)
    if wanted is not None:
        st.session_state[key] = wanted
    elif asked is not None:
        st.session_state[key] = asked[:_LONGEST]
    else:
        st.session_state[key] = st.session_state.get(key, st.session_state.get(kept, ""))
    value = str(place.text_input("Search", key=key, max_chars=_LONGEST, placeholder="Part of a name"))
    st.session_state[kept] = value
    state.write(_SEARCH, value or None)
    return value


def _distinct(names: dict[str, str]) -> dict[str, str]:
    """Names in words by feature; those that occur twice carry the feature's own name."""
    known = pd.Series(names)
    twice = set(known.index[known.duplicated(keep=False)])
    return {feature: f"{name} [{feature}]" if feature in twice else name for feature, name in names.items()}


def pick(listed: Listed) -> str | None:
    """The feature to look at, among those that pass; without one a button that shows all again."""
    features = list(listed.passing.get("feature", []))
    if not features:
        if len(listed.rows):
            st.button("Show all features", on_click=_widen)
        return None
    label = f"Feature ({len(features):,} of {len(listed.rows):,}, selected ones first)"
    return state.choose(
        "feature", features, features[0], st.selectbox, label, format_func=listed.names.__getitem__
    )


def _widen() -> None:
    state.put(_SEARCH, "")
    for name in _FILTERS:
        state.put(name, "all")


def table(listed: Listed) -> None:
    """The features that pass, to sort, search, choose from and download."""
    # A column without a value says nothing.
    shown = listed.table.dropna(axis=1, how="all")
    small("Choose a row to look at its feature; a click on a heading sorts.")
    # Other filters make another table, in which the number of a row means another feature.
    key = f"features_{fingerprint(list(listed.passing['feature']))}"
    numbers = shown.select_dtypes("number").columns
    st.dataframe(
        shown,
        hide_index=True,
        column_config={name: st.column_config.NumberColumn(format="%.3f") for name in numbers},
        key=key,
        placeholder="–",
        on_select=partial(_choose_row, key, list(listed.passing["feature"])),
        selection_mode="single-row",
    )
    download(listed.passing, listed.view, "features")


def _choose_row(key: str, features: list[str]) -> None:
    """Look at the feature of the row that was chosen; a row that is let go changes nothing."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        state.put("feature", features[rows[0]])


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    """The list as people read it: fates with what they rest on, size and ICC."""
    fates = tables.fates(rows).rename(columns={"Spearman": "Spearman with that one"})
    fates["Spearman with size"], fates["ICC over changed ROIs"] = rows["size_rho"], rows["icc"]
    fates["Class"] = rows["feature_class"].map(browsed_answers.class_name)
    fates["Image type"] = rows["image_type"]
    # What is compared stands first, the test and the parts of the name last.
    last = ["Test", "Why", "Class", "Image type", "Feature"]
    first = [
        "In words",
        "Fate",
        "p",
        "p, patients counted",
        "q",
        "Spearman with size",
        "ICC over changed ROIs",
    ]
    order = [*first, *(name for name in fates if name not in (*first, *last)), *last]
    return fates[[name for name in order if name in fates]]
