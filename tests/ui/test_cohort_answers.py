"""The cohort's first sentence: counts, the largest difference, or why the groups cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import load_study
from sgcore.domain import Study
from sgcore.ui.cohort_answers import cohort, differences, nobody
from sgcore.workflow import ROLE

CENTERS = pd.DataFrame(
    {
        "center": ["Alpha", "Beta"],
        "patients": [24, 8],
        "images": [36, 12],
        "primary": [12, 4],
        "secondary": 12,
    }
)


@pytest.fixture(scope="module")
def study(study_toml: Path) -> Study:
    return load_study(study_toml)


def _row(variable: str, **values: object) -> dict[str, object]:
    return {"variable": variable, "smd": None, "smd_low": None, "smd_high": None, "reason": ""} | values


def _sizes(**patients: int) -> pd.DataFrame:
    return pd.DataFrame({"group": list(patients), "patients": patients.values(), "images": patients.values()})


def _said(
    study: Study,
    *rows: dict[str, object],
    by: str = ROLE,
    place: str = "",
    sizes: pd.DataFrame | None = None,
) -> str:
    groups = _sizes(development=24, external=8) if sizes is None else sizes
    tables = {"centers": CENTERS, "baseline": pd.DataFrame(list(rows)), "groups": groups}
    return cohort(study, tables, by, place)


def test_the_largest_difference_has_its_interval(study: Study) -> None:
    age = _row("age_years", smd=-0.4, smd_low=-0.7, smd_high=-0.1)
    said = _said(study, age, _row("sex", smd=0.1, smd_low=-0.2, smd_high=0.3))
    assert said.startswith("32 patients with 48 images from 2 centers: 16 primary and 24 secondary (")
    assert "(the positive label); development and external patients differ most in age years" in said
    assert said.endswith("(standardized difference 0.40, 0.10 to 0.70).")
    wide = _said(study, age | {"smd_low": -0.9, "smd_high": 0.1})
    assert wide.endswith("(standardized difference 0.40, 0 to 0.90).")
    none = _said(study, age | {"smd_low": None, "smd_high": None})
    assert none.endswith("(standardized difference 0.40, interval not estimable).")


def test_of_several_groups_the_two_farthest_apart_are_named(study: Study) -> None:
    age = _row("age", smd=0.4, smd_between="device A and device C")
    sizes = _sizes(**{"device A": 9, "device B": 9, "device C": 14})
    said = _said(study, age, by="device", place=" (external set only)", sizes=sizes)
    assert "from 2 centers (external set only): " in said
    assert said.endswith(
        "the 3 groups by device differ most in age (largest standardized difference 0.40, device A and device C)."
    )
    assert "of the 3 groups by device the two that are farthest apart" in differences("device", sizes)
    assert "farthest" not in differences("device", _sizes(a=1, b=2, c=0))


def test_groups_without_a_common_value_come_before_any_number(study: Study) -> None:
    age = _row("age", smd=0.4, smd_between="device A and device C")
    scanner = _row(
        "scanner", smd=None, smd_between="", reason="device A and device B have no value in common"
    )
    said = _said(study, age, scanner, by="device", sizes=_sizes(a=9, b=9, c=14))
    assert said.endswith("; by scanner device A and device B have no value in common.")


def test_one_group_and_groups_without_anybody_are_said(study: Study) -> None:
    sizes = _sizes(train=0, validation=0, external=8)
    said = _said(study, by="subset", sizes=sizes)
    assert said.endswith("all of them are external patients, so that there are no groups to compare.")
    assert nobody(sizes) == "Nobody here is in these groups: training and validation."
    assert nobody(_sizes(a=1)) == ""
    two = _said(study, _row("age", smd=0.2), by="sex", sizes=_sizes(**{"sex F": 1, "sex M": 2}))
    assert "; the groups sex F and sex M differ most in age" in two


def test_variables_that_cannot_be_compared_are_named_with_their_reasons(study: Study) -> None:
    said = _said(
        study,
        _row("age", reason="no value in the development group"),
        _row("histology", reason="the groups have no value in common"),
    )
    assert said.endswith(
        "development and external patients cannot be compared: age (no value in the development group) and "
        "histology (the groups have no value in common)."
    )
    many = _said(study, *[_row(f"v{i}", reason="constant") for i in range(5)])
    assert many.endswith("v0 (constant), v1 (constant), v2 (constant) and 2 more variables.")


def test_a_study_without_variables_says_so(study: Study) -> None:
    assert "no variable, such as age, is known" in _said(study)
