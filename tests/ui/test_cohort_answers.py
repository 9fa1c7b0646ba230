"""The cohort's first sentence: counts, the largest difference, or why the groups cannot be compared."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import load_study
from sgcore.domain import Study
from sgcore.ui.cohort_answers import cohort


@pytest.fixture(scope="module")
def study(study_toml: Path) -> Study:
    return load_study(study_toml)


def _row(variable: str, **values: object) -> dict[str, object]:
    return {"variable": variable, "smd": None, "smd_low": None, "smd_high": None, "reason": ""} | values


def _said(study: Study, *rows: dict[str, object]) -> str:
    return cohort(study, pd.DataFrame(list(rows)))


def test_the_largest_difference_has_its_interval(study: Study) -> None:
    age = _row("age_years", smd=-0.4, smd_low=-0.7, smd_high=-0.1)
    said = _said(study, age, _row("sex", smd=0.1, smd_low=-0.2, smd_high=0.3))
    assert "(the positive label); development and external patients differ most in age years" in said
    assert said.endswith("(standardized difference 0.40, 0.10 to 0.70).")
    wide = _said(study, age | {"smd_low": -0.9, "smd_high": 0.1})
    assert wide.endswith("(standardized difference 0.40, 0 to 0.90).")
    none = _said(study, age | {"smd_low": None, "smd_high": None})
    assert none.endswith("(standardized difference 0.40, interval not estimable).")


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
