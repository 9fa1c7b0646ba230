"""SGA030: picks of networks, and what follows from them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sgcore.config import DeepConfig, with_changes
from tests.audit.planted import PAPER, by_code, evaluation, evidence, many_patients, network

BACKBONES = [f"net{i}" for i in range(7)] + ["resnet50"]


def _found(
    network_on="validation",
    classifier_on="training folds",
    *,
    backbones=8,
    stopping=None,
    features=None,
    networks=None,
    held_out=None,
    chance=None,
    **more,
):
    """The set that is reported is the external one where something was picked on it, else ``held_out``."""
    held_out = held_out or ("external" if "external" in (network_on, classifier_on) else "validation")
    picks = [
        ("DL", "resnet50", network_on),
        ("RadiomicsDL", "MLP", classifier_on),
        ("Combined", "SVM", classifier_on),
    ]
    rows = [evaluation("DL", name, subset=held_out) for name in BACKBONES[-backbones:]]
    rows += [
        evaluation(family, name, subset=held_out)
        for family in ("RadiomicsDL", "Combined")
        for name in ("LR", "SVM", "RF", "XGBoost", "LightGBM", "MLP")
    ]
    known = {
        "picks": pd.DataFrame(picks, columns=["family", "classifier", "evaluated_on"]),
        "evaluations": pd.DataFrame(rows),
        "chance": pd.DataFrame() if chance is None else chance,
        "networks": pd.DataFrame([network(**{"backbone": "resnet50", **more})])
        if networks is None
        else networks,
    }
    config = with_changes(PAPER, deep=DeepConfig(early_stopping=stopping))
    of = many_patients()
    if features is not None:
        of = replace(of, deep_features=pd.DataFrame({"image_id": "a", "backbone": features}))
    return by_code(evidence(known, of, config))["SGA030"]


def test_a_network_picked_on_validation_is_named_with_the_families_that_use_it():
    found = _found()
    assert found.status == "finding"
    assert found.message.startswith(
        "DL: resnet50, best of 8 on the validation set; RadiomicsDL and Combined: deep features of resnet50, "
        "best of 8 on the validation set. The AUC on that set"
    )
    assert "Models on deep features of a network that was picked there share in this." in found.message
    assert "MLP" not in found.message
    both = _found("external", "external")
    assert "RadiomicsDL: MLP, best of 6 on the external set" in both.message
    assert (
        "RadiomicsDL and Combined: deep features of resnet50, best of 8 on the external set" in both.message
    )
    assert len(both.evidence) == 4
    elsewhere = _found("training folds", "external")
    assert "Combined: SVM, best of 6 on the external set. The AUC on that set" in elsewhere.message
    assert "share in this" not in elsewhere.message


def test_picks_by_training_folds_pass_and_name_the_network():
    found = _found("training folds")
    assert found.status == "passed"
    assert "DL: resnet50, best of 8 in the training folds; RadiomicsDL: MLP, best of 6" in found.message
    assert "deep features of resnet50, best of 8 in the training folds" in found.message


def test_a_validation_set_beside_an_external_one_is_there_to_pick_on():
    found = _found("validation", "validation", held_out="external", stopping=5)
    assert found.status == "passed"
    assert found.message.startswith(
        "No pick was made on the external set. Picked on validation patients, whose AUC is no test of it: DL: "
        "resnet50, best of 8 on the validation set; RadiomicsDL: MLP, best of 6 on the validation set"
    )
    assert "AUCs of DL, RadiomicsDL, Combined are not of unseen patients" in found.message
    both = _found("validation", "external")
    assert both.message.startswith(
        "RadiomicsDL: MLP, best of 6 on the external set; Combined: SVM, best of 6 on the external set. The AUC"
    )
    assert (
        "is no test of it: DL: resnet50, best of 8 on the validation set; RadiomicsDL and Combined: deep"
        in (both.message)
    )
    assert "share in this" not in both.message


def test_a_pass_does_not_cover_the_choice_of_the_family():
    row = {
        "subset": "validation", "n_candidates": 20, "n_what_ifs": 0, "n_patients": 33, "best": "RadiomicsDL MLP",
        "naive": 0.69, "estimate": 0.52, "ci_low": 0.32, "ci_high": 0.71, "bonus": 0.17, "p": 0.34, "chance_95": 0.78,
        "permutations": 2000,
    }  # fmt: skip
    found = _found("training folds", chance=pd.DataFrame([row, row | {"subset": "external", "naive": 0.1}]))
    assert found.status == "passed"
    assert (
        "does not cover the choice among 3 families: the one with the highest AUC on the validation set"
        in (found.message)
    )
    assert (
        "Of all 20 candidates RadiomicsDL MLP has the highest AUC on the validation set by patient, 0.690"
        in (found.message)
    )
    assert "0.100" not in found.message


def test_folds_that_a_network_has_seen_are_said_to_be_so():
    seen = "The folds of RadiomicsDL and Combined compare classifiers, but their scores are too high"
    assert seen in _found("training folds").message
    assert seen in _found().message
    assert seen in _found(origin="brought").message
    assert seen not in _found("external", "external").message
    left_out = pd.DataFrame([network(backbone="resnet50", fold=fold) for fold in range(3)])
    assert seen not in _found("training folds", networks=left_out).message


def test_the_only_network_was_not_picked():
    found = _found(None, backbones=1)
    assert found.status == "passed"
    assert "resnet50" not in found.message


def test_candidates_without_an_auc_were_not_picked_by_one():
    found = _found(None, None)
    assert found.status == "passed"
    assert found.message.startswith("No family had several candidates to pick from by an AUC.")
    assert "does not cover the choice among 3 families" in found.message


def test_early_stopping_picks_the_epoch_on_validation_patients():
    found = _found("training folds", stopping=5)
    assert found.status == "finding"
    assert found.message.startswith("The loss on validation patients chose the epoch")
    assert "AUCs of DL, RadiomicsDL, Combined are not of unseen patients" in found.message
    assert found.remedy.startswith("Train the networks for a number of epochs that is fixed beforehand")
    both = _found("validation", stopping=5)
    assert "best of 8 on the validation set" in both.message
    assert "early stopping" in both.message
    assert "report all candidates" in both.remedy
    assert "fixed beforehand" in both.remedy
    away = _found("external", stopping=5)
    assert "early stopping" in away.message
    assert "fixed beforehand" not in away.remedy


def test_deep_features_of_another_network_than_the_scores_are_named_as_such():
    brought = {"origin": "brought", "backbone": "net6"}
    found = _found(features=["net5", "net6", "elsewhere"], **brought)
    assert (
        "DL: resnet50, best of 8 on the validation set; RadiomicsDL and Combined: deep features of net6, "
        "best of 2 on the validation set" in found.message
    )
    only = _found(features=["net6"], **brought)
    assert "DL: resnet50, best of 8" in only.message
    assert "deep features of net" not in only.message


def test_settings_of_training_say_nothing_of_brought_networks():
    assert _found("training folds", stopping=5, origin="brought").status == "passed"
