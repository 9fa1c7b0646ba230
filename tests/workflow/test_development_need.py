"""Candidates of each family for the training patients there are."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore import stats, workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from tests.support.studies import make_features_study

QUICK = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25), models=ModelConfig(classifiers=("LR",), folds=3), unit="image"
)


@pytest.fixture(scope="module")
def analysis(tmp_path_factory):
    folder = tmp_path_factory.mktemp("need")
    with workflow.open_store(folder / "s.duckdb") as store:
        study = workflow.import_study(make_features_study(folder, effect=2), store)
        yield workflow.run(study, QUICK, store)


def test_patients_and_candidates_are_counted_before_any_selection(analysis):
    row = workflow.development_need(analysis).set_index("family").loc["Radiomics"]
    assert (row["at"], row["reason"]) == (1, "an AUC of 1 in the training folds leaves no R2 to plan with")
    train = analysis.study.patients.query("subset == 'train'")
    assert (row["n_patients"], row["n_pos"]) == (len(train), train["y"].sum())
    assert row["candidates"] == analysis.features.values.shape[1]
    folds = analysis.frame("evaluations").query(
        "family == 'Radiomics' and subset == 'train' and estimate == 'out_of_fold' and unit == 'patient' "
        "and center.isna()"
    )
    assert row["at"] == folds["auc"].item()


def test_candidates_for_each_event(analysis):
    row = workflow.development_need(analysis, auc=0.7).set_index("family").loc["Radiomics"]
    assert row["candidates_per_event"] == pytest.approx(row["candidates"] / row["n_pos"])


def test_the_patients_needed_are_those_of_the_criteria(analysis):
    row = workflow.development_need(analysis, auc=0.8).set_index("family").loc["Radiomics"]
    found = stats.development_size(12, row["prevalence"], auc=0.8)
    assert row["candidates"] == 12
    assert (row["n_needed"], row["reason"]) == (found.n, "")


def test_a_useless_model_has_a_reason_in_place_of_a_number(analysis):
    row = workflow.development_need(analysis, auc=0.5).set_index("family").loc["Radiomics"]
    assert np.isnan(row["n_needed"])
    assert "leaves nothing to develop" in row["reason"]
