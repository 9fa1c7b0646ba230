"""The calibration frame against a direct call, and what cannot be judged with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from sgcore import stats
from sgcore.domain import EvaluationSet
from sgcore.store.result_frames import RESULT_FRAMES
from sgcore.workflow.calibrated import REPLICATES, calibrations
from sgcore.workflow.cases import model_cases

PICKS = pd.DataFrame({"family": ["US", "Radiomics", "DL"], "classifier": ["LR", "SVM", None]})
FOLDS = pd.DataFrame({"family": ["US", "Radiomics"], "classifier": ["LR", "MLP"]})
CENTERS: dict[str, Mapping[str, int]] = {
    "train": {"Alpha": 40},
    "validation": {"Alpha": 24},
    "external": {"Beta": 30, "Gamma": 26, "Delta": 3},
}


def _predictions() -> pd.DataFrame:
    """Patients with one to three images (validation: one); Delta has one class; one score is missing."""
    rng = np.random.default_rng(0)
    rows = []
    for subset, centers in CENTERS.items():
        for center, patients in centers.items():
            for number in range(patients):
                y = 1 if center == "Delta" else number % 2
                for view in range(1 if subset == "validation" else 1 + number % 3):
                    image = f"{center}-{subset}-{number}-{view}"
                    for family, classifier in (("US", "LR"), ("Radiomics", "SVM"), ("Radiomics", "MLP")):
                        for estimate in ("fitted", "out_of_fold") if subset == "train" else ("fitted",):
                            score = float(expit(rng.normal(1.5 * (2 * y - 1), 2)))
                            rows.append(
                                {
                                    "image_id": image,
                                    "patient_id": f"{center}-{subset}-{number}",
                                    "center": center,
                                    "subset": subset,
                                    "family": family,
                                    "classifier": classifier,
                                    "estimate": estimate,
                                    "y_true": y,
                                    "y_score": score,
                                }
                            )
    frame = pd.DataFrame(rows)
    frame.loc[(frame["image_id"] == "Beta-external-2-1") & (frame["family"] == "US"), "y_score"] = np.nan
    return frame


@pytest.fixture(scope="module")
def predictions() -> pd.DataFrame:
    return _predictions()


@pytest.fixture(scope="module")
def frame(predictions: pd.DataFrame) -> pd.DataFrame:
    return calibrations(predictions, PICKS, FOLDS, seed=7)


def _one(frame: pd.DataFrame, **where: str | None) -> pd.DataFrame:
    for name, value in where.items():
        frame = frame[frame[name].isna() if value is None else frame[name] == value]
    return frame.set_index("measure")


def test_the_frame_is_what_the_statistic_says(predictions: pd.DataFrame, frame: pd.DataFrame) -> None:
    assert list(frame.columns) == list(RESULT_FRAMES["calibration"])
    at = EvaluationSet("external", None, "image")
    cases = model_cases(predictions, ("US", "LR"), at).dropna(subset=["y_score"])
    direct = stats.calibration(
        cases["y_true"], cases["y_score"], cases["patient_id"], replicates=REPLICATES, seed=7
    )
    rows = _one(frame, family="US", subset="external", center=None, unit="image")
    assert len(rows) == 5
    for name in rows.index:
        measure = getattr(direct, name)
        found = rows.loc[name, ["estimate", "ci_low", "ci_high"]].to_numpy(float)
        np.testing.assert_array_equal(found, [measure.estimate, measure.ci_low, measure.ci_high])
        assert rows.loc[name, "method"] == measure.method
    assert rows.loc["ici", "by_chance"] == direct.ici_by_chance
    assert rows["by_chance"].notna().sum() == 1
    assert (rows["n_images"] == len(cases)).all()
    assert (rows["n_patients"] == cases["patient_id"].nunique()).all()


def test_by_patient_means_of_images_count(predictions: pd.DataFrame, frame: pd.DataFrame) -> None:
    gamma = EvaluationSet("external", "Gamma", "patient")
    cases = model_cases(predictions, ("Radiomics", "SVM"), gamma)
    means = cases.groupby("patient_id", sort=False).agg({"y_true": "first", "y_score": "mean"})
    direct = stats.calibration(means["y_true"], means["y_score"], replicates=0)
    rows = _one(frame, family="Radiomics", subset="external", center="Gamma", unit="patient")
    assert rows.loc["slope", "estimate"] == pytest.approx(direct.slope.estimate, rel=1e-12)
    assert rows.loc["brier", "ci_high"] == pytest.approx(direct.brier.ci_high, rel=1e-12)
    assert (rows["n_pos"] + rows["n_neg"] == len(means)).all()


def test_one_class_in_a_center_says_so(frame: pd.DataFrame) -> None:
    rows = _one(frame, family="US", subset="external", center="Delta", unit="patient")
    for name in ("intercept", "slope", "scaled_brier", "ici"):
        assert np.isnan(rows.loc[name, "estimate"])
        assert rows.loc[name, "reason"] == "one class only (all positive), n = 3"
    assert 0 < rows.loc["brier", "estimate"] < 1


def test_a_center_without_a_score_says_so(predictions: pd.DataFrame) -> None:
    bare = predictions[predictions["family"] == "US"]
    bare = bare.assign(y_score=bare["y_score"].mask(bare["center"] == "Gamma"))
    picks = PICKS[PICKS["family"] == "US"]
    rows = _one(calibrations(bare, picks, picks, seed=7), subset="external", center="Gamma", unit="image")
    assert rows["reason"].str.fullmatch(r"none of \d+ images has a score").tolist() == [True] * 5
    assert rows["estimate"].isna().all()


def test_every_subset_is_there_and_training_is_out_of_fold(
    predictions: pd.DataFrame, frame: pd.DataFrame
) -> None:
    training = frame[frame["subset"] == "train"]
    assert set(zip(training["family"], training["classifier"], strict=True)) == {
        ("US", "LR"),
        ("Radiomics", "SVM"),
        ("Radiomics", "MLP"),
    }
    held_out = frame[frame["subset"] != "train"]
    assert set(held_out["classifier"]) == {"LR", "SVM"}
    assert "DL" not in set(frame["family"])
    cases = predictions[
        (predictions["classifier"] == "MLP")
        & (predictions["subset"] == "train")
        & (predictions["estimate"] == "out_of_fold")
    ]
    brier = ((cases["y_score"] - cases["y_true"]) ** 2).mean()
    rows = _one(training, classifier="MLP", center=None, unit="image")
    assert rows.loc["brier", "estimate"] == pytest.approx(brier)


def test_one_center_and_one_image_a_patient_are_measured_once(
    monkeypatch: pytest.MonkeyPatch, predictions: pd.DataFrame
) -> None:
    calls = []
    measure = stats.calibration
    monkeypatch.setattr(stats, "calibration", lambda *a, **k: calls.append(len(a[0])) or measure(*a, **k))
    validation = predictions[predictions["subset"] == "validation"]
    frame = calibrations(validation, PICKS.iloc[:1], FOLDS.iloc[:1], seed=0)
    assert calls == [24]
    assert frame.groupby(["unit", frame["center"].fillna("")]).size().to_list() == [5, 5, 5, 5]
    whole = _one(frame, center=None, unit="patient")
    same = _one(frame, center="Alpha", unit="image")
    pd.testing.assert_frame_equal(
        whole.drop(columns=["center", "unit"]), same.drop(columns=["center", "unit"])
    )
