"""Who was studied, which label is positive, and where the groups differ, in the cohort page's sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.domain import Study
from sgcore.plots import words
from sgcore.workflow import ROLE

#: More variables, or groups, than this are counted, not named.
_NAMED = 3
_SUBSETS = {"train": "training"}


def cohort(study: Study, tables: Mapping[str, pd.DataFrame], by: str, place: str = "") -> str:
    """The patients in numbers, and the variable in which the groups differ most, or why none can be compared.

    ``tables`` are those of ``cohort_tables`` ``by`` something; ``place`` says who is counted, after the counts.
    """
    centers, baseline = tables["centers"], tables["baseline"]
    text = (
        f"{words.count(int(centers['patients'].sum()), 'patient')} with "
        f"{words.count(int(centers['images'].sum()), 'image')} from {words.count(len(centers), 'center')}{place}: "
        f"{int(centers[study.negative].sum())} {study.negative} and "
        f"{int(centers[study.positive].sum())} {study.positive} (the positive label)"
    )
    present = [str(name) for name in tables["groups"].query("patients > 0")["group"]]
    if len(present) < 2:
        return f"{text}; all of them are {_called(by, present)}, so that there are no groups to compare."
    groups = _called(by, present)
    if baseline.empty:
        return f"{text}; no variable, such as age, is known by which {groups} could be compared."
    known = baseline.dropna(subset=["smd"])
    if known.empty:
        return f"{text}; {groups} cannot be compared: {_why(baseline)}."
    top = known.iloc[int(known["smd"].abs().to_numpy().argmax())]
    size = f"standardized difference {abs(top['smd']):.2f}"
    detail = f"{size}{_size(top)}" if len(present) == 2 else f"largest {size}, {top['smd_between']}"
    if len(present) > 2 and not words.missing(top.get("p")):
        detail += f"; p {words.p_value(top['p'])} over all groups, not adjusted for the number of variables"
    # Groups without a common value have no standardized difference, though they could not differ more.
    apart = baseline[baseline["reason"].fillna("").str.contains("no value in common")]
    if len(apart):
        first = apart.iloc[0]
        return f"{text}; by {words.feature(str(first['variable']))} {first['reason']}."
    return f"{text}; {groups} differ most in {words.feature(str(top['variable']))} ({detail})."


def differences(by: str, sizes: pd.DataFrame) -> str:
    """What the bars of table 1 are."""
    text = "How far the groups are apart in units of their spread"
    number = int((sizes["patients"] > 0).sum())
    if number > 2:
        text += (
            f": of the {number} groups by {words.feature(by)} the two that are farthest apart, so that some "
            "difference is to be expected"
        )
        return f"{text}; between small groups it is large by chance alone."
    return f"{text}. Up to 0.1 is commonly read as balanced."


def nobody(sizes: pd.DataFrame) -> str:
    """Groups of the study that nobody here belongs to; empty where there are none."""
    empty = [
        _SUBSETS.get(str(name), str(name)) for name in sizes.query("patients == 0 and images == 0")["group"]
    ]
    more = len(empty) - _NAMED
    named = [*empty[:_NAMED], *([words.count(more, "more group")] if more > 0 else [])]
    return f"Nobody here is in these groups: {words.join(named)}." if empty else ""


def _called(by: str, present: list[str]) -> str:
    """The groups as a sentence names them: ``training and external patients``, ``the 4 groups by device``."""
    names = [_SUBSETS.get(name, name) for name in present]
    if len(names) > _NAMED or (len(names) > 2 and by not in ("label", "subset", ROLE)):
        return f"the {len(names)} groups by {words.feature(by)}"
    if by in ("label", "subset", ROLE):
        return f"{words.join(names)} patients"
    return words.join(names) if len(names) < 2 else f"the groups {words.join(names)}"


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
