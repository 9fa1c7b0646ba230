"""Models made elsewhere beside the families of a study: what is compared, on which cases, and by which test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.domain import Study
from sgcore.workflow import Store
from tests.support.brought import ROLES, bring, by_patient, compare, scores_of, warned

Change = Callable[[pd.DataFrame], pd.DataFrame]


def test_joined_by_image_equals_delong_on_the_same_cases(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    brought = bring(store, study, tmp_path, scores_of(study))
    assert brought.match is not None
    assert (brought.match.by, brought.match.n_foreign) == ("image", 0)
    for unit in ("patient", "image"):
        result = compare(brought, study, predictions, unit=unit)
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
    brought = bring(store, study, tmp_path, scores_of(study))
    assert warned(brought, "are training cases of the study")
    beta = compare(brought, study, predictions, center="Beta")
    assert beta.rows["n_patients"].tolist() == [8, 8]
    assert beta.rows["within_center_auc"].isna().all()
    train = compare(brought, study, predictions, subset="train")
    folds = predictions[(predictions["subset"] == "train") & (predictions["estimate"] == "out_of_fold")]
    radiomics = folds[folds["family"] == "Radiomics"].groupby("patient_id")[["y_true", "y_score"]].mean()
    expected = stats.auc(radiomics["y_true"], radiomics["y_score"]).auc
    assert train.pairs["auc_b"][0] == pytest.approx(expected)


def test_a_score_that_points_the_other_way_is_not_turned(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame["net"] = -frame["net"]
    result = compare(bring(store, study, tmp_path, frame), study, predictions)
    assert result.rows["auc"][0] < 0.5


def test_joined_by_patient(store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path) -> None:
    frame = by_patient(scores_of(study))
    brought = bring(store, study, tmp_path, frame, image=None)
    assert brought.match is not None
    assert brought.match.by == "patient"
    result = compare(brought, study, predictions)
    same = compare(bring(store, study, tmp_path, scores_of(study)), study, predictions)
    assert result.pairs["delta"].tolist() == pytest.approx(same.pairs["delta"].tolist(), abs=1e-12)
    assert result.rows["n_patients"].tolist() == same.rows["n_patients"].tolist()
    assert result.rows["n_images"].isna().all()
    by_image = compare(brought, study, predictions, unit="image")
    assert by_image.rows["auc"].isna().all()
    assert "one score a patient" in by_image.rows["reason"][0]
    assert by_image.pairs["delta"].notna().tolist() == [True] + [False] * 5


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
    brought = bring(store, study, tmp_path, frame, **roles)
    assert brought.match is not None
    assert brought.match.by is None
    assert reason in brought.match.reason
    for unit in ("patient", "image"):
        result = compare(brought, study, predictions, unit=unit)
        assert result.rows["auc"].notna().all()
        crossed = result.pairs[result.pairs["a"].isin(["US", "Radiomics"]) & (result.pairs["b"] == "net")]
        assert len(crossed) == 2
        assert crossed["delta"].isna().all()
        assert crossed["reason"].str.contains("cannot be matched").all()
        assert result.pairs["delta"].iloc[[0, -1]].notna().all()


def test_one_class_in_a_center_is_a_reason(
    store: Store, study: Study, predictions: pd.DataFrame, tmp_path: Path
) -> None:
    frame = scores_of(study)
    frame.loc[(frame["site"] == "Gamma") & (frame["diagnosis"] == "primary"), "net"] = np.nan
    brought = bring(store, study, tmp_path, frame)
    gamma = compare(brought, study, predictions, center="Gamma")
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
    brought = bring(store, study, tmp_path, frame)
    for unit in ("patient", "image"):
        result = compare(brought, study, predictions, unit=unit)
        assert result.rows["reason"].tolist() == ["the model scored none of these cases", ""]
    by_patients = by_patient(frame)
    brought = bring(store, study, tmp_path, by_patients, image=None)
    assert compare(brought, study, predictions).rows["reason"][0] == "the model scored none of these cases"


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
    result = compare(brought, study, predictions)
    assert result.rows["family"].tolist() == ["US (made elsewhere)", "other net"]
    assert result.rows["auc"].notna().all()


def test_a_file_by_itself_takes_the_road_of_the_command(store: Store, study: Study, tmp_path: Path) -> None:
    brought = bring(store, None, tmp_path, scores_of(study))
    stored = workflow.load_brought(store, brought.file_id)
    table = workflow.compare_prediction_table(stored.table)
    command = workflow.compare_prediction_file(tmp_path / "scores.csv", replace(ROLES, image=None))
    assert table.as_dict() == command.as_dict()
