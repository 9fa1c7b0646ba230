"""Candidates of each family for the training patients there are."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from sgcore import stats, workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from tests.support.app import network_store
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


def test_families_on_networks_start_from_all_radiomics_their_components_and_levels(
    tmp_path, tmp_path_factory
):
    path = shutil.copy(network_store(tmp_path_factory), tmp_path / "s.duckdb")
    with workflow.open_store(path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        found = workflow.load_analysis(store, workflow.reference_id(store, study_id))
        need = workflow.development_need(found, auc=0.7).set_index("family")["candidates"]
        radiomics, counted = (
            found.features.values.shape[1],
            found.frame("counts").set_index("family")["features"],
        )
        words = found.study.descriptors.drop(columns="image_id")
    numbers = words.select_dtypes("number").columns
    levels = len(numbers) + int((words.drop(columns=numbers).nunique() - 1).sum())
    components = 3
    assert need["US"] == levels
    assert need["Radiomics"] == radiomics
    assert need["RadiomicsDL"] == radiomics + components
    assert need["Combined"] == radiomics + components + levels
    assert counted["RadiomicsDL"] < need["RadiomicsDL"], "the second selection alone starts from fewer"
