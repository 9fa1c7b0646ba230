"""The form of the published study: the numbers of a paper as tables and fields, kept over page changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, get_args

import pandas as pd
import streamlit as st

from sgcore.audit.published.paper import TRAINING_FOLDS, Role
from sgcore.domain import Problem
from sgcore.ui.published_tables import COLUMNS, COUNTS, FLAGS, frame_of, raw_of
from sgcore.ui.text import plain, small

#: Tables of the form by their titles: the section of the file, what to type.
_TABLES = {
    "Sets": (
        "sets",
        "Sets of cases. Leave out what the paper does not print; tick class counts that you assume.",
    ),
    "AUCs": ("aucs", "AUCs with all printed digits, and their 95% interval where there is one."),
    "Proportions": ("proportions", "Sensitivity, specificity and others, a row a model at its threshold."),
    "Picks": ("picks", f"What was chosen as the best of how many, on which set (or {TRAINING_FOLDS})."),
    "Tests": ("comparisons", "p of tests of two AUCs, as printed: 0.034, <0.05 or >0.05."),
}
_LABELS = {
    "patients_positive": "Positive patients",
    "images_positive": "Positive images",
    "split_assumed": "Assumed",
    "value": "AUC",
    "low": "Lower limit",
    "high": "Upper limit",
    "ppv": "PPV",
    "npv": "NPV",
    "f1": "F1",
    "a": "First model",
    "b": "Second model",
    "p": "p",
}
_CHOICES = {"role": list(get_args(Role)), "unit": ["patient", "image"]}


def typed(draft: Mapping[str, Any], key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the form with the values of a draft; what now stands in it, and a place under each section for its problems.

    ``key`` names the draft: another key begins anew.
    """
    places: dict[str, Any] = {}
    frames: dict[str, pd.DataFrame] = {}
    with _section("Paper", "", places, "paper"):
        paper = _paper(draft.get("paper", {}), f"{key}_paper")
    for title, (table, says) in _TABLES.items():
        with _section(title, says, places, table):
            frames[table] = _editor(draft, table, key)
    with _section("Features", "", places, "features"):
        features = _features(draft.get("features", {}), f"{key}_features")
        small("Features of each class, over all image types.")
        frames["classes"] = _editor(draft, "classes", key)
    says = (
        "Candidates are all predictors that the data chose among, before any selection; events are positives."
    )
    with _section("Development", says, places, "development"):
        development = _development(draft.get("development", {}), f"{key}_development")
    return raw_of(frames, {"paper": paper, "features": features, "development": development}), places


@contextmanager
def _section(title: str, says: str, places: dict[str, Any], name: str) -> Iterator[None]:
    """A heading, what to type, the fields, and below them the place of their problems."""
    st.header(title, anchor=False)
    if says:
        small(says)
    yield
    places[name] = st.container()


def problems(found: list[Problem], places: Mapping[str, Any]) -> None:
    """Each problem under the section of its field."""
    for problem in found:
        section = (problem.column or "").partition(".")[0]
        with places.get(section, places["paper"]):
            value = "" if problem.value is None else f" ({problem.value!r})"
            st.error(plain(f"{problem.column}: {problem.rule}{value}. {problem.fix}"))


def _editor(draft: Mapping[str, Any], table: str, key: str) -> pd.DataFrame:
    config: dict[str, Any] = {}
    for name in COLUMNS[table]:
        label = _LABELS.get(name, name.capitalize())
        if name in FLAGS:
            config[name] = st.column_config.CheckboxColumn(label, default=False)
        elif name in COUNTS:
            config[name] = st.column_config.NumberColumn(label, min_value=0, step=1, format="%d")
        elif name in _CHOICES:
            config[name] = st.column_config.SelectboxColumn(label, options=_CHOICES[name])
        else:
            config[name] = st.column_config.TextColumn(label)
    edited: pd.DataFrame = st.data_editor(
        frame_of(draft, table),
        num_rows="dynamic",
        hide_index=True,
        column_config=config,
        key=f"{key}_{table}",
        placeholder="–",
    )
    return edited


def _paper(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    def text(name: str, label: str) -> str:
        return str(st.text_input(label, value=str(values.get(name, "")), key=f"{key}_{name}"))

    title = text("title", "Title")
    left, right = st.columns(2)
    with left:
        citation = text("citation", "Citation")
    with right:
        doi = text("doi", "DOI")
    return {"title": title, "citation": citation, "doi": doi}


def _number(values: Mapping[str, Any], name: str, label: str, key: str) -> int | None:
    given = values.get(name)
    number: int | None = st.number_input(
        label, min_value=0, step=1, value=given if isinstance(given, int) else None, key=f"{key}_{name}"
    )
    return number


def _features(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        total = _number(values, "total", "Features in all", key)
        threshold = st.text_input(
            "p threshold", value=str(values.get("p_threshold", "")), key=f"{key}_p_threshold"
        )
    with right:
        options = [None, "single", "volume"]
        slices = st.selectbox(
            "Slices",
            options,
            index=options.index(values.get("slices")),
            format_func=lambda value: {None: "not said", "single": "a single one", "volume": "a volume"}[
                value
            ],
            key=f"{key}_slices",
        )
        passed = _number(values, "p_passed", "Features below it", key)
    lists = {
        name: st.text_area(label, value=", ".join(values.get(name, [])), key=f"{key}_{name}", height=90)
        for name, label in (("image_types", "Image types, between commas"), ("selected", "Selected features"))
    }
    return {"total": total, "slices": slices, "p_threshold": threshold, "p_passed": passed, **lists}


def _development(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    numbers = {
        name: _number(values, name, label, key)
        for name, label in (("candidates", "Candidates"), ("patients", "Patients"), ("events", "Events"))
    }
    assumed = st.checkbox(
        "The paper does not print the events",
        value=bool(values.get("events_assumed")),
        key=f"{key}_events_assumed",
    )
    return {**numbers, "events_assumed": assumed}
