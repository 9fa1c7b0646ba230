"""Cohort tables for people: many levels are counted together, names are words."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.ui import cohort

MANY = "; ".join(f"kind {i} {n} ({n}.0%)" for i, n in enumerate([1, 40, 0, 9, 20, 2, 8, 0, 11, 9]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("61 [48, 69] (20 missing)", "61 [48, 69] (20 missing)"),
        ("no 3 (30.0%); yes 7 (70.0%)", "no 3 (30.0%); yes 7 (70.0%)"),
        (MANY, "kind 1 40 (40.0%); kind 4 20 (20.0%); kind 8 11 (11.0%); kind 3 9 (9.0%); 4 other values 20"),
        (
            f"{MANY} (3 missing)",
            "kind 1 40 (40.0%); kind 4 20 (20.0%); kind 8 11 (11.0%); kind 3 9 (9.0%); 4 other values 20 (3 missing)",
        ),
        ("no value (104 missing)", "no value (104 missing)"),
    ],
)
def test_levels(text: str, expected: str) -> None:
    assert cohort.levels(text) == expected


def test_groups() -> None:
    row = {
        "variable": "age_years",
        "development": "61 [48, 69]",
        "external": MANY,
        "n_patients": 9,
        "test": "t",
    }
    row |= {"p": 0.2, "smd": 0.1, "smd_low": -0.1, "smd_high": 0.3, "reason": ""}
    shown = cohort.groups(pd.DataFrame([row]))
    assert list(shown)[:4] == ["Variable", "Development", "External", "Patients"]
    assert shown.loc[0, "Variable"] == "age years"
    assert shown.loc[0, "External"].endswith("other values 20")
    labelled = {"descriptor": "margin", "subset": "train", "external": "a", "no": "b"} | dict(
        list(row.items())[3:]
    )
    # A label of the study keeps its own name.
    assert list(cohort.groups(pd.DataFrame([labelled])))[:4] == ["Descriptor", "Cases", "external", "no"]


def test_centers_and_odds() -> None:
    rows = pd.DataFrame({"center": ["A"], "role": "external", "patients": 3, "images": 4, "role_2": 1})
    assert list(cohort.centers(rows)) == ["Center", "Role", "Patients", "Images", "role_2"]
    odds = {
        "model": "univariable",
        "term": "aspect_ratio < 1",
        "odds_ratio": 2.0,
        "ci_low": 1.0,
        "ci_high": 4.0,
    }
    shown = cohort.odds(pd.DataFrame([odds | {"p": 0.04, "method": "Wald", "reason": None}]))
    assert shown["Descriptor"].tolist() == ["aspect ratio < 1"]


def test_more_than_two_groups_name_the_two_farthest_apart() -> None:
    row = {
        "variable": "age",
        "center A": "61",
        "center B": "58",
        "center C": "70",
        "n_patients": 9,
        "test": "t",
    }
    row |= {"p": 0.2, "smd": 0.412, "smd_low": None, "smd_high": None, "reason": ""}
    shown = cohort.groups(pd.DataFrame([row | {"smd_between": "center A and center C"}]))
    assert list(shown)[:4] == ["Variable", "center A", "center B", "center C"]
    assert shown.loc[0, cohort.LARGEST] == "0.41 (center A and center C)"
    assert "Standardized difference" not in shown
