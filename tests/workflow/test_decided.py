"""Decision curves of stored predictions, the decision that holds, and calibration of an older analysis."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.domain import Decision, EvaluationSet, Unit
from sgcore.workflow import Analysis, Store
from sgcore.workflow.cases import model_cases
from tests.support.app import analyzed_store

BIOPSY = Decision("biopsy", 0.1, 0.5)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store.duckdb"
    shutil.copy(analyzed_store(tmp_path_factory), path)
    with workflow.open_store(path) as opened:
        yield opened


@pytest.fixture
def analysis(store: Store) -> Analysis:
    return workflow.load_analysis(store, str(store.analyses.list()["analysis_id"].iloc[0]))


def _model(analysis: Analysis) -> tuple[str, str]:
    pick = analysis.frame("picks").set_index("family").loc["Radiomics"]
    return "Radiomics", str(pick["classifier"])


def _fitted_share(predictions: pd.DataFrame, model: tuple[str, str]) -> float:
    """Share of positives among the images a model was fitted on, whatever the unit of the evaluation."""
    own = predictions[(predictions["family"] == model[0]) & (predictions["classifier"] == model[1])]
    return float(own[(own["subset"] == "train") & (own["estimate"] == "fitted")]["y_true"].mean())


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_a_curve_at_a_prevalence_is_what_the_statistic_says(analysis: Analysis, unit: Unit) -> None:
    predictions, model = analysis.frame("predictions"), _model(analysis)
    at = EvaluationSet("external", None, unit)
    rows = workflow.counted(model_cases(predictions, model, at), unit).rows
    fitted_on = _fitted_share(predictions, model)
    direct = stats.decision_curve(
        rows["y_true"],
        rows["y_score"],
        rows["patient_id"] if unit == "image" else None,
        thresholds=np.linspace(0.1, 0.5, 101),
        prevalence=0.2,
        train_prevalence=fitted_on,
    )
    found = workflow.net_benefit(predictions, model, at, low=0.1, high=0.5, prevalence=0.2)
    pd.testing.assert_frame_equal(found.frame(), direct.frame())
    assert found.shift == direct.shift
    assert found.prevalence_source == "target"
    study_mix = workflow.net_benefit(predictions, model, at, low=0.1, high=0.5)
    pi = rows["y_true"].mean()
    assert (study_mix.prevalence, study_mix.prevalence_source) == (pi, stats.STUDY_MIX)
    assert study_mix.train_prevalence == fitted_on
    assert study_mix.shift == pytest.approx(np.log(pi / (1 - pi)) - np.log(fitted_on / (1 - fitted_on)))


def test_a_center_is_compared_at_the_training_prevalence_of_all(analysis: Analysis) -> None:
    model = _model(analysis)
    predictions = analysis.frame("predictions")
    beta = EvaluationSet("external", "Beta", "patient")
    curve = workflow.net_benefit(predictions, model, beta, low=0.1, high=0.5, prevalence=0.2)
    train = _fitted_share(predictions, model)
    assert curve.n_patients == 10
    assert curve.shift == pytest.approx(np.log(0.25) - np.log(train / (1 - train)))


def test_the_share_is_that_of_the_images_that_trained(analysis: Analysis) -> None:
    predictions, model = analysis.frame("predictions"), _model(analysis)
    training = (predictions["subset"] == "train") & (predictions["family"] == model[0])
    fitted, positive = predictions["estimate"] == "fitted", predictions["y_true"] == 1
    ids = predictions.loc[training & fitted & positive, "image_id"].drop_duplicates().iloc[:2]
    # Two positive images lack a selected feature: they have no score and trained nothing.
    gone = training & fitted & predictions["image_id"].isin(ids)
    lacking = predictions.assign(y_score=predictions["y_score"].mask(gone))
    own = lacking[training & fitted & (lacking["classifier"] == model[1])].dropna(subset=["y_score"])
    curves = [
        workflow.net_benefit(lacking, model, EvaluationSet("external", None, unit), low=0.1, high=0.5)
        for unit in ("patient", "image")
    ]
    assert [curve.train_prevalence for curve in curves] == [own["y_true"].mean()] * 2
    assert own["y_true"].mean() < _fitted_share(predictions, model)


def test_a_center_without_a_score_says_so(analysis: Analysis) -> None:
    predictions, model = analysis.frame("predictions"), _model(analysis)
    empty = predictions.assign(y_score=predictions["y_score"].mask(predictions["center"] == "Gamma"))
    for unit in ("patient", "image"):
        gamma = EvaluationSet("external", "Gamma", unit)
        curve = workflow.net_benefit(empty, model, gamma, low=0.1, high=0.5)
        assert re.fullmatch(r"none of \d+ images has a score", curve.reason)
        assert np.isnan(curve.net_benefit).all()
        found = workflow.calibration_of(model_cases(empty, model, gamma), unit)
        assert found.reason == found.curve_reason == curve.reason


def test_risks_hold_the_middle_in_whole_percent() -> None:
    assert workflow.middle_risk(0.05, 0.3) == 0.18
    assert workflow.middle_risk(0.1, 0.5) == 0.3
    assert workflow.middle_risk(0.001, 0.004) == 0.0025


def test_a_changed_decision_is_shown_without_computing_anew(store: Store, analysis: Analysis) -> None:
    study = analysis.study
    assert analysis.decision is None
    summary = workflow.summary(analysis)
    assert summary["decision"] is None
    assert "[decision]" in summary["decision_reason"]
    for given in (BIOPSY, replace(BIOPSY, high=0.7, prevalence=0.25)):
        workflow.add_study(store, replace(study, decision=given))
        assert analysis.decision == given
        summary = workflow.summary(analysis)
        found = summary["decision"]
        assert summary["decision_reason"] is None
        assert (found["treat"], found["thresholds"]) == ("biopsy", [given.low, given.high])
        assert found["prevalence"] == given.prevalence
        assert {row["subset"] for row in found["models"]} == {"validation", "external"}
        for row in found["models"]:
            assert len(row["net_benefit"]) == 11
            at = [rates for rates in row["net_benefit"] if rates["threshold"] == found["risk"]]
            assert len(at) == 1
            logits = [np.log(row[name] / (1 - row[name])) for name in ("prevalence", "train_prevalence")]
            assert row["shift"] == pytest.approx(logits[0] - logits[1])
            if given.prevalence is not None:
                assert row["prevalence"] == given.prevalence
    assert len(store.analyses.list()) == 1
    assert study.decision is None
    assert workflow.latest(store, study).decision == given


def test_the_json_holds_calibration_at_the_unit_of_the_analysis(analysis: Analysis) -> None:
    rows = workflow.summary(analysis)["calibration"]
    assert rows
    assert {row["unit"] for row in rows} == {analysis.config.unit}
    assert {row["subset"] for row in rows} == {"train", "validation", "external"}
    for row in rows:
        assert row["estimate"] is not None or row["reason"]


def test_an_analysis_of_before_has_its_calibration_from_its_predictions(
    store: Store, analysis: Analysis, tmp_path: Path
) -> None:
    stored = analysis.frame("calibration")
    assert len(stored)
    with store.connection.transaction() as cursor:
        cursor.execute("DELETE FROM result_calibration")
    older = workflow.load_analysis(store, analysis.id)
    computed = older.frame("calibration")
    text = stored.select_dtypes(exclude="number").columns
    pd.testing.assert_frame_equal(
        computed.assign(**{name: computed[name].fillna("") for name in text}),
        stored.assign(**{name: stored[name].fillna("") for name in text}),
        check_dtype=False,
    )
    paths = workflow.export_tables(older, tmp_path / "out")
    (path,) = [path for path in paths if path.name.endswith("-calibration.csv")]
    assert len(pd.read_csv(path)) == len(stored)
