"""SGA023: deep features of training patients, by which network."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.config import with_changes
from tests.audit.planted import PAPER, STRICT, by_code, evaluation, evidence, many_patients, network, scores

TRAIN = {"subset": "train", "auc": 0.98, "ci_low": 0.95, "ci_high": 0.99, "n_patients": 12}
HELD = {"subset": "validation", "auc": 0.61, "ci_low": 0.44, "ci_high": 0.76, "n_patients": 10}
FOLDS = {**TRAIN, "estimate": "out_of_fold", "auc": 0.63, "ci_low": 0.5, "ci_high": 0.7}
CASES = many_patients().cases()
SCORES = pd.concat(
    [
        scores(CASES, np.where(CASES["y"] == 1, 0.9, 0.1)),
        scores(CASES, 0.5, estimate="out_of_fold").query("subset == 'train'"),
    ]
)


def _frames(networks, own=(TRAIN, HELD), families=("RadiomicsDL", "Combined")):
    rows = [evaluation("DL", "resnet18", **each, unit=unit) for each in own for unit in ("image", "patient")]
    rows += [
        evaluation("DL", "resnet18", center="X", auc=0.111),
        evaluation("DL", "resnet50", auc=0.222, picked=False),
    ]
    rows += [evaluation(family) for family in families]
    return {"evaluations": pd.DataFrame(rows), "networks": pd.DataFrame(networks), "predictions": SCORES}


def _found(networks, **changed):
    return by_code(evidence(_frames(networks, **changed)))["SGA023"]


def test_a_network_that_was_trained_on_them_is_found():
    found = _found([network(), network("resnet50", picked=False)])
    assert (found.status, found.severity) == ("finding", "warning")
    assert found.message.startswith("RadiomicsDL and Combined: the models were trained on deep features")
    assert "(resnet18)" in found.message
    assert (
        "by image: 0.980 (0.950 to 0.990; 12 patients) in the training set (fitted), "
        "0.610 (0.440 to 0.760; 10 patients) in the validation set." in found.message
    )
    assert "out-of-fold scores of RadiomicsDL and Combined rest on the same features" in found.message
    assert "--deep-folds 5" in found.remedy


def test_folds_of_another_network_do_not_help():
    others = [network("resnet50", fold, picked=False) for fold in (0, 1, 2)]
    assert _found([network(), *others]).status == "finding"


def test_networks_that_left_them_out_pass_with_both_aucs():
    found = _found([network(fold=fold) for fold in (0, 1, 2)], own=(TRAIN, FOLDS, HELD))
    assert found.status == "passed"
    assert "come from 2 networks (resnet18)" in found.message
    assert "0.980 (0.950 to 0.990; 12 patients) in the training set (fitted), 0.630" in found.message
    assert "in the training set (out of fold), 0.610" in found.message


def test_of_brought_features_it_is_not_known():
    found = _found([network(origin="brought", weights="unknown", n_train=np.nan)])
    assert found.status == "finding"
    assert "does not say whether it was trained on the training patients" in found.message
    assert "0.980 (0.950 to 0.990; 12 patients) in the training set" in found.message
    # Whatever their table says of folds.
    assert _found([network(origin="brought", fold=fold) for fold in (0, 1)]).status == "finding"


def test_without_a_validation_set_the_external_one_stands_beside():
    found = _found([network()], own=(TRAIN, {**HELD, "subset": "external"}))
    assert "10 patients) in the external set." in found.message


def test_what_cannot_be_estimated_is_said():
    held = {**HELD, "auc": np.nan, "reason": "one class only (0 positive, 4 negative)"}
    assert "not estimable (one class only (0 positive, 4 negative)) in the validation set" in (
        _found([network()], own=(TRAIN, held)).message
    )
    alone = _found([network()], own=({**TRAIN, "ci_low": np.nan, "ci_high": np.nan},))
    assert "0.980 (no interval; 12 patients) in the training set (fitted)." in alone.message
    assert "no scores of its own" in _found([network()], own=()).message


def test_the_evidence_is_the_distribution_of_the_score():
    table = _found([network()]).evidence.set_index(["subset", "estimate", "label"])
    assert table.loc[("train", "fitted", "p"), "median"] == pytest.approx(0.9)
    assert table.loc[("train", "out_of_fold", "p"), "upper_quartile"] == pytest.approx(0.5)
    assert table.loc[("external", "fitted", "n"), "lower_quartile"] == pytest.approx(0.1)
    assert (table["n_images"] == 12).all()
    assert len(table) == 6


def test_it_does_not_apply_without_networks_or_their_features():
    why = pd.DataFrame(
        [("DL", "networks were left out"), ("RadiomicsDL", "the study brings scores only")],
        columns=["family", "reason"],
    )
    without = by_code(evidence({"unavailable": why}))["SGA023"]
    assert without.status == "not_applicable"
    assert without.message == "The analysis has no networks (DL: networks were left out)."
    known = _frames([network(origin="brought")], families=())
    unused = by_code(evidence({**known, "unavailable": why}))["SGA023"]
    assert unused.status == "not_applicable"
    assert "(RadiomicsDL: the study brings scores only)" in unused.message


def test_thresholds_out_of_fold_need_deep_features_out_of_fold():
    def of(networks, config=STRICT):
        return by_code(evidence(_frames(networks), config=config))["SGA031"]

    found = of([network()])
    assert found.status == "finding"
    assert "the deep features of RadiomicsDL and Combined are not out of fold" in found.message
    assert of([network(), network(fold=1)]).status == "passed"
    without = by_code(evidence(_frames([], families=("Radiomics",)), config=STRICT))["SGA031"]
    assert without.status == "passed"
    fitted = of([network(), network(fold=1)], with_changes(PAPER, models__threshold="fitted"))
    assert fitted.status == "finding"


def test_networks_without_out_of_fold_scores_have_no_threshold_from_them():
    config = with_changes(STRICT, unit="image")
    known = _frames([network()], families=("Radiomics",))
    known["evaluations"].loc[known["evaluations"]["family"] == "DL", "threshold"] = np.nan
    some = by_code(evidence(known, config=config))["SGA031"]
    assert some.status == "passed"
    assert some.message.endswith("DL: no threshold, for want of such scores.")
    # Nor can deep features spoil a threshold that there is not.
    deep = _frames([network()], families=("Radiomics", "RadiomicsDL"))
    deep["evaluations"].loc[deep["evaluations"]["family"] == "RadiomicsDL", "threshold"] = np.nan
    assert by_code(evidence(deep, config=config))["SGA031"].status == "passed"
    known["evaluations"]["threshold"] = np.nan
    none = by_code(evidence(known, config=config))["SGA031"]
    assert none.status == "not_applicable"
    assert none.message.startswith("No family has a threshold.")
