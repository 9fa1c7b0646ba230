"""Features and predictions that a study brings."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study, validate_study
from tests.cohort.helpers import add_table, edit, only, problems


def _ids(toml: Path) -> list[str]:
    return pd.read_csv(toml.parent / "images.csv", dtype=str)["image_id"].tolist()


def _features(toml: Path, change: Callable[[pd.DataFrame], pd.DataFrame | None] = lambda frame: None) -> None:
    ids, rng = _ids(toml), np.random.default_rng(0)
    frame = pd.DataFrame({"image_id": ids, "a": rng.normal(size=len(ids)), "b": rng.normal(size=len(ids))})
    frame = frame.astype(str)
    frame.index += 2
    changed = change(frame)
    add_table(toml, "features", (frame if changed is None else changed).to_csv(index=False))


def _set(row: int, column: str, value: str) -> Callable[[pd.DataFrame], None]:
    def change(frame: pd.DataFrame) -> None:
        frame.loc[row, column] = value

    return change


def test_features_are_read(toml: Path) -> None:
    _features(toml)
    features = load_study(toml).features
    assert features["image_id"].tolist() == _ids(toml)
    assert features.dtypes.tolist()[1:] == [np.float64, np.float64]


@pytest.mark.parametrize(
    ("change", "rule", "row", "column"),
    [
        (_set(9, "b", "high"), "text where a number", 9, "b"),
        (_set(9, "b", "inf"), "infinite", 9, "b"),
        (_set(9, "b", "-Infinity"), "infinite", 9, "b"),
        (_set(9, "b", "1e999"), "infinite", 9, "b"),
        (lambda f: f.assign(b=""), "no value at all", 1, "b"),
        (lambda f: f.assign(b="3"), "constant", 1, "b"),
        (_set(9, "b", ""), "lack a value", None, "b"),
        (
            lambda f: pd.concat([f, f.iloc[[0]].assign(image_id="A001-00")]),
            "not in the images",
            17,
            "image_id",
        ),
        (lambda f: f.iloc[1:], "an image of the study has no features", None, "image_id"),
        (lambda f: pd.concat([f, f.iloc[[3]]]), "stands already in row 5", 17, "image_id"),
        (lambda f: f[["image_id"]], "no feature", 1, None),
    ],
)
def test_faults_of_features(
    toml: Path, change: Callable[[pd.DataFrame], pd.DataFrame], rule: str, row: int | None, column: str | None
) -> None:
    _features(toml, change)
    problem = only(toml, rule)
    assert (problem.file, problem.row, problem.column) == ("features.csv", row, column)


def test_a_feature_equal_to_the_label(toml: Path) -> None:
    cases = load_study(toml).cases()
    for y in (cases["y"], 1 - cases["y"]):
        text = toml.read_text()
        frame = cases[["image_id"]].assign(a=np.arange(len(y)), leak=y.to_numpy())
        add_table(toml, "features", frame.to_csv(index=False))
        assert only(toml, "equal to the label").column == "leak"
        toml.write_text(text)


def test_the_row_of_a_text_far_below(tmp_path: Path, toml: Path) -> None:
    """A long table: only the study's images are kept, and the fault is named by its row."""
    ids = _ids(toml)
    lines = ["image_id,a", *(f"{image},{number}" for number, image in enumerate(ids))]
    lines += [f"unknown{number},1" for number in range(30_000)]
    lines[29_999] = "unknown29983,one"
    add_table(toml, "features", "\n".join(lines) + "\n")
    report = validate_study(toml)
    assert report.total == 30_001
    assert len(report.problems) == 100
    from sgcore.cohort.assemble import read_study
    from sgcore.cohort.ledger import Ledger

    ledger = Ledger()
    read_study(toml, ledger)
    assert [p.row for p in ledger.errors if "text where" in p.rule] == [30_000]


def _predictions(
    toml: Path,
    change: Callable[[pd.DataFrame], pd.DataFrame | None] = lambda frame: None,
    kind: str = "probability",
) -> None:
    cases = load_study(toml).cases()
    cases = cases[cases["subset"] != "train"]
    scores = np.random.default_rng(1).uniform(0.1, 0.9, len(cases)).round(3)
    frame = pd.DataFrame({"image_id": cases["image_id"].to_numpy(), "model": "net", "score": scores}).astype(
        str
    )
    frame.index += 2
    changed = change(frame)
    content = (frame if changed is None else changed).to_csv(index=False)
    add_table(toml, "predictions", content, f'\n[predictions]\nkind = "{kind}"\n')


def test_predictions_are_read(toml: Path) -> None:
    _predictions(toml)
    study = load_study(toml)
    assert study.predictions_kind == "probability"
    assert list(study.predictions.columns) == ["image_id", "model", "score"]
    assert study.predictions["score"].between(0, 1).all()
    assert study.warnings == ()


