"""Harmonized analyses: what is fitted where, who has no score and why, and the names of unchanged analyses."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore import workflow
from sgcore.config import (
    AnalysisConfig,
    ModelConfig,
    SelectionConfig,
    as_dict,
    deciding_versions,
    fingerprint,
    from_dict,
    with_changes,
)
from sgcore.errors import UsageError
from sgcore.workflow.by_center import center_effects
from sgcore.workflow.correlated import correlations
from sgcore.workflow.resampled_results import resampled
from sgcore.workflow.resampling_run import resample
from tests.support.studies import make_features_study

PLAIN = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25),
    models=ModelConfig(classifiers=("LR", "SVM"), folds=3),
    unit="patient",
)
COMBAT = with_changes(PLAIN, selection__harmonize="combat")
CENTERS = {"Alpha": 24, "Beta": 24, "Warsaw": 10, "Gamma": 8}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with workflow.open_store(tmp_path_factory.mktemp("store") / "s.duckdb") as opened:
        yield opened


@pytest.fixture(scope="module")
def study(store, tmp_path_factory):
    path = make_features_study(
        tmp_path_factory.mktemp("two"), centers=CENTERS, development=2, effect=1.5, center_effect=3.0
    )
    return workflow.import_study(path, store)


@pytest.fixture(scope="module")
def plain(store, study):
    return workflow.run(study, PLAIN, store)


@pytest.fixture(scope="module")
def harmonized(store, study, plain):
    return workflow.analyze(study, COMBAT, store)


@pytest.fixture(scope="module")
def alone(store, tmp_path_factory):
    """An analysis that asks for ComBat in a study with one development center."""
    path = make_features_study(
        tmp_path_factory.mktemp("one"), centers={"Alpha": 24, "Warsaw": 10}, effect=1.5
    )
    study = workflow.import_study(path, store)
    workflow.run(study, PLAIN, store)
    return workflow.analyze(study, COMBAT, store)


def _radiomics(analysis, kind="evaluations"):
    rows = analysis.frame(kind)
    return rows[(rows["family"] == "Radiomics") & (rows["classifier"] == "LR") & (rows["unit"] == "patient")]


def test_held_out_images_of_training_centers_are_scored(plain, harmonized):
    auc = {}
    for analysis in (plain, harmonized):
        rows = _radiomics(analysis)
        row = rows[(rows["subset"] == "validation") & rows["center"].isna()].iloc[0]
        assert row["n_left_out"] == 0
        auc[analysis.id] = row["auc"]
    assert harmonized.id != plain.id
    # Centers lie three SD apart: without harmonization they drown what 1.5 SD tell.
    assert auc[harmonized.id] > auc[plain.id]


def test_external_centers_have_the_reason_instead_of_an_auc(harmonized):
    rows = _radiomics(harmonized)
    external = rows[rows["subset"] == "external"].fillna({"center": "all"}).set_index("center")
    assert set(external.index) == {"all", "Warsaw", "Gamma"}
    assert (external["n_images"] == 0).all()
    assert external["auc"].isna().all()
    assert external.loc["Warsaw", "n_left_out"] == 20
    assert external.loc["Warsaw", "reason"].startswith("ComBat has no batch for Warsaw (no training patient")
    assert "Warsaw" in external.loc["all", "reason"]
    assert "Gamma" in external.loc["all", "reason"]
    assert any(
        "Radiomics: ComBat has no batch for Warsaw" in note and "its 20 images have no score" in note
        for note in harmonized.notes
    )
    pairs = harmonized.frame("comparisons")
    untested = pairs[(pairs["subset"] == "external") & (pairs["center"] == "Warsaw")]
    assert len(untested)
    assert untested["reason"].str.startswith("ComBat has no batch for Warsaw").all()
    scores = harmonized.frame("predictions")
    assert scores.loc[scores["center"] == "Warsaw", "y_score"].isna().all()


def test_the_pick_moves_on_to_a_set_that_has_scores(harmonized):
    row = harmonized.frame("picks").iloc[0]
    assert row["evaluated_on"] == "validation"
    assert "no AUC on the external set" in row["reason"]


def test_every_frame_can_be_read(harmonized):
    for kind in ("chance", "calibration", "findings", "selection", "counts"):
        frame = harmonized.frame(kind)
        assert len(frame), kind
    chance = harmonized.frame("chance").set_index("subset")
    assert chance.loc["external", "reason"]
    calibration = harmonized.frame("calibration")
    reasons = calibration.loc[calibration["estimate"].isna(), "reason"]
    assert len(reasons) > 0
    assert reasons.str.len().gt(0).all()
    assert [pick["family"] for pick in workflow.summary(harmonized)["picks"]] == ["Radiomics"]


def test_the_page_of_centers_tells_why(harmonized):
    found = center_effects(harmonized, "Radiomics", "LR", "patient")
    rows = found.rows.set_index("center")
    assert rows.loc["Alpha", "auc"] > 0.5
    assert rows.loc["Warsaw", "reason"].startswith("ComBat has no batch for Warsaw")
    pairs = found.together.set_index("measure")["reason"]
    assert "ComBat has no batch for Gamma" in pairs["all_pairs"]
    assert "ComBat has no batch for Gamma" in pairs["same_center_pairs"]
    assert pairs.str.len().gt(0).all()


def test_tests_and_correlations_are_of_the_harmonized_features(plain, harmonized):
    names = [set(a.frame("selection").query("step == 'selected'")["feature"]) for a in (plain, harmonized)]
    assert names[1] <= {f"original_glcm_F{i}" for i in range(12)}
    trace = harmonized.frame("selection").set_index("feature")
    for feature in ("original_glcm_F0", "original_glcm_F1"):
        assert trace.loc[feature, "p_clustered"] < 0.05
        assert (
            plain.frame("selection").set_index("feature").loc[feature, "p_clustered"]
            > trace.loc[feature, "p_clustered"]
        )
    # Two centers three SD apart make any two features alike; without that they are independent.
    off = correlations(harmonized, "Radiomics").to_numpy()
    assert np.abs(off[~np.eye(len(off), dtype=bool)]).max(initial=0) < 0.6


def test_one_development_center_is_analyzed_without_it(alone):
    rows = _radiomics(alone)
    assert rows.loc[(rows["subset"] == "external") & rows["center"].isna(), "auc"].notna().all()
    assert any(
        "ComBat is not applicable: one development center is one batch" in note for note in alone.notes
    )


def test_a_center_that_is_left_out_has_no_score_under_combat(harmonized, store):
    resample(harmonized, "centers", store)
    found = resampled(harmonized, "centers")
    assert found.draws == 4
    assert set(found.failed["name"]) == set(CENTERS)
    assert found.failed["reason"].str.startswith("ComBat has no batch for").all()
    assert set(found.rows["center"]) == set(CENTERS)
    assert found.rows["auc"].isna().all()
    assert found.rows["reason"].str.startswith("ComBat has no batch for").all()


def test_two_centers_leave_one_which_is_one_batch(alone, store):
    resample(alone, "centers", store)
    found = resampled(alone, "centers")
    assert found.failed.empty
    assert set(found.rows["center"]) == {"Alpha", "Warsaw"}
    assert found.rows["note"].str.contains("one development center is one batch").all()


@pytest.mark.parametrize("kind", ["stability", "cross-validation", "outside", "splits", "permutation"])
def test_draws_harmonize_anew(kind, harmonized, store):
    resample(harmonized, kind, store, draws=2)
    found = resampled(harmonized, kind)
    assert found.failed.empty
    assert len(found.rows)
    if kind == "permutation":
        rows = found.rows.set_index(["subset", "unit"])
        assert rows.loc[("validation", "patient"), "observed"] > 0.5
        assert "external" not in rows.index.get_level_values("subset")


def test_an_unchanged_analysis_keeps_its_name():
    # The name that these settings had before there was a `harmonize`.
    before = as_dict(PLAIN.selection)
    del before["harmonize"]
    assert fingerprint(PLAIN.selection) == fingerprint(before)
    assert fingerprint(COMBAT) != fingerprint(PLAIN)
    older = as_dict(PLAIN)
    del older["selection"]["harmonize"]
    assert from_dict(older) == PLAIN
    assert from_dict(as_dict(COMBAT)) == COMBAT


def test_versions_of_combat_count_where_it_is_used():
    assert set(deciding_versions(COMBAT)) - set(deciding_versions(PLAIN)) == {"neuroharmonize", "neurocombat"}


def test_a_misspelt_method_is_refused():
    with pytest.raises(UsageError, match="harmonize is 'ComBat'; choose none or combat"):
        with_changes(PLAIN, selection__harmonize="ComBat")
