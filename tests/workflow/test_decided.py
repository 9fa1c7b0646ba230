"""Decision curves of stored predictions, the decision that holds, and calibration of an older analysis."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.domain import Decision
from sgcore.workflow import Analysis, Store
from sgcore.workflow.calibrated import model_cases
from tests.support.app import analyzed_store

BIOPSY = Decision("biopsy", 0.1, 0.5)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store.duckdb"
    shutil.copy(analyzed_store(tmp_path_factory.getbasetemp() / "dashboard"), path)
    with workflow.open_store(path) as opened:
        yield opened


@pytest.fixture
def analysis(store: Store) -> Analysis:
    return workflow.load_analysis(store, str(store.analyses.list()["analysis_id"].iloc[0]))


def _model(analysis: Analysis) -> tuple[str, str]:
    pick = analysis.frame("picks").set_index("family").loc["Radiomics"]
    return "Radiomics", str(pick["classifier"])


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_a_curve_at_a_prevalence_is_what_the_statistic_says(analysis: Analysis, unit: str) -> None:
    predictions, model = analysis.frame("predictions"), _model(analysis)
    rows, train = (
        workflow.by_unit(model_cases(predictions, model, subset), unit, "y_score")  # type: ignore[arg-type]
        for subset in ("external", "train")
    )
    direct = stats.decision_curve(
        rows["y_true"],
        rows["y_score"],
        rows["patient_id"] if unit == "image" else None,
        thresholds=np.linspace(0.1, 0.5, 101),
        prevalence=0.2,
        train_prevalence=train["y_true"].mean(),
    )
    found = workflow.net_benefit(
        predictions, model, subset="external", center=None, unit=unit, low=0.1, high=0.5, prevalence=0.2
    )  # type: ignore[arg-type]
    pd.testing.assert_frame_equal(found.frame(), direct.frame())
    assert found.shift == direct.shift
    assert found.prevalence_source == "target"
    study_mix = workflow.net_benefit(
        predictions, model, subset="external", center=None, unit=unit, low=0.1, high=0.5
    )  # type: ignore[arg-type]
    assert study_mix.prevalence == rows["y_true"].mean()
    assert study_mix.shift == 0


def test_a_center_is_compared_at_the_training_prevalence_of_all(analysis: Analysis) -> None:
    model = _model(analysis)
    predictions = analysis.frame("predictions")
    curve = workflow.net_benefit(
        predictions,
        model,
        subset="external",
        center="Beta",
        unit="patient",
        low=0.1,
        high=0.5,
        prevalence=0.2,
    )
    train = model_cases(predictions, model, "train").drop_duplicates("patient_id")["y_true"].mean()
    assert curve.n_patients == 10
    assert curve.shift == pytest.approx(np.log(0.25) - np.log(train / (1 - train)))


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
