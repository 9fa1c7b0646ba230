"""Levels of a study's columns: text, numbers, ages, what is missing, and patients whose images differ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.workflow import subgroup_columns, subgroups


def _with(study: Study, table: str, **columns: object) -> Study:
    return replace(study, **{table: getattr(study, table).assign(**columns)})


def _column(study: Study, name: str) -> object:
    return next(column for column in subgroup_columns(study) if column.name == name)


def test_columns_that_identify_are_none(study: Study) -> None:
    names = {column.name for column in subgroup_columns(study)}
    assert {"age", "sex", "device", "roi_pixels"} <= names
    keys = {"patient_id", "image_id", "center", "label", "y", "subset", "image", "mask", "image_sha256"}
    assert not keys & names


def test_ages_have_bands_of_two_decades(study: Study) -> None:
    ages = study.patients.set_index("patient_id")["age"]
    levels = subgroups(study, "age").groupby(study.images.set_index("image_id")["patient_id"]).first()
    assert set(levels[ages < 40]) == {"age 20 to 39"}
    assert set(levels[(ages >= 40) & (ages < 60)]) == {"age 40 to 59"}
    assert set(levels[ages >= 60]) == {"age 60 to 79"}
    assert list(levels.cat.categories) == ["age 20 to 39", "age 40 to 59", "age 60 to 79"]


def test_other_numbers_are_cut_at_the_terciles_of_training(study: Study) -> None:
    values = pd.Series(np.arange(len(study.patients), dtype=float), index=study.patients.index)
    train = study.patients["subset"] == "train"
    low, high = (float(f"{limit:.3g}") for limit in np.quantile(values[train], [1 / 3, 2 / 3]))
    changed = _with(study, "patients", ki_67=values)
    column = _column(changed, "ki_67")
    assert column.levels == (
        f"ki 67 below {low:g}",
        f"ki 67 {low:g} to below {high:g}",
        f"ki 67 {high:g} and above",
    )
    level = subgroups(changed, "ki_67")
    of_image = study.images["patient_id"].map(values.set_axis(study.patients["patient_id"])).to_numpy()
    np.testing.assert_array_equal(level.cat.codes, np.searchsorted([low, high], of_image, side="right"))
    # Held-out values move no limit.
    far = _with(study, "patients", ki_67=values.where(train, values + 1000))
    assert _column(far, "ki_67").levels == column.levels


@pytest.mark.parametrize(("first", "step"), [(2011, 0.2), (20150101, 1.0), (100100, 20.0), (1.0, 1e-5)])
def test_numbers_far_from_zero_and_close_together_are_cut_at_their_terciles(
    study: Study, first: float, step: float
) -> None:
    values = pd.Series(first + step * np.arange(len(study.patients)), index=study.patients.index)
    changed = _with(study, "patients", scan=values)
    counts = subgroups(changed, "scan", "patient").value_counts()
    assert len(counts) == 3
    assert counts.min() > len(study.patients) / 10


def test_what_is_missing_is_a_level(study: Study) -> None:
    sex = study.patients["sex"].where(study.patients.index > 3)
    changed = _with(study, "patients", sex=sex)
    assert _column(changed, "sex").levels == ("sex F", "sex M", "sex not known")
    gone = set(study.patients["patient_id"].iloc[:4])
    level = subgroups(changed, "sex")
    unknown = set(study.images.set_index("image_id")["patient_id"][level == "sex not known"])
    assert unknown == gone


def test_a_patient_belongs_to_the_level_of_all_images(study: Study) -> None:
    owners = study.images["patient_id"]
    two = owners[owners.duplicated()].iloc[0]
    device = study.images["device"].where(~((owners == two) & ~owners.duplicated()), "Scanner C")
    changed = _with(study, "images", device=device)
    assert "several values of device" not in set(subgroups(changed, "device"))
    by_patient = subgroups(changed, "device", "patient")
    images = study.images.set_index("image_id")["patient_id"]
    assert set(by_patient[images == two]) == {"several values of device"}
    assert by_patient.groupby(images).nunique().eq(1).all()
    assert "device Scanner C" not in by_patient.cat.categories


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (lambda n: [f"operator {i}" for i in range(n)], "38 different values, and at most 12 make subgroups"),
        (lambda n: ["left"] * n, "one value only (side left)"),
        (lambda n: [None] * n, "no value is known"),
    ],
)
def test_columns_without_subgroups_say_why(study: Study, values: object, reason: str) -> None:
    changed = _with(study, "patients", side=values(len(study.patients)))
    assert _column(changed, "side").reason == reason
    with pytest.raises(UsageError, match="makes no subgroups"):
        subgroups(changed, "side")


def test_identifiers_by_name_and_unknown_columns(study: Study) -> None:
    changed = _with(study, "patients", hospital_id=range(len(study.patients)))
    assert _column(changed, "hospital_id").reason == "it names cases or files"
    with pytest.raises(UsageError, match=r"no column 'gender'.*choose from: age, sex"):
        subgroups(study, "gender")


def test_few_different_numbers_are_levels(study: Study) -> None:
    grade = pd.Series([2.0, 10.0] * len(study.patients))[: len(study.patients)]
    changed = _with(study, "patients", grade=grade.to_numpy())
    assert _column(changed, "grade").levels == ("grade 2", "grade 10")
