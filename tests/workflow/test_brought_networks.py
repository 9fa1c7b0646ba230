"""What networks gave elsewhere, as a study brings it: families without a training, and what is missing in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.cohort import load_study
from sgcore.config import AnalysisConfig, DeepConfig, ModelConfig, SelectionConfig
from sgcore.jobs import Jobs
from tests.support.studies import make_features_study

CONFIG = AnalysisConfig(
    selection=SelectionConfig(p_threshold=0.5, n_alphas=30),
    models=ModelConfig(classifiers=("LR", "SVM"), folds=3),
    deep=DeepConfig(components=3, weights="imagenet"),
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A study of features alone; no network could be trained on it."""
    return load_study(make_features_study(tmp_path_factory.mktemp("plain"), centers={"Alpha": 24, "Beta": 8}))


def _with(study, **tables):
    return replace(study, **tables, fingerprint=f"{study.fingerprint}-{sorted(tables)}-{len(str(tables))}")


def _features(study, constant=False):
    rng = np.random.default_rng(1)
    values = pd.DataFrame(rng.normal(size=(len(study.images), 6)), columns=[f"v{i}" for i in range(6)])
    values = values * 0 + 1 if constant else values
    return pd.concat(
        [pd.DataFrame({"image_id": study.images["image_id"], "backbone": "theirs"}), values], axis=1
    )


def _scores(study, backbone="theirs"):
    rng = np.random.default_rng(2)
    ids = study.images["image_id"]
    return pd.DataFrame({"image_id": ids, "backbone": backbone, "score": rng.random(len(ids))})


def _run(study, store):
    return workflow.run(study, CONFIG, store, jobs=Jobs(workers=0))


def _reasons(analysis):
    return analysis.frame("unavailable").set_index("family")["reason"]


def test_scores_and_features_make_the_families_without_a_training(plain, store):
    study = _with(plain, deep_features=_features(plain), deep_scores=_scores(plain))
    analysis = _run(study, store)
    assert {"Radiomics", "DL", "RadiomicsDL"} <= set(analysis.frame("evaluations")["family"])
    networks = analysis.frame("networks")
    assert networks[["backbone", "origin", "weights"]].to_numpy().tolist() == [
        ["theirs", "brought", "unknown"]
    ]
    assert len(analysis.frame("explained_variance")) == 3
    assert analysis.frame("grad_cam").empty
    findings = analysis.frame("findings").set_index("code")
    assert findings.loc["SGA023", "status"] == "finding"
    assert findings.loc["SGA070", "status"] == "not_applicable"


def test_scores_alone_make_dl_alone(plain, store):
    analysis = _run(_with(plain, deep_scores=_scores(plain)), store)
    assert "DL" in set(analysis.frame("evaluations")["family"])
    assert "no deep features" in _reasons(analysis)["RadiomicsDL"]


def test_features_alone_make_radiomics_dl_alone(plain, store):
    analysis = _run(_with(plain, deep_features=_features(plain)), store)
    assert "RadiomicsDL" in set(analysis.frame("evaluations")["family"])
    assert "not its scores" in _reasons(analysis)["DL"]


def test_images_that_a_network_did_not_score_are_counted(plain, store):
    scores = _scores(plain).iloc[::2]
    analysis = _run(_with(plain, deep_scores=scores), store)
    rows = analysis.frame("evaluations").query("family == 'DL' and unit == 'image' and estimate == 'fitted'")
    rows = rows[rows["center"].isna()]
    assert (rows["n_left_out"] > 0).all()
    assert rows["n_left_out"].sum() == len(plain.images) - len(scores)


def test_deep_features_that_are_all_alike_leave_out_their_families_and_no_other(plain, store):
    analysis = _run(
        _with(plain, deep_features=_features(plain, constant=True), deep_scores=_scores(plain)), store
    )
    assert {"Radiomics", "DL"} <= set(analysis.frame("evaluations")["family"])
    assert "theirs" in _reasons(analysis)["RadiomicsDL"]


def test_a_radiomics_feature_with_a_components_name_is_told(plain, store):
    named = plain.features.rename(columns={plain.features.columns[1]: "DL_0"})
    study = _with(plain, features=named, deep_features=_features(plain), deep_scores=_scores(plain))
    analysis = _run(study, store)
    assert "has the name of a component" in _reasons(analysis)["RadiomicsDL"]
    assert "Radiomics" in set(analysis.frame("evaluations")["family"])


def test_a_study_without_images_and_networks_needs_no_weights(plain, store):
    analysis = _run(plain, store)
    assert analysis.config.deep is None
    assert "no images" in _reasons(analysis)["DL"]
