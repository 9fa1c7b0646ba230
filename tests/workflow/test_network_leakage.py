"""What deep features, components and training scores may know: nothing of held-out images, nothing of an own label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.cohort import load_study
from sgcore.jobs import Jobs
from sgcore.workflow.deep_source import deep_source
from tests.support.networks import NETWORK, fill_with_noise, relabelled, settings, write_preset
from tests.support.studies import make_study

pytestmark = [pytest.mark.long, pytest.mark.extended]

CENTERS = {"Alpha": 14, "Beta": 4}
QUICK = replace(NETWORK, epochs=1)
FOLDS = replace(QUICK, folds=2)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return load_study(make_study(tmp_path_factory.mktemp("study"), centers=CENTERS))


def _analysis(study, deep, store, folder):
    config = settings(write_preset(folder), deep)
    store.studies.add(study)
    workflow.extract(study, config, store, jobs=Jobs(workers=0))
    workflow.train(study, deep, store)
    return workflow.analyze(study, config, store)


@pytest.mark.parametrize("deep", [QUICK, FOLDS], ids=["in-sample", "out-of-fold"])
def test_noise_in_place_of_held_out_images_changes_nothing_that_was_learned(study, deep, tmp_path):
    held_out = study.cases().query("subset != 'train'")["image_id"].tolist()
    path = make_study(tmp_path / "noise", centers=CENTERS)
    fill_with_noise(path.parent, held_out)
    noise = load_study(path)
    assert (noise.cases()["subset"].to_numpy() == study.cases()["subset"].to_numpy()).all()
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        real = _analysis(study, deep, store, tmp_path)
        other = _analysis(noise, deep, store, tmp_path)
        frames = ("deep_components", "predictions", "selection", "explained_variance")
        first, second = ({name: each.frame(name) for name in frames} for each in (real, other))
    pd.testing.assert_frame_equal(first["explained_variance"], second["explained_variance"])
    _assert_alike(first["selection"], second["selection"], ["family", "feature", "step", "coefficient"])
    components = [each["deep_components"] for each in (first, second)]
    known = ~components[0]["image_id"].isin(held_out)
    _assert_alike(*(each[known] for each in components), ["image_id", "fold", "component", "value"])
    scores = [each["predictions"][each["predictions"]["subset"] == "train"] for each in (first, second)]
    assert set(scores[0]["family"]) >= {"DL", "RadiomicsDL", "Combined"}
    _assert_alike(*scores, ["image_id", "family", "classifier", "estimate", "y_score"])
    # The noise did reach the networks: the test could fail.
    changed, was = (each.loc[~known, "value"] for each in components)
    assert (changed != was).all()


@pytest.mark.parametrize("deep", [QUICK, FOLDS], ids=["in-sample", "out-of-fold"])
def test_a_flipped_label_reaches_the_own_deep_features_only_without_folds(study, deep, tmp_path):
    patient = study.patients.query("subset == 'train'").iloc[0]
    flipped = relabelled(study, {patient["patient_id"]: 1 - patient["y"]})
    own = study.images.loc[study.images["patient_id"] == patient["patient_id"], "image_id"]
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        values = []
        for each in (study, flipped):
            store.studies.add(each)
            workflow.train(each, deep, store)
            source = deep_source(each, deep, store)
            scores = source.scores[source.scores["estimate"] == ("out_of_fold" if deep.folds else "fitted")]
            values.append((source.components("resnet18").values, scores.set_index("image_id")["y_score"]))
    (before, score_before), (after, score_after) = values
    alike = np.array_equal(before.loc[own], after.loc[own])
    assert alike == (deep.folds > 0)
    assert np.array_equal(score_before[own], score_after[own]) == (deep.folds > 0)
    others = before.index.difference(own)
    assert not np.array_equal(before.loc[others], after.loc[others])


def _assert_alike(first, second, columns):
    pd.testing.assert_frame_equal(
        first[columns].reset_index(drop=True), second[columns].reset_index(drop=True), check_exact=True
    )
