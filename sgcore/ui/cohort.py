"""The cohort page's tables as people read them: centers, groups side by side, odds ratios."""

from __future__ import annotations

import re

import pandas as pd

from sgcore.plots import words
from sgcore.ui.tables import why, with_interval

#: Levels of a variable that a cell lists; of more than ``_MANY`` the most frequent alone.
_MANY, _LISTED = 8, 4
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
#: Groups of patients in table 1; those of table 2 are called as the study's labels are.
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
    known = _NAMES | (_GROUPS if "variable" in rows else {})
    ends = [
        list(rows.columns).index(name)
        for name in ("variable" if "variable" in rows else "subset", "n_patients")
    ]
    compared = list(rows.columns[ends[0] + 1 : ends[1]])
    shown = rows.drop(columns=["smd", "smd_low", "smd_high", "p", "reason"], errors="ignore")
    shown = shown.assign(**{name: shown[name].map(levels) for name in compared})
    shown = shown.rename(columns=known)
    for name in ("Variable", "Descriptor"):
        if name in shown:
            shown[name] = shown[name].map(words.feature)
    if "Cases" in shown:
        shown["Cases"] = shown["Cases"].map(words.SUBSETS)
    shown["p"] = rows["p"].map(words.p_value)
    shown["Standardized difference"] = with_interval(rows, "smd", "smd_low", "smd_high", digits=2)
    return shown.assign(**why(rows))


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
