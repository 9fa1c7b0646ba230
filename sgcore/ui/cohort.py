"""The cohort page's tables as people read them: centers, groups side by side, odds ratios."""

from __future__ import annotations

import re

import pandas as pd

from sgcore.plots import words
from sgcore.ui.charts import download
from sgcore.ui.tables import number, table, why, with_interval, wrapped
from sgcore.ui.text import plain
from sgcore.ui.view import View

#: Levels of a variable that a cell lists; of more than ``_MANY`` the most frequent alone.
_MANY, _LISTED = 8, 4
#: Columns of a table whose cells still have room for a few words.
_WIDE = 10
_LEVEL = re.compile(r"(.+?) (\d+) \((\d+\.\d)%\)(?:; |(?= \(\d+ missing\)$)|$)")
_NAMES = {
    "center": "Center",
    "role": "Role",
    "patients": "Patients",
    "images": "Images",
    "variable": "Variable",
    "descriptor": "Descriptor",
    "subset": "Cases",
    "n_patients": "Patients",
    "n_images": "Images",
    "test": "Test",
}
#: What stands in place of a standardized difference where there are more than two groups.
LARGEST = "Largest standardized difference of two groups"
#: Groups of a study by subset or center; those by label are called as the labels are.
_GROUPS = {
    "development": "Development",
    "external": "External",
    "train": "Training",
    "validation": "Validation",
}


def centers(rows: pd.DataFrame) -> pd.DataFrame:
    """Patients and images of each center, and its patients of each label."""
    return rows.rename(columns={name: _NAMES[name] for name in rows.columns[:4]})


def groups(rows: pd.DataFrame) -> pd.DataFrame:
    """A cohort table: a column a group, of many levels the most frequent; the rest gets its name."""
    columns = list(rows.columns)
    start = 2 if columns[1] == "subset" else 1
    compared = columns[start : columns.index("n_patients", start)]
    known = _NAMES | {name: name for name in compared} | (_GROUPS if set(compared) <= set(_GROUPS) else {})
    shown = rows.drop(columns=["smd", "smd_low", "smd_high", "smd_between", "p", "reason"], errors="ignore")
    # A group that a set of cases has not has no cell there.
    shown = shown.assign(
        **{name: shown[name].map(levels, na_action="ignore").fillna("–") for name in compared}
    )
    shown = shown.rename(columns=known)
    for name in ("Variable", "Descriptor"):
        if name in shown:
            shown[name] = shown[name].map(words.feature)
    if "Cases" in shown:
        shown["Cases"] = shown["Cases"].map(words.SUBSETS)
    shown["p"] = rows["p"].map(words.p_value)
    if "smd_between" in rows:
        # The largest of several has no interval; a set of cases with two groups alone has one.
        whole = with_interval(rows, "smd", "smd_low", "smd_high", digits=2)
        sizes = zip(rows["smd"].map(lambda size: number(size, 2)), rows["smd_between"], whole, strict=True)
        shown[LARGEST] = [
            own if words.missing(pair) or not pair else f"{size} ({pair})" for size, pair, own in sizes
        ]
    else:
        shown["Standardized difference"] = with_interval(rows, "smd", "smd_low", "smd_high", digits=2)
    return shown.assign(**why(rows))


def show(rows: pd.DataFrame, view: View, name: str) -> None:
    """A cohort table with its download; one of many groups is scrolled sideways."""
    shown = groups(rows)
    if len(shown.columns) > _WIDE:
        table(shown, key=f"table_{name}")
    else:
        wrapped(shown, longest=240)
    download(rows, view, name)


def by(name: str) -> str:
    """What groups are made by, in a heading."""
    return plain(words.feature(name))


def levels(text: str) -> str:
    """``cyst 7 (6.7%); ...`` of many levels as its most frequent and how many others there are."""
    found = _LEVEL.findall(text)
    present = [(name, int(number)) for name, number, _ in found if int(number)]
    if len(found) <= _MANY or len(present) <= _LISTED:
        return text
    shares = {name: share for name, _, share in found}
    first = sorted(present, key=lambda level: -level[1])[:_LISTED]
    others = sum(number for _, number in present) - sum(number for _, number in first)
    missing = re.search(r" \(\d+ missing\)$", text)
    listed = "; ".join(f"{name} {number} ({shares[name]}%)" for name, number in first)
    rest = f"; {words.count(len(present) - _LISTED, 'other value')} {others}"
    return listed + rest + (missing.group() if missing else "")


def odds(rows: pd.DataFrame) -> pd.DataFrame:
    """Odds ratios with intervals; how each model was fitted."""
    return pd.DataFrame(
        {
            "Model": rows["model"],
            "Descriptor": rows["term"].map(words.feature),
            "Odds ratio (95% interval)": with_interval(rows, "odds_ratio", digits=2),
            "p": rows["p"].map(words.p_value),
            "Fitted by": rows["method"],
            **why(rows),
        }
    )
