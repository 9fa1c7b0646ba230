"""Which settings of networks name another network or analysis, and which cannot be had."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sgcore import workflow
from sgcore.config import deep_recipe, is_shipped, recipe, with_changes
from sgcore.errors import UsageError
from sgcore.workflow import networks
from sgcore.workflow.networks import check_splits, network_id, network_ids, with_weights
from sgcore.workflow.sources import sources
from tests.support.networks import NETWORK, relabelled, settings, write_preset

FOLDS = replace(NETWORK, folds=2)


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 3},
        {"seed": 1},
        {"size": 65},
        {"backbone": "resnet50"},
        {"batch": 4},
        {"class_weights": True},
    ],
)
def test_what_changes_a_training_names_another_network(study, changes):
    other = replace(NETWORK, **changes)
    assert network_id(study, other, other.backbone, 0) != network_id(study, NETWORK, "resnet18", 0)


@pytest.mark.parametrize("changes", [{"components": 5}, {"pick": "external"}, {"folds": 3}])
def test_what_changes_no_training_leaves_the_network_of_all_training_patients(study, changes):
    assert network_id(study, replace(NETWORK, **changes), "resnet18", 0) == network_id(
        study, NETWORK, "resnet18", 0
    )


def test_other_folds_are_other_networks(study, monkeypatch):
    before = network_ids(study, FOLDS)
    monkeypatch.setattr(
        networks, "label_free_splits", lambda patients, folds, seed: _reversed(patients, folds)
    )
    after = network_ids(study, FOLDS)
    assert after["resnet18", 0] == before["resnet18", 0]
    assert after["resnet18", 1] != before["resnet18", 1]


def _reversed(patients, folds):
    from sgcore.deep.out_of_fold import label_free_splits

    return tuple(label_free_splits(patients, folds, 0))[::-1]


def test_another_revision_of_the_training_names_another_analysis(study, store, tmp_path, monkeypatch):
    config = settings(write_preset(tmp_path))
    before = sources(study, config, store).analysis_id
    monkeypatch.setattr(networks, "TRAINING_REVISION", 1000)
    assert sources(study, config, store).analysis_id != before


def test_hashes_of_weights_go_with_what_they_are_of():
    known = replace(NETWORK, weights="imagenet", weights_sha256=(("resnet18", "abc"),))
    assert with_weights(known) is known
    assert with_weights(replace(known, weights="none")).weights_sha256 == ()
    config = with_changes(recipe("paper"), deep=known)
    for changes in ({"deep__backbone": "resnet50"}, {"deep__weights": "none"}):
        assert with_changes(config, **changes).deep.weights_sha256 == ()
    assert with_changes(config, deep__epochs=3).deep.weights_sha256 == known.weights_sha256


@pytest.mark.parametrize("name", ["paper", "strict"])
def test_networks_of_a_recipe_are_shipped_however_they_are_trained(name):
    config = with_changes(recipe(name), deep=deep_recipe(name, backbone="resnet18", epochs=3, weights="none"))
    assert is_shipped(config)
    assert is_shipped(with_changes(config, deep=deep_recipe(name, folds=0)))
    assert not is_shipped(with_changes(config, deep__components=40))
    assert not is_shipped(with_changes(config, deep__pick="external"))


def test_folds_that_patients_cannot_have_are_refused_before_anything_is_trained(study):
    training = study.patients.query("subset == 'train'")
    with pytest.raises(UsageError, match=r"deep folds of .* training patients"):
        check_splits(study, replace(NETWORK, folds=len(training) + 1))
    one = relabelled(
        study, dict.fromkeys(training["patient_id"].iloc[1:], 0) | {training["patient_id"].iloc[0]: 1}
    )
    with pytest.raises(UsageError, match=r"deep fold \d would train on patients of one label.*--deep-folds"):
        check_splits(one, FOLDS)
    held = study.patients["subset"].replace("validation", "external")
    without = replace(study, patients=study.patients.assign(subset=held))
    with pytest.raises(UsageError, match="has none"):
        check_splits(without, replace(NETWORK, early_stopping=3))


def test_weights_that_change_during_a_run_are_refused(study, tmp_path):
    from safetensors.torch import save_file

    from sgcore.deep.network import make_network
    from sgcore.deep.weight_files import WeightsError

    path = tmp_path / "own.safetensors"
    save_file(make_network("resnet18", seed=1).state_dict(), path)
    deep = with_weights(replace(NETWORK, weights=str(path)))
    save_file(make_network("resnet18", seed=2).state_dict(), path)
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        store.studies.add(study)
        with pytest.raises(WeightsError, match="has changed since this run began"):
            workflow.train(study, deep, store)
