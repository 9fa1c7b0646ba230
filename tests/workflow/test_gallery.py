"""Cases of the gallery: scores by the unit, calls as in the evaluations, votes of the families, maps of the answer."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.domain import EvaluationSet, Study, Subset, Unit
from sgcore.workflow import GalleryChoice
from tests.support.app import network_store

PICKS = pd.DataFrame({"family": ["US", "DL", "Radiomics"], "classifier": ["LR", "net", None]})


def _study() -> Any:
    """Patient p of Beta has images a and b, q of Gamma c, r of Alpha trained the models with d."""
    cases = [
        ("a", "p", "Beta", "external", 1),
        ("b", "p", "Beta", "external", 1),
        ("c", "q", "Gamma", "external", 0),
        ("d", "r", "Alpha", "train", 0),
    ]
    frame = pd.DataFrame(cases, columns=["image_id", "patient_id", "center", "subset", "y"])
    return SimpleNamespace(cases=frame.copy)


def _analysis() -> Any:
    """US has thresholds 0.5 by image and 0.45 by patient, DL 0.5 by both; d also has an out-of-fold score of US."""
    scores = [
        ("a", "US", "LR", "fitted", 0.75),
        ("b", "US", "LR", "fitted", 0.25),
        ("c", "US", "LR", "fitted", 0.75),
        ("d", "US", "LR", "fitted", 0.1),
        ("d", "US", "LR", "out_of_fold", 0.8),
        ("c", "US", "SVM", "fitted", 0.0),
        ("a", "DL", "net", "fitted", 0.2),
        ("b", "DL", "net", "fitted", np.nan),
        ("c", "DL", "net", "fitted", 0.6),
        ("d", "DL", "net", "fitted", 0.4),
    ]
    columns = ["image_id", "family", "classifier", "estimate", "y_score"]
    predictions = pd.DataFrame(scores, columns=columns).merge(_study().cases(), on="image_id")
    thresholds = [("US", "image", 0.5), ("US", "patient", 0.45), ("DL", "image", 0.5), ("DL", "patient", 0.5)]
    evaluations = pd.DataFrame(thresholds, columns=["family", "unit", "threshold"]).assign(
        classifier=lambda rows: rows["family"].map({"US": "LR", "DL": "net"}), center=None
    )
    ratios = {("a", 0): 0.5, ("a", 1): 3.0, ("b", 1): 2.0, ("c", 0): 4.0, ("c", 1): 1.5}
    maps = pd.DataFrame([(*key, ratio) for key, ratio in ratios.items()])
    frames = {
        "predictions": predictions,
        "evaluations": evaluations,
        "grad_cam": maps.set_axis(["image_id", "target", "roi_ratio"], axis=1),
        "networks": pd.DataFrame({"backbone": ["net", "other"], "picked": [True, False]}),
    }
    return SimpleNamespace(frame=frames.__getitem__)


def _cases(
    subset: Subset = "external", unit: Unit = "image", family: str = "US", center: str | None = None
) -> Any:
    at = EvaluationSet(subset, center, unit)
    return workflow.gallery_cases(_study(), _analysis(), PICKS, family, at).set_index("image_id")


def test_by_image_each_score_meets_the_threshold_of_images() -> None:
    cases = _cases()
    assert list(cases.index) == ["a", "b", "c"]
    assert list(cases["score"]) == [0.75, 0.25, 0.75]
    assert set(cases["threshold"]) == {0.5}
    assert list(cases["called"]) == [1, 0, 1]
    assert list(cases["wrong"]) == [0, 1, 1]
    assert cases["margin"].tolist() == pytest.approx([-0.25, 0.25, 0.25])


def test_by_patient_images_share_the_mean_of_the_scored_ones() -> None:
    cases = _cases(unit="patient")
    assert cases["score"].tolist() == pytest.approx([0.5, 0.5, 0.75])
    assert list(cases["wrong"]) == [0, 0, 1]
    network = _cases(unit="patient", family="DL")
    # Image b has no score of its own.
    assert list(network["score"]) == [0.2, 0.2, 0.6]


def test_votes_of_picked_models_and_of_those_that_call_the_case() -> None:
    cases = _cases()
    # SVM, which calls c negative, is not picked; DL has no score of b.
    assert list(cases["n_families"]) == [2, 1, 2]
    assert list(cases["n_positive"]) == [1, 0, 2]
    assert cases["disagreement"].tolist() == pytest.approx([0.5, np.nan, 0.0], nan_ok=True)


def test_the_map_is_that_of_the_label_that_the_network_answers() -> None:
    """a is answered negative, c positive; b has no answer."""
    assert _cases()["roi_ratio"].tolist() == pytest.approx([0.5, np.nan, 1.5], nan_ok=True)


def test_training_cases_stand_out_of_fold_where_a_model_has_such_scores() -> None:
    (case,) = _cases("train").to_dict("records")
    assert (case["score"], case["estimate"], case["wrong"]) == (0.8, "out_of_fold", 1)
    (network,) = _cases("train", family="DL").to_dict("records")
    assert (network["score"], network["estimate"]) == (0.4, "fitted")


def test_a_family_without_a_pick_has_cases_without_a_call() -> None:
    cases = _cases(family="Radiomics")
    assert cases[["score", "threshold", "called", "wrong", "margin"]].isna().all(axis=None)
    assert list(cases["n_families"]) == [2, 1, 2]
    assert list(_cases(center="Gamma").index) == ["c"]


def _shown(**choice: Any) -> list[str]:
    return list(workflow.choose_cases(_cases().reset_index(), GalleryChoice(**choice))["image_id"])


def test_filters() -> None:
    assert _shown() == ["a", "b", "c"]
    assert _shown(label="negative") == ["c"]
    assert _shown(label="positive", call="wrong") == ["b"]
    assert _shown(call="right") == ["a"]
    assert (_shown(families="disagree"), _shown(families="agree")) == (["a"], ["c"])
    # Of b nobody knows where the network looks.
    assert (_shown(map="beside"), _shown(map="inside")) == (["a"], ["c"])
    assert _shown(label="negative", call="right") == []


def test_orders() -> None:
    """b and c lie equally far on the wrong side and keep the study's order; what is unknown stands last."""
    assert _shown(order="error") == ["b", "c", "a"]
    assert _shown(order="disagreement") == ["a", "c", "b"]
    assert _shown(order="map") == ["a", "c", "b"]


