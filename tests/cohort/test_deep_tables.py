"""Deep features and scores of networks made elsewhere, as a study brings them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study, validate_study
from tests.cohort.helpers import add_table, edit, only, problems, put
from tests.support.studies import make_features_study

Change = Callable[[pd.DataFrame], pd.DataFrame]


def ids_of(toml: Path) -> list[str]:
    return pd.read_csv(toml.parent / "images.csv", dtype=str)["image_id"].tolist()


def features_of(toml: Path, *, networks: tuple[str, ...] = ("resnet50",), length: int = 3) -> pd.DataFrame:
    """Rows of every image by network, text as a program writes it; numbered as in an editor."""
    rng, ids = np.random.default_rng(0), ids_of(toml)
    frame = pd.DataFrame(
        rng.normal(size=(len(ids) * len(networks), length)), columns=[f"f{n}" for n in range(length)]
    ).astype(str)
    frame.insert(0, "image_id", ids * len(networks))
    frame.insert(1, "backbone", np.repeat(networks, len(ids)))
    frame.index += 2
    return frame


def scores_of(toml: Path, *, networks: tuple[str, ...] = ("resnet50",)) -> pd.DataFrame:
    frame = features_of(toml, networks=networks, length=1).rename(columns={"f0": "score"})
    frame["score"] = np.random.default_rng(1).uniform(size=len(frame)).astype(str)
    return frame


def write(toml: Path, name: str, frame: pd.DataFrame) -> None:
    add_table(toml, name, frame.to_csv(index=False))


def _cell(row: int, column: str, value: str) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[row, column] = value
        return frame

    return change


def test_deep_features_are_read_as_the_analysis_takes_them(toml: Path) -> None:
    write(toml, "deep_features", features_of(toml, networks=("resnet50", "vgg")))
    study = load_study(toml)
    table = study.deep_features
    assert list(table.columns) == ["image_id", "backbone", "f0", "f1", "f2"]
    assert table.dtypes.tolist()[2:] == [np.float64] * 3
    own = table[table["backbone"] == "vgg"].set_index("image_id").drop(columns="backbone")
    given = features_of(toml, networks=("resnet50", "vgg")).query("backbone == 'vgg'").set_index("image_id")
    found = own.loc[study.images["image_id"]]
    pd.testing.assert_frame_equal(found, given[["f0", "f1", "f2"]].astype(float), check_index_type=False)
    assert (study.deep_scores, study.training_curves, study.warnings) == (None, None, ())
    assert any("networks gave elsewhere (resnet50, vgg)" in note for note in study.notes)


def test_networks_of_other_lengths_leave_columns_empty(toml: Path) -> None:
    frame = features_of(toml, networks=("resnet50", "vgg"))
    frame.loc[frame["backbone"] == "vgg", "f2"] = ["", "NaN", "NA", "null", "none"] * 3
    write(toml, "deep_features", frame)
    table = load_study(toml).deep_features
    assert table.loc[table["backbone"] == "vgg", "f2"].isna().all()
    assert table.drop(columns="f2").notna().all(axis=None)


def test_one_network_needs_no_name(toml: Path) -> None:
    write(toml, "deep_features", features_of(toml).drop(columns="backbone"))
    study = load_study(toml)
    assert set(study.deep_features["backbone"]) == {"network"}
    assert any("deep_features.csv has no column 'backbone'" in note for note in study.notes)


@pytest.mark.parametrize(
    ("change", "rule", "row", "column"),
    [
        (_cell(9, "f1", "high"), "text where a number", 9, "f1"),
        (_cell(9, "f1", "inf"), "infinite", 9, "f1"),
        (_cell(9, "f1", "-Infinity"), "infinite", 9, "f1"),
        (_cell(9, "f1", "1e999"), "infinite", 9, "f1"),
        (_cell(9, "f1", ""), "1 of 3 deep features of network 'resnet50' have no value", 9, "f1"),
        (_cell(9, "f2", "NaN"), "1 of 3 deep features", 9, "f2"),
        (_cell(9, "backbone", ""), "the name of the network is empty", 9, "backbone"),
        (_cell(9, "backbone", "ResNet50"), "differs from 'resnet50' only by case", 9, "backbone"),
        (_cell(9, "image_id", ""), "the identifier is empty", 9, "image_id"),
        (_cell(9, "image_id", "nobody"), "not in the images table", 9, "image_id"),
        (lambda f: pd.concat([f, f.iloc[[3]]]), "'resnet50' has the image twice", 17, "image_id"),
        (lambda f: f.iloc[1:], "1 image(s) of the study have no row of this network", None, "backbone"),
        (lambda f: f.assign(f1=""), "the deep feature has no value at all", 1, "f1"),
        (lambda f: f[["image_id", "backbone"]], "no deep feature", 1, None),
        (lambda f: f.rename(columns={"f1": "Label"}), "a column of this name is no deep", 1, "Label"),
        (lambda f: f.assign(center="Alpha"), "a column of this name is no deep feature", 1, "center"),
        (lambda f: f.rename(columns={"backbone": "Backbone"}), "not written as it is read", 1, "Backbone"),
        (lambda f: pd.concat([f, f[["f1"]]], axis=1), "a column stands twice", 1, "f1"),
        (lambda f: f.rename(columns={"image_id": "image"}), "a required column is missing", 1, "image_id"),
    ],
)
def test_faults_of_deep_features(
    toml: Path, change: Change, rule: str, row: int | None, column: str | None
) -> None:
    write(toml, "deep_features", change(features_of(toml)))
    found = problems(toml, rule)
    assert [(each.file, each.row, each.column, each.severity) for each in found] == [
        ("deep_features.csv", row, column, "error")
    ]
    assert found[0].fix
    assert validate_study(toml).study is None


def test_a_fault_is_told_once(toml: Path) -> None:
    """A cell that is no number is no gap besides, and a gap in one network none of the other."""
    write(toml, "deep_features", _cell(20, "f1", "")(features_of(toml, networks=("resnet50", "vgg"))))
    assert "network 'vgg'" in only(toml, "deep features of network").rule
    put(toml.parent, "deep_features.csv", 20, "f1", "text")
    only(toml, "text where a number")


def test_a_network_without_features_and_one_without_an_image(toml: Path) -> None:
    frame = features_of(toml, networks=("resnet50", "vgg"))
    empty = frame.copy()
    empty.loc[empty["backbone"] == "vgg", ["f0", "f1", "f2"]] = ""
    write(toml, "deep_features", empty)
    assert only(toml, "the network has no deep feature").value == "vgg"
    frame[:-1].to_csv(toml.parent / "deep_features.csv", index=False)
    problem = only(toml, "have no row of this network")
    assert (problem.value, ids_of(toml)[-1] in problem.rule) == ("vgg", True)


def test_a_deep_feature_that_is_the_label_in_one_network(toml: Path) -> None:
    y = load_study(toml).cases()["y"]
    frame = features_of(toml, networks=("resnet50", "vgg"))
    frame.loc[frame["backbone"] == "vgg", "f1"] = (5 - y).astype(str).to_numpy()
    write(toml, "deep_features", frame)
    assert only(toml, "the deep feature is equal to the label").column == "f1"


def test_scores_are_read(toml: Path) -> None:
    write(toml, "deep_scores", scores_of(toml, networks=("resnet50", "vgg")).assign(seconds="0.1"))
    study = load_study(toml)
    assert list(study.deep_scores.columns) == ["image_id", "backbone", "score"]
    assert study.deep_scores["score"].tolist() == pytest.approx(
        scores_of(toml, networks=("resnet50", "vgg"))["score"].astype(float).tolist(), abs=0
    )
    assert (study.deep_features, study.warnings) == (None, ())
    assert any("Column(s) seconds of deep_scores.csv were left out" in note for note in study.notes)


@pytest.mark.parametrize(
    ("change", "rule", "row", "column"),
    [
        (_cell(9, "score", "87%"), "a percentage where a probability", 9, "score"),
        (_cell(9, "score", "abc"), "text where a probability", 9, "score"),
        (_cell(9, "score", "1.5"), "a probability from 0 to 1 is needed", 9, "score"),
        (_cell(9, "score", "-0.001"), "a probability from 0 to 1 is needed", 9, "score"),
        (_cell(9, "score", "inf"), "infinite", 9, "score"),
        (_cell(9, "score", "0,5"), "a decimal comma", 9, "score"),
        (_cell(9, "backbone", ""), "the name of the network is empty", 9, "backbone"),
        (_cell(9, "image_id", "nobody"), "not in the images table", 9, "image_id"),
        (lambda f: pd.concat([f, f.iloc[[3]]]), "'resnet50' has the image twice", 17, "image_id"),
        (lambda f: f.assign(score=""), "the network has no score at all", None, "backbone"),
        (lambda f: f.drop(columns="backbone"), "a required column is missing", 1, "backbone"),
    ],
)
def test_faults_of_scores(toml: Path, change: Change, rule: str, row: int | None, column: str) -> None:
    write(toml, "deep_scores", change(scores_of(toml)))
    found = problems(toml, rule)
    assert [(each.file, each.row, each.column, each.severity) for each in found] == [
        ("deep_scores.csv", row, column, "error")
    ]
    assert validate_study(toml).study is None


@pytest.mark.parametrize("change", [lambda f: f.iloc[2:], lambda f: _cell(2, "score", "NA")(f.drop(3))])
def test_images_without_a_score_are_named_and_have_none(toml: Path, change: Change) -> None:
    write(toml, "deep_scores", change(scores_of(toml)))
    problem = only(toml, "the network did not score 2 of 15 images")
    assert (problem.severity, problem.value) == ("warning", "resnet50")
    assert load_study(toml).deep_scores["image_id"].tolist() == ids_of(toml)[2:]


def test_scores_that_are_all_equal(toml: Path) -> None:
    write(toml, "deep_scores", scores_of(toml).assign(score="0.5"))
    assert only(toml, "all scores are equal").severity == "warning"


def test_one_network_is_written_alike_in_both_tables(toml: Path) -> None:
    write(toml, "deep_scores", scores_of(toml))
    write(toml, "deep_features", features_of(toml, networks=("ResNet50",)))
    problem = only(toml, "differs from 'resnet50' in deep_scores.csv only by case")
    assert (problem.file, problem.value) == ("deep_features.csv", "ResNet50")


def test_rows_of_left_out_images_are_counted(toml: Path) -> None:
    write(toml, "deep_features", features_of(toml))
    write(toml, "deep_scores", scores_of(toml))
    before = set(ids_of(toml))
    toml.write_text(toml.read_text().replace('external = ["Beta"]', "external = []"))
    study = load_study(toml)
    kept = set(study.images["image_id"])
    gone = len(before - kept)
    assert gone
    for name in ("deep_features", "deep_scores"):
        assert set(getattr(study, name)["image_id"]) == kept
        note = f"{gone} row(s) of {name}.csv are of left-out images and were left out."
        assert note in study.notes


def test_identifiers_keep_their_zeros(toml: Path) -> None:
    first = ids_of(toml)[0]
    edit(toml.parent, "images.csv", lambda f: f.replace({"image_id": {first: "007"}}))
    edit(toml.parent, "descriptors.csv", lambda f: f.replace({"image_id": {first: "007"}}))
    write(toml, "deep_features", features_of(toml))
    assert load_study(toml).deep_features["image_id"][0] == "007"
    put(toml.parent, "deep_features.csv", 2, "image_id", "7")
    assert problems(toml, "not in the images table")[0].value == "7"


def test_semicolons_decimal_commas_and_a_byte_order_mark(toml: Path) -> None:
    add_table(
        toml, "deep_features", "\ufeff" + features_of(toml).to_csv(index=False, sep=";").replace(".", ",")
    )
    add_table(toml, "deep_scores", "\ufeff" + scores_of(toml).to_csv(index=False))
    study = load_study(toml)
    expected = features_of(toml)[["f0", "f1", "f2"]].astype(float).to_numpy()
    np.testing.assert_array_equal(study.deep_features[["f0", "f1", "f2"]].to_numpy(), expected)
    assert [each.file for each in study.warnings] == ["deep_features.csv"]


@pytest.mark.parametrize("table", ["deep_features", "deep_scores"])
def test_a_changed_cell_is_another_study(toml: Path, table: str) -> None:
    without = load_study(toml).fingerprint
    write(toml, "deep_features", features_of(toml))
    write(toml, "deep_scores", scores_of(toml))
    first = load_study(toml).fingerprint
    assert first == load_study(toml).fingerprint != without
    put(toml.parent, f"{table}.csv", 5, "score" if table == "deep_scores" else "f1", "0.123")
    assert load_study(toml).fingerprint != first


def test_a_study_without_images_may_bring_networks(tmp_path: Path) -> None:
    toml = make_features_study(tmp_path / "study")
    write(toml, "deep_features", features_of(toml))
    write(toml, "deep_scores", scores_of(toml))
    study = load_study(toml)
    assert study.images["image"].isna().all()
    assert len(study.deep_features) == len(study.deep_scores) == len(study.features) == len(study.images)


def test_a_study_of_deep_features_alone(tmp_path: Path) -> None:
    toml = make_features_study(tmp_path / "study")
    toml.write_text(toml.read_text().replace('features = "features.csv"\n', ""))
    write(toml, "deep_features", features_of(toml))
    study = load_study(toml)
    assert study.features is None
    assert len(study.deep_features) == len(study.images)


@pytest.mark.parametrize("cell", ["0.25", "", "x"])
def test_the_size_of_the_reference_study_is_read_soon(tmp_path: Path, cell: str) -> None:
    toml = make_features_study(tmp_path / "study", centers={"Alpha": 100, "Beta": 21})
    frame = features_of(toml, length=2048)
    assert frame.shape == (242, 2050)
    frame.loc[5, "f0":] = cell
    write(toml, "deep_features", frame)
    started = time.perf_counter()
    report = validate_study(toml)
    assert time.perf_counter() - started < 8
    assert report.counts["errors"] == {"0.25": 0, "": 1, "x": 2048}[cell]
