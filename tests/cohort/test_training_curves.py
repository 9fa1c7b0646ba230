"""Training curves of networks made elsewhere, as a study brings them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study, validate_study
from tests.cohort.helpers import add_table, only, problems, put
from tests.cohort.test_deep_tables import scores_of, write

COLUMNS = ["backbone", "epoch", "subset", "n_images", "loss", "accuracy", "precision", "recall", "f1", "auc"]


@pytest.fixture
def curves(toml: Path) -> pd.DataFrame:
    """Two subsets of three epochs, of a network whose scores the study brings; numbered as in an editor."""
    write(toml, "deep_scores", scores_of(toml))
    frame = pd.DataFrame(
        {
            "backbone": "resnet50",
            "epoch": [1, 2, 3] * 2,
            "subset": ["train"] * 3 + ["validation"] * 3,
            "loss": [0.7, 0.4, 0.1, 0.7, 0.6, 0.9],
            "auc": [0.6, 0.8, 1.0, 0.55, 0.7, 0.65],
        }
    ).astype(str)
    frame.index += 2
    return frame


def _cell(row: int, column: str, value: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row, column] = value
        return frame

    return change


def test_curves_have_all_columns_and_the_numbers_of_the_file(toml: Path, curves: pd.DataFrame) -> None:
    write(toml, "training_curves", curves.assign(seconds="3", n_images=["20"] * 3 + ["7"] * 2 + [""]))
    study = load_study(toml)
    found = study.training_curves
    assert list(found.columns) == COLUMNS
    assert found["epoch"].dtype == np.int64
    assert found["epoch"].tolist() == [1, 2, 3, 1, 2, 3]
    assert found["loss"].tolist() == [0.7, 0.4, 0.1, 0.7, 0.6, 0.9]
    assert found["n_images"].tolist()[:5] == [20, 20, 20, 7, 7]
    assert found["n_images"].isna().tolist() == [False] * 5 + [True]
    assert found[["accuracy", "precision", "recall", "f1"]].isna().all(axis=None)
    assert study.warnings == ()
    assert any("Column(s) seconds of training_curves.csv were left out" in note for note in study.notes)


def test_a_curve_that_does_not_say_its_images_is_of_training(toml: Path, curves: pd.DataFrame) -> None:
    write(toml, "training_curves", curves.drop(columns="subset").iloc[:3])
    study = load_study(toml)
    assert study.training_curves["subset"].tolist() == ["train"] * 3
    assert any("taken for those of training images" in note for note in study.notes)


@pytest.mark.parametrize(
    ("change", "rule", "row", "column"),
    [
        (_cell(4, "epoch", "0"), "a whole number from 1 to", 4, "epoch"),
        (_cell(4, "epoch", "-3"), "a whole number from 1 to", 4, "epoch"),
        (_cell(4, "epoch", "2.5"), "a whole number from 1 to", 4, "epoch"),
        (_cell(4, "epoch", "1e30"), "a whole number from 1 to", 4, "epoch"),
        (_cell(4, "epoch", "inf"), "infinite", 4, "epoch"),
        (_cell(4, "epoch", "last"), "text where a whole number", 4, "epoch"),
        (_cell(4, "epoch", "NaN"), "the epoch is empty", 4, "epoch"),
        (_cell(4, "epoch", "2"), "'resnet50' has the epoch twice in train images", 4, "epoch"),
        (_cell(4, "subset", "training"), "neither train nor validation", 4, "subset"),
        (_cell(4, "subset", "external"), "neither train nor validation", 4, "subset"),
        (_cell(4, "subset", ""), "neither train nor validation", 4, "subset"),
        (_cell(4, "backbone", ""), "the name of the network is empty", 4, "backbone"),
        (_cell(4, "loss", "low"), "text where a number", 4, "loss"),
        (_cell(4, "loss", "inf"), "infinite", 4, "loss"),
        (_cell(4, "auc", "1.01"), "a value from 0 to 1 is needed", 4, "auc"),
        (_cell(4, "auc", "87%"), "a percentage where a value", 4, "auc"),
        (lambda f: f.assign(n_images="20.5"), "a whole number from 1 to", 2, "n_images"),
        (lambda f: f.assign(auc=""), "the measure has no value at all", 1, "auc"),
        (lambda f: f.drop(columns=["loss", "auc"]), "the table has no measure", 1, None),
        (lambda f: f.rename(columns={"auc": "AUC"}), "not written as it is read", 1, "AUC"),
        (lambda f: f.drop(columns="epoch"), "a required column is missing", 1, "epoch"),
    ],
)
def test_faults_of_curves(
    toml: Path,
    curves: pd.DataFrame,
    change: Callable[[pd.DataFrame], pd.DataFrame],
    rule: str,
    row: int | None,
    column: str | None,
) -> None:
    write(toml, "training_curves", change(curves))
    found = problems(toml, rule)
    assert (found[0].file, found[0].row, found[0].column) == ("training_curves.csv", row, column)
    assert {each.severity for each in found} == {"error"}
    assert len(found) == (6 if column == "n_images" else 1)
    assert validate_study(toml).study is None


def test_an_empty_table(toml: Path) -> None:
    add_table(toml, "training_curves", "")
    assert only(toml, "the table is empty").file == "training_curves.csv"


def test_a_measure_may_lack_in_some_epochs(toml: Path, curves: pd.DataFrame) -> None:
    write(toml, "training_curves", _cell(4, "auc", "NaN")(curves))
    assert load_study(toml).training_curves["auc"].isna().tolist() == [False, False, True] + [False] * 3


def test_a_curve_of_a_network_that_the_study_does_not_bring(toml: Path, curves: pd.DataFrame) -> None:
    write(toml, "training_curves", curves.assign(backbone="resnet5O"))
    problem = only(toml, "a curve of this network")
    assert (problem.severity, problem.row) == ("warning", 2)
    assert "'resnet50'" in problem.fix


def test_a_changed_cell_of_a_curve_is_another_study(toml: Path, curves: pd.DataFrame) -> None:
    write(toml, "training_curves", curves)
    first = load_study(toml).fingerprint
    put(toml.parent, "training_curves.csv", 3, "loss", "0.45")
    assert load_study(toml).fingerprint != first


def test_the_guide_names_every_column() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "guide.md").read_text()
    (row,) = [line for line in guide.splitlines() if line.startswith("| `training_curves` |")]
    assert [name for name in COLUMNS if f"`{name}`" not in row] == []