def test_a_wrong_call_at_the_threshold_itself_stands_before_right_ones() -> None:
    cases = pd.DataFrame(
        {"image_id": ["right", "wrong", "none"], "wrong": [0.0, 1.0, np.nan], "margin": [-0.0, 0.0, np.nan]}
    )
    shown = workflow.choose_cases(cases, GalleryChoice(order="error"))
    assert list(shown["image_id"]) == ["wrong", "right", "none"]


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Study, workflow.Analysis]]:
    path = tmp_path_factory.mktemp("gallery") / "store.duckdb"
    shutil.copy(network_store(tmp_path_factory), Path(path))
    with workflow.open_store(path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        reference = workflow.reference_id(store, study_id)
        yield workflow.stored_study(store, study_id), workflow.load_analysis(store, reference or "")


@pytest.mark.parametrize("unit", ["patient", "image"])
@pytest.mark.parametrize("subset", ["train", "validation", "external"])
def test_the_share_of_right_calls_is_the_accuracy_of_the_evaluations(
    analyzed: tuple[Study, workflow.Analysis], subset: Subset, unit: Unit
) -> None:
    study, analysis = analyzed
    at = EvaluationSet(subset, None, unit)
    cases = workflow.gallery_cases(study, analysis, analysis.frame("picks"), "Combined", at)
    units = cases.drop_duplicates("patient_id") if unit == "patient" else cases
    rows = at.rows(analysis.frame("evaluations"))
    rows = rows[
        (rows["family"] == "Combined") & rows["picked"].astype(bool) & (rows["estimate"] == at.estimate)
    ]
    assert 1 - units["wrong"].mean() == pytest.approx(rows["accuracy"].iloc[0])
    assert len(units) == rows["n_patients" if unit == "patient" else "n_images"].iloc[0]
