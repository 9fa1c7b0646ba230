"""Who was studied, which label is positive, and where the groups differ, in the cohort page's first sentence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.domain import Study
from sgcore.plots import words

#: More variables than this are counted, not named.
_NAMED = 3


def cohort(study: Study, baseline: pd.DataFrame) -> str:
    """The study in numbers, and the variable in which its groups differ most, or why none can be compared."""
    counts = study.patients["label"].value_counts()
    centers = study.patients["center"].nunique()
    text = (
        f"{words.count(len(study.patients), 'patient')} with {words.count(len(study.images), 'image')} from "
        f"{words.count(centers, 'center')}: {int(counts.get(study.negative, 0))} {study.negative} and "
        f"{int(counts.get(study.positive, 0))} {study.positive} (the positive label)"
    )
    external = (study.patients["subset"] == "external").any()
    groups = "development and external patients" if external else "training and validation patients"
    if baseline.empty:
        return f"{text}; no variable, such as age, is known by which {groups} could be compared."
    known = baseline.dropna(subset=["smd"])
    if known.empty:
        return f"{text}; {groups} cannot be compared: {_why(baseline)}."
    top = known.iloc[int(known["smd"].abs().to_numpy().argmax())]
    return (
        f"{text}; {groups} differ most in {words.feature(str(top['variable']))} "
        f"(standardized difference {abs(top['smd']):.2f}{_size(top)})."
    )


def _size(row: pd.Series) -> str:
    """The interval of a standardized difference without its sign."""
    if words.missing(row["smd_low"]) or words.missing(row["smd_high"]):
        return ", interval not estimable"
    low, high = sorted([abs(row["smd_low"]), abs(row["smd_high"])])
    return f", {0 if row['smd_low'] <= 0 <= row['smd_high'] else f'{low:.2f}'} to {high:.2f}"


def _why(baseline: pd.DataFrame) -> str:
    """The reason of each variable: ``age (no value in a group) and histology (...)``."""
    parts = [_named(row) for row in baseline.head(_NAMED).to_dict("records")]
    more = len(baseline) - _NAMED
    return words.join([*parts, *([words.count(more, "more variable")] if more > 0 else [])])


def _named(row: dict[str, Any]) -> str:
    reason = "" if words.missing(row["reason"]) else str(row["reason"])
    return f"{words.feature(str(row['variable']))}{f' ({reason})' if reason else ''}"
