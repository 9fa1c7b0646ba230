"""The split: by patient, stratified, the same whatever the order of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study, split_patients, validate_study
from sgcore.cohort.settings import StudySettings
from tests.cohort.helpers import edit, only, problems, put


def _settings(train: float = 0.7, seed: int = 0) -> StudySettings:
    return StudySettings.model_validate(
        {
            "name": "x",
            "label": {"negative": "0", "positive": "1"},
            "centers": {"development": ["A", "B"], "external": ["C"]},
            "split": {"train": train, "seed": seed},
            "tables": {"patients": "p.csv", "images": "i.csv"},
        }
    )


def _patients(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    return pd.DataFrame(
        {
            "patient_id": [f"p{i:03d}" for i in range(n)],
            "center": rng.choice(["A", "B", "C"], n),
            "y": rng.integers(0, 2, n),
        }
    )


def test_shares_hold_in_each_label() -> None:
    patients = _patients(200)
    patients["subset"] = split_patients(patients, _settings())
    developing = patients[patients["center"] != "C"]
    for _, group in developing.groupby("y"):
        assert (group["subset"] == "train").sum() == round(0.7 * len(group))
    assert set(developing["subset"]) == {"train", "validation"}
    assert set(patients.loc[patients["center"] == "C", "subset"]) == {"external"}


def test_the_order_of_rows_changes_nothing() -> None:
    patients = _patients()
    shuffled = patients.sample(frac=1, random_state=1)
    assert (split_patients(shuffled, _settings()).sort_index() == split_patients(patients, _settings())).all()


def test_external_patients_change_nothing() -> None:
    patients = _patients()
    fewer = patients[patients["center"] != "C"]
    whole = split_patients(patients, _settings())
    assert (split_patients(fewer, _settings()) == whole[fewer.index]).all()


def test_the_seed_decides() -> None:
    patients = _patients()
    assert (split_patients(patients, _settings(seed=1)) != split_patients(patients, _settings(seed=2))).any()


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_both_sides_have_both_labels(share: float) -> None:
    patients = _patients()
    patients["subset"] = split_patients(patients, _settings(train=share))
    for subset in ("train", "validation"):
        assert set(patients.loc[patients["subset"] == subset, "y"]) == {0, 1}


def test_a_shuffled_table_gives_the_same_study(toml: Path) -> None:
    first = load_study(toml).patients.set_index("patient_id")["subset"]
    edit(toml.parent, "patients.csv", lambda frame: frame.sample(frac=1, random_state=0))
    assert load_study(toml).patients.set_index("patient_id")["subset"].to_dict() == first.to_dict()


def _own_split(toml: Path, table: str, column: str = "subset") -> None:
    """Give the study a split of its own: four train, two validate, Beta is external."""

    def assign(frame: pd.DataFrame) -> pd.DataFrame:
        number = frame["patient_id"].str[1:4].astype(int)
        values = np.select([number <= 4, number <= 6], ["train", "validation"], "external")
        return frame.assign(**{column: values})

    edit(toml.parent, table, assign)
    toml.write_text(toml.read_text().replace("seed = 0", f'column = "{column}"'))


@pytest.mark.parametrize("table", ["patients.csv", "images.csv"])
@pytest.mark.parametrize("column", ["subset", "part"])
def test_the_studys_own_split(toml: Path, table: str, column: str) -> None:
    _own_split(toml, table, column)
    study = load_study(toml)
    assert study.split_column == column
    assert study.patients["subset"].value_counts().to_dict() == {"train": 4, "external": 4, "validation": 2}
    assert not any("seed" in note for note in study.notes)


def test_a_missing_column_names_the_nearest(toml: Path) -> None:
    _own_split(toml, "patients.csv")
    toml.write_text(toml.read_text().replace('"subset"', '"subsett"'))
    assert "'subset'" in only(toml, "column of [split] is missing").fix


def test_a_value_that_is_no_subset(toml: Path) -> None:
    _own_split(toml, "patients.csv")
    put(toml.parent, "patients.csv", 3, "subset", "training")
    problem = next(p for p in problems(toml, "not a subset"))
    assert (problem.row, problem.value) == (3, "training")
    assert "train, validation, external" in problem.fix


def test_a_patient_in_two_subsets(toml: Path) -> None:
    _own_split(toml, "images.csv")
    put(toml.parent, "images.csv", 3, "subset", "validation")
    problem = only(toml, "is in two subsets: train, validation")
    assert (problem.file, problem.row) == ("images.csv", 3)
    report = validate_study(toml, audit_only=True)
    assert report.counts["errors"] == 0
    assert report.study is not None
    assert report.study.patients["subset"][0] == "train"
    assert any("two subsets" in warning.rule for warning in report.study.warnings)
    assert any("two subsets" in conflict for conflict in report.study.conflicts)


def test_an_external_center_must_not_train(toml: Path) -> None:
    _own_split(toml, "patients.csv")
    put(toml.parent, "patients.csv", 8, "subset", "train")
    assert only(toml, "external center 'Beta' is not in the external subset").row == 8
    assert load_study(toml, audit_only=True).conflicts


def test_a_development_patient_may_be_external(toml: Path) -> None:
    _own_split(toml, "patients.csv")
    put(toml.parent, "patients.csv", 6, "subset", "external")
    assert only(toml, "development center are external").severity == "warning"


def test_an_unnamed_subset_column_is_kept(toml: Path) -> None:
    edit(toml.parent, "patients.csv", lambda frame: frame.assign(subset="train"))
    study = load_study(toml)
    assert set(study.patients["subset"]) == {"train", "validation", "external"}
    assert set(study.patients["subset_given"]) == {"train"}
    assert any("subset_given" in note for note in study.notes)


@pytest.mark.parametrize(
    ("change", "rule", "severity"),
    [
        (
            lambda f: f.assign(label=f["label"].mask(f["center"] == "Alpha", "primary")),
            "no training",
            "error",
        ),
        (
            lambda f: f.assign(label=f["label"].mask(f["center"] == "Beta", "primary")),
            "have one label",
            "warning",
        ),
    ],
)
def test_one_label_only(
    toml: Path, change: Callable[[pd.DataFrame], pd.DataFrame], rule: str, severity: str
) -> None:
    edit(toml.parent, "patients.csv", change)
    (problem,) = problems(toml, rule)
    assert problem.severity == severity
