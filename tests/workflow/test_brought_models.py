"""Models made elsewhere beside the families of a study: how cases are found, and what is compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.cohort import PredictionsError, Roles, load_study
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.workflow import BroughtComparison, BroughtModels, Store
from tests.support.brought import ROLES, by_patient, scores_of, write

CHOSEN = [("US", "LR"), ("Radiomics", "SVM")]
Change = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.fixture(scope="module")
def study(study_toml: Path) -> Study:
    return load_study(study_toml)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with workflow.open_store(tmp_path / "store.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def predictions(study: Study) -> pd.DataFrame:
    """What an analysis would have stored: two families, fitted and out of fold."""
    rng = np.random.default_rng(5)
    parts = []
    for (family, classifier), effect in zip(CHOSEN, (0.4, 1.0), strict=True):
        for estimate in ("fitted", "out_of_fold"):
            cases = study.cases().rename(columns={"y": "y_true"})
            score = rng.normal(size=len(cases)) + effect * cases["y_true"]
            model = {"family": family, "classifier": classifier, "estimate": estimate, "y_score": score}
            parts.append(cases.assign(**model))
    return pd.concat(parts, ignore_index=True)


def _bring(
    store: Store, study: Study | None, folder: Path, frame: pd.DataFrame, **changes: Any
) -> BroughtModels:
    if study is not None:
        workflow.add_study(store, study)
    return workflow.import_predictions(write(frame, folder), store, study, replace(ROLES, **changes))


def _compare(
    brought: BroughtModels, study: Study, predictions: pd.DataFrame, **changes: Any
) -> BroughtComparison:
    where: dict[str, Any] = {"subset": "external", "center": None, "unit": "patient"} | changes
    return workflow.compare_with_families(predictions, CHOSEN, brought, study, brought.models, **where)


def _rules(error: PredictionsError) -> list[str]:
    return [problem.rule for problem in error.problems]


def _said(brought: BroughtModels, words: str) -> bool:
    return any(words in problem.rule for problem in brought.warnings)


def test_joined_by_image_equals_delong_on_the_same_cases(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    brought = _bring(store, study, tmp_path, scores_of(study))
    assert brought.match is not None
    assert (brought.match.by, brought.match.n_foreign) == ("image", 0)
    for unit in ("patient", "image"):
        result = _compare(brought, study, predictions, unit=unit)
        assert result.rows["family"].tolist() == ["net", "other net"]
        assert list(zip(result.pairs["a"], result.pairs["b"], strict=True)) == [
            ("US", "Radiomics"),
            ("US", "net"),
            ("US", "other net"),
            ("Radiomics", "net"),
            ("Radiomics", "other net"),
            ("net", "other net"),
        ]
        cases = scores_of(study).merge(
            predictions[
                (predictions["subset"] == "external")
                & (predictions["family"] == "Radiomics")
                & (predictions["estimate"] == "fitted")
            ],
            left_on="image",
            right_on="image_id",
        )
        if unit == "patient":
            cases = cases.groupby("patient", as_index=False)[["y_true", "y_score", "net"]].mean()
        expected = stats.compare_auc(
            cases["y_true"], cases["y_score"], cases["net"], cases["patient"] if unit == "image" else None
        )
        row = result.pairs.iloc[3]
        assert row[["delta", "ci_low", "ci_high", "p"]].tolist() == pytest.approx(
            [expected.delta, expected.ci_low, expected.ci_high, expected.p], abs=1e-12
        )
        assert row["n_left_out"] == 0
        assert result.rows["auc"][0] == pytest.approx(expected.auc_b)
        holm = stats.adjust(result.pairs["p"].to_numpy(float), "holm")
        np.testing.assert_allclose(result.pairs["p_adjusted"], holm)
        assert result.rows["within_center_auc"].notna().all()


def test_centers_and_training_folds(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    brought = _bring(store, study, tmp_path, scores_of(study))
    assert _said(brought, "are training cases of the study")
    beta = _compare(brought, study, predictions, center="Beta")
    assert beta.rows["n_patients"].tolist() == [8, 8]
    assert beta.rows["within_center_auc"].isna().all()
    train = _compare(brought, study, predictions, subset="train")
    folds = predictions[(predictions["subset"] == "train") & (predictions["estimate"] == "out_of_fold")]
    radiomics = folds[folds["family"] == "Radiomics"].groupby("patient_id")[["y_true", "y_score"]].mean()
    expected = stats.auc(radiomics["y_true"], radiomics["y_score"]).auc
    assert train.pairs["auc_b"][0] == pytest.approx(expected)


def test_a_score_that_points_the_other_way_is_not_turned(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame["net"] = -frame["net"]
    result = _compare(_bring(store, study, tmp_path, frame), study, predictions)
    assert result.rows["auc"][0] < 0.5


def test_joined_by_patient(store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path) -> None:
    frame = by_patient(scores_of(study))
    brought = _bring(store, study, tmp_path, frame, image=None)
    assert brought.match is not None
    assert brought.match.by == "patient"
    result = _compare(brought, study, predictions)
    same = _compare(_bring(store, study, tmp_path, scores_of(study)), study, predictions)
    assert result.pairs["delta"].tolist() == pytest.approx(same.pairs["delta"].tolist(), abs=1e-12)
    assert result.rows["n_patients"].tolist() == same.rows["n_patients"].tolist()
    assert result.rows["n_images"].isna().all()
    by_image = _compare(brought, study, predictions, unit="image")
    assert by_image.rows["auc"].isna().all()
    assert "one score a patient" in by_image.rows["reason"][0]
    assert by_image.pairs["delta"].notna().tolist() == [True] + [False] * 5


def test_extra_and_missing_cases_are_counted_and_said(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    absent = study.cases().query("subset == 'external'")["image_id"].iloc[:3]
    frame = frame[~frame["image"].isin(absent)]
    extra = frame.iloc[:1].assign(image=absent.iloc[0].lower())
    brought = _bring(store, study, tmp_path, pd.concat([frame, extra]), group=None)
    assert brought.match is not None
    assert brought.match.n_foreign == 1
    assert brought.match.lacking["external"][0] == 3
    assert _said(brought, "1 of")
    assert _said(brought, f"are not in the study ({extra['image'].iloc[0]})")
    assert any("Did you mean" in problem.fix for problem in brought.warnings)
    assert _said(brought, "lacks 3 of")
    result = _compare(brought, study, predictions, unit="image")
    assert result.rows["n_left_out"].tolist() == [3, 3]
    assert result.pairs["n_left_out"].tolist() == [0, 3, 3, 3, 3, 3]


def test_a_label_that_disagrees_is_an_error_with_its_row(store: Store, study: Study, tmp_path: Path) -> None:
    frame = scores_of(study)
    frame.loc[4, "diagnosis"] = "secondary" if frame.loc[4, "diagnosis"] == "primary" else "primary"
    with pytest.raises(PredictionsError, match="1 problem") as caught:
        _bring(store, study, tmp_path, frame)
    assert (caught.value.problems[0].row, caught.value.problems[0].column) == (6, "diagnosis")
    assert "disagrees with the study" in _rules(caught.value)[0]
    assert workflow.brought_files(store, study.fingerprint).empty


def test_the_other_positive_value_is_one_error(store: Store, study: Study, tmp_path: Path) -> None:
    with pytest.raises(PredictionsError) as caught:
        _bring(store, study, tmp_path, scores_of(study), positive="primary")
    assert caught.value.total == 1
    assert "positive label is 'secondary'" in _rules(caught.value)[0]


def test_patients_and_centers_that_disagree_are_said_and_the_study_holds(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame.loc[frame["site"] == "Beta", "site"] = "Delta"
    frame.loc[0, "patient"] = "somebody"
    brought = _bring(store, study, tmp_path, frame)
    assert brought.match is not None
    assert _said(brought, "the center of")
    assert _said(brought, "the patient of 1 of")
    assert _compare(brought, study, predictions, center="Beta").rows["n_patients"].tolist() == [8, 8]


def _no_images(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="image")


@pytest.mark.parametrize(
    ("change", "roles", "reason"),
    [
        (_no_images, {"image": None}, "several rows of the same patient"),
        (_no_images, {"image": None, "group": None}, "neither images nor patients"),
        (lambda f: f.assign(image="x" + f["image"]), {"group": None}, "none of its identifiers"),
    ],
)
def test_cases_that_cannot_be_matched_are_not_compared(
    store: Store,
    study: Study,
    predictions: pd.DataFrame,
    tmp_path: Path,
    change: Change,
    roles: dict[str, Any],
    reason: str,
) -> None:
    frame = change(scores_of(study))
    brought = _bring(store, study, tmp_path, frame, **roles)
    assert brought.match is not None
    assert brought.match.by is None
    assert reason in brought.match.reason
    for unit in ("patient", "image"):
        result = _compare(brought, study, predictions, unit=unit)
        assert result.rows["auc"].notna().all()
        crossed = result.pairs[result.pairs["a"].isin(["US", "Radiomics"]) & (result.pairs["b"] == "net")]
        assert crossed["delta"].isna().all()
        assert crossed["reason"].str.contains("cannot be matched").all()
        assert result.pairs["delta"].iloc[[0, -1]].notna().all()


def _elsewhere(study: Study) -> pd.DataFrame:
    """Names that the study does not know; whether the people are others they do not say."""
    return scores_of(study).assign(patient=lambda f: "E" + f["patient"], image=lambda f: "E" + f["image"])


@pytest.mark.parametrize("changes", [{}, {"image": None}, {"group": None}])
def test_other_names_are_no_other_patients(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path, changes: dict[str, Any]
) -> None:
    brought = _bring(store, study, tmp_path, _elsewhere(study), **changes)
    assert brought.match is not None
    assert (brought.match.by, brought.match.other_patients) == (None, False)
    assert any("declare" in problem.fix for problem in brought.warnings)
    for unit in ("patient", "image"):
        pairs = _compare(brought, study, predictions, unit=unit).pairs.set_index(["a", "b"])
        assert np.isnan(pairs.loc[("Radiomics", "net"), "p"])
        assert "the same patients may be in both" in pairs.loc[("Radiomics", "net"), "reason"]
        assert pairs["delta"].notna().tolist() == [True, False, False, False, False, True]


def test_a_file_that_names_no_patients_may_be_declared_too(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = _elsewhere(study).drop(columns=["patient", "image"])
    brought = _bring(store, study, tmp_path, frame, group=None, image=None, other_patients=True)
    row = _compare(brought, study, predictions, unit="image").pairs.set_index(["a", "b"]).loc[("US", "net")]
    assert "unpaired" in row["method"]
    assert 0 <= row["p"] <= 1
    assert row[["n_patients", "n_images"]].isna().all()  # nobody knows how many people the file's cases are


@pytest.mark.parametrize(
    ("column", "changes"), [("patient", {}), ("image", {"group": None}), ("patient", {"image": None})]
)
def test_a_declaration_that_names_contradict_is_refused(
    store: Store, study: Study, tmp_path: Path, column: str, changes: dict[str, Any]
) -> None:
    frame = _elsewhere(study)
    frame.loc[5, column] = scores_of(study).loc[5, column].lower()
    frame = frame.drop_duplicates("patient") if column == "patient" else frame
    with pytest.raises(PredictionsError) as caught:
        _bring(store, study, tmp_path, frame, other_patients=True, **changes)
    (problem,) = caught.value.problems
    assert (problem.column, problem.value) == (column, str(frame.loc[5, column]))
    assert "declared to be of other patients" in problem.rule
    assert "Take the declaration back" in problem.fix
    assert workflow.every_brought_file(store).empty


def test_declared_patients_are_compared_as_independent(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = _elsewhere(study)
    stored = _bring(store, study, tmp_path, frame, other_patients=True)
    assert stored.new
    assert _bring(store, study, tmp_path, frame).new  # another statement, another file
    brought = workflow.load_brought(store, stored.file_id)
    assert brought.match is not None
    assert (brought.match.by, brought.match.shared_patients) == (None, 0)
    assert brought.match.other_patients
    assert not _said(brought, "cannot be found")
    result = _compare(brought, study, predictions, unit="image")
    row = result.pairs[(result.pairs["a"] == "Radiomics") & (result.pairs["b"] == "net")].iloc[0]
    assert "unpaired" in row["method"]
    held_out = predictions[(predictions["subset"] == "external") & (predictions["estimate"] == "fitted")]
    ours = held_out[held_out["family"] == "Radiomics"]
    expected = stats.compare_auc(
        ours["y_true"],
        ours["y_score"],
        frame["net"],
        ours["patient_id"],
        (frame["diagnosis"] == "secondary").astype(int),
        frame["patient"],
    )
    assert row["p"] == pytest.approx(expected.p)
    gamma = _compare(brought, study, predictions, center="Gamma")
    assert gamma.rows["n_patients"].tolist() == [6, 6]
    assert "no case of" in _compare(brought, study, predictions, center="Omega").rows["reason"][0]


def test_one_class_in_a_center_is_a_reason(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame.loc[(frame["site"] == "Gamma") & (frame["diagnosis"] == "primary"), "net"] = np.nan
    brought = _bring(store, study, tmp_path, frame)
    gamma = _compare(brought, study, predictions, center="Gamma")
    assert np.isnan(gamma.rows["auc"][0])
    assert "one class only" in gamma.rows["reason"][0]
    assert gamma.rows["n_left_out"][0] > 0
    pairs = gamma.pairs.set_index(["a", "b"])
    assert "one class only" in pairs.loc[("Radiomics", "net"), "reason"]


def test_a_model_without_a_score_here(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame.loc[frame["site"] != "Alpha", "net"] = np.nan
    frame.loc[:, "other net"] = frame["other net"].where(frame["site"] != "Gamma")
    brought = _bring(store, study, tmp_path, frame)
    for unit in ("patient", "image"):
        result = _compare(brought, study, predictions, unit=unit)
        assert result.rows["reason"].tolist() == ["the model scored none of these cases", ""]
    by_patients = by_patient(frame)
    brought = _bring(store, study, tmp_path, by_patients, image=None)
    assert _compare(brought, study, predictions).rows["reason"][0] == "the model scored none of these cases"


def test_the_studys_own_table_and_a_model_called_like_a_family(
    study: Study, predictions: pd.DataFrame
) -> None:
    wide = scores_of(study).rename(columns={"image": "image_id", "net": "US"})
    own = wide.melt("image_id", ["US", "other net"], "model", "score").iloc[:-4]
    assert workflow.study_models(replace(study, predictions=None)) is None
    brought = workflow.study_models(replace(study, predictions=own, predictions_kind="score"))
    assert brought is not None
    assert brought.models == ["US", "other net"]
    assert brought.table.scores.isna().sum().tolist() == [0, 4]
    result = _compare(brought, study, predictions)
    assert result.rows["family"].tolist() == ["US (made elsewhere)", "other net"]
    assert result.rows["auc"].notna().all()


def test_stored_once_and_read_back(store: Store, study: Study, tmp_path: Path) -> None:
    frame = scores_of(study)
    frame.loc[3, "net"] = np.nan
    first = _bring(store, study, tmp_path, frame)
    again = _bring(store, study, tmp_path, frame)
    alone = _bring(store, None, tmp_path, frame)
    other = _bring(store, study, tmp_path, frame, kind="score", scores=("net",))
    assert (first.new, again.new, alone.new, other.new) == (True, False, True, True)
    assert len({first.file_id, alone.file_id, other.file_id}) == 3
    files = workflow.brought_files(store, study.fingerprint)
    assert files["file_id"].tolist() == [other.file_id, first.file_id]
    assert files["models"].tolist() == [1, 2]
    assert workflow.brought_files(store)["file_id"].tolist() == [alone.file_id]
    back = workflow.load_brought(store, first.file_id)
    pd.testing.assert_frame_equal(back.table.scores, first.table.scores, check_names=False)
    for name in ("y", "groups", "centers", "images"):
        pd.testing.assert_series_equal(
            getattr(back.table, name), getattr(first.table, name), check_dtype=False, check_names=name != "y"
        )
    assert back.warnings == first.warnings
    assert back.match == first.match


def test_what_an_older_store_does_not_know_has_its_default() -> None:
    old = {"label": "y", "positive": "1", "scores": ["a"], "group": None, "kind": "score", "digest": "x"}
    assert Roles.of(old) == Roles("y", ("a",), "1")


def test_too_many_models_are_refused(store: Store, study: Study, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="at most 100"):
        _bring(store, study, tmp_path, scores_of(study), scores=tuple(f"m{i}" for i in range(101)))


def test_a_file_by_itself_takes_the_road_of_the_command(store: Store, study: Study, tmp_path: Path) -> None:
    brought = _bring(store, None, tmp_path, scores_of(study))
    stored = workflow.load_brought(store, brought.file_id)
    table = workflow.compare_prediction_table(stored.table)
    command = workflow.compare_prediction_file(tmp_path / "scores.csv", replace(ROLES, image=None))
    assert table.as_dict() == command.as_dict()