@pytest.mark.parametrize(
    ("change", "rule", "row", "fix"),
    [
        (_set(3, "score", "-0.1"), "a probability from 0 to 1", 3, "Correct"),
        (_set(3, "score", "1.2"), "a probability from 0 to 1", 3, "Correct"),
        (_set(3, "score", "87%"), "a percentage where", 3, "0.87"),
        (_set(3, "score", ""), "the score is empty", 3, "Fill"),
        (_set(3, "score", "high"), "text where a probability", 3, "number"),
        (_set(3, "model", ""), "the model is empty", 3, "Fill"),
        (_set(3, "image_id", "B999"), "not in the images table", 3, "Add the image"),
        (lambda f: pd.concat([f, f.iloc[[1]]]), "scored the image twice", None, "one row"),
        (lambda f: f.assign(score="0.5"), "all scores are equal", None, "export"),
        (lambda f: f.iloc[1:], "did not score 1 of", None, "missing"),
        (
            lambda f: pd.concat([f, pd.DataFrame([{"image_id": "A001-0", "model": "net", "score": "0.4"}])]),
            "",
            None,
            "",
        ),
    ],
)
def test_faults_of_predictions(
    toml: Path, change: Callable[[pd.DataFrame], pd.DataFrame], rule: str, row: int | None, fix: str
) -> None:
    _predictions(toml, change)
    found = problems(toml, rule)
    assert found
    assert {problem.file for problem in found} == {"predictions.csv"}
    assert row is None or row in {problem.row for problem in found}
    assert fix in found[0].fix


def test_scores_have_no_bounds(toml: Path) -> None:
    _predictions(toml, _set(3, "score", "-7.5"), kind="score")
    assert -7.5 in set(load_study(toml).predictions["score"])


def test_scores_of_training_images_are_warned_of(toml: Path) -> None:
    cases = load_study(toml).cases()
    content = cases[["image_id"]].assign(model="net", score=np.linspace(0, 1, len(cases))).to_csv(index=False)
    add_table(toml, "predictions", content, '\n[predictions]\nkind = "probability"\n')
    trained = (cases["subset"] == "train").sum()
    assert only(toml, f"{trained} scores are of training images").severity == "warning"


def test_a_label_that_disagrees(toml: Path) -> None:
    _predictions(toml, lambda frame: frame.assign(label=""))
    assert validate_study(toml).total == 0
    study = load_study(toml)
    first = study.predictions["image_id"][0]
    patient = study.cases().set_index("image_id").at[first, "patient_id"]
    label = study.patients.set_index("patient_id").at[patient, "label"]
    wrong = "secondary" if label == "primary" else "primary"
    edit(toml.parent, "predictions.csv", _set(2, "label", wrong))
    assert only(toml, "label disagrees").value == wrong


@pytest.mark.parametrize("codes", [("0", "1"), ("15", "10"), ("-1", "1")])
def test_a_feature_that_is_the_label_in_other_numbers(toml: Path, codes: tuple[str, str]) -> None:
    study = load_study(toml)
    y = study.cases().set_index("image_id")["y"]
    rows = [f"{i},{codes[y[i]]},{n}" for n, i in enumerate(_ids(toml))]
    add_table(toml, "features", "image_id,mine_a,mine_b\n" + "\n".join(rows) + "\n")
    assert only(toml, "equal to the label").column == "mine_a"


def test_a_feature_that_is_the_label_where_it_is_known(toml: Path) -> None:
    y = load_study(toml).cases()["y"]
    gaps = y.astype(object).where(y.index > 1, "")
    frame = pd.DataFrame({"image_id": _ids(toml), "leak": gaps, "other": range(len(y))})
    add_table(toml, "features", frame.to_csv(index=False))
    assert only(toml, "the feature is equal to the label").column == "leak"


@pytest.mark.parametrize("codes", [("10", "15"), ("benign", "malignant")])
def test_a_descriptor_that_is_the_label(toml: Path, codes: tuple[str, str]) -> None:
    y = load_study(toml).cases()["y"]
    edit(toml.parent, "descriptors.csv", lambda frame: frame.assign(histology=[codes[v] for v in y]))
    assert only(toml, "the descriptor is equal to the label").column == "histology"


@pytest.mark.parametrize("cell", ["", "x"])
def test_thousands_of_features_with_a_gap_or_a_text_end_soon(toml: Path, cell: str) -> None:
    ids, count = _ids(toml), 8000
    values = np.random.default_rng(0).normal(size=(len(ids), count)).astype(str).astype(object)
    values[3] = cell
    frame = pd.DataFrame(values, columns=[f"f{number}" for number in range(count)])
    frame.insert(0, "image_id", ids)
    add_table(toml, "features", frame.to_csv(index=False))
    started = time.perf_counter()
    report = validate_study(toml)
    assert time.perf_counter() - started < 8
    assert report.counts["errors"] == (count if cell else 0)
    assert report.problems[0].row == (5 if cell else None)


def test_what_brought_features_are_used_for_is_said(toml: Path) -> None:
    _features(toml)
    assert any("`--preset study`" in note for note in load_study(toml).notes)


def test_descriptors_of_strangers(toml: Path) -> None:
    edit(toml.parent, "descriptors.csv", _set(4, "image_id", "A002-O"))
    problem = only(toml, "not in the images table")
    assert "A002-0" in problem.fix
