"""Sentences on networks: where they began, whether they learned, and never more than the intervals say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.domain import EvaluationSet
from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import network_answers as says
from tests.plots.explained_frames import training_curves

VALIDATION = EvaluationSet("validation", None, "patient")


def _network(**changes: object) -> pd.Series:
    usual = {
        "backbone": "resnet18",
        "origin": "trained",
        "weights": "none",
        "weights_file": None,
        "epoch": 3,
    }
    return pd.Series(usual | changes)


def _row(auc: float, low: float, high: float, reason: str = "") -> pd.DataFrame:
    return pd.DataFrame([{"auc": auc, "ci_low": low, "ci_high": high, "n_patients": 40, "reason": reason}])


@pytest.mark.parametrize(
    ("changes", "epochs", "expected"),
    [
        ({}, 3, "ResNet18 without pretraining, 3 epochs"),
        ({"weights": "imagenet", "epoch": 1}, 1, "ResNet18 from ImageNet weights, 1 epoch"),
        (
            {"weights": "file", "weights_file": "w.pt"},
            50,
            "ResNet18 from the weights of w.pt, weights of epoch 3 of at most 50",
        ),
        ({"origin": "brought", "weights": "unknown", "epoch": np.nan}, 50, "ResNet18 (brought by the study)"),
        ({"backbone": "net_7", "origin": "brought"}, None, "net_7 (brought by the study)"),
    ],
)
def test_began(changes: dict[str, object], epochs: int | None, expected: str) -> None:
    assert says.began(_network(**changes), epochs) == expected


@pytest.mark.parametrize(
    ("held", "own", "verdict"),
    [
        (
            _row(0.61, 0.44, 0.76),
            _row(0.78, 0.7, 0.86),
            "it learned its own patients more than the label; for others chance is not ruled out",
        ),
        (
            _row(0.75, 0.6, 0.88),
            _row(0.78, 0.7, 0.86),
            "it learned something that holds for patients it did not see",
        ),
        (
            _row(0.75, 0.6, 0.88),
            _row(0.99, 0.97, 1.0),
            "it learned something that holds for patients it did not see, and knows its own still better",
        ),
        (_row(0.55, 0.4, 0.7), _row(0.52, 0.45, 0.6), "not even in its own patients is chance ruled out"),
        (
            _row(0.6, 0.4, 0.8),
            _row(0.7, 0.6, 0.78),
            "too few patients to tell whether it learned more than chance",
        ),
        (_row(0.6, 0.4, 0.8), _row(0.7, 0.6, 0.78).iloc[:0], "too few patients to tell whether it learned"),
        (_row(0.2, 0.1, 0.4), _row(0.7, 0.6, 0.78), "it ranks these patients against their labels"),
    ],
)
def test_verdict(held: pd.DataFrame, own: pd.DataFrame, verdict: str) -> None:
    text = says.learned("ResNet18", held, own, VALIDATION)
    value = held.iloc[0]
    assert f"AUC {value['auc']:.3f} ({value['ci_low']:.3f} to {value['ci_high']:.3f}; 40 patients)" in text
    assert "on the validation set" in text
    assert verdict in text
    assert ("in its own training patients" in text) == (len(own) > 0)


def test_what_cannot_be_estimated_says_why() -> None:
    own = _row(0.7, 0.6, 0.78)
    nan = float("nan")
    lost = says.learned("ResNet18", _row(nan, nan, nan, "one class only"), own, VALIDATION)
    assert lost == "ResNet18: no AUC on the validation set: one class only."
    flat = says.learned("ResNet18", _row(0.5, nan, nan, ALL_EQUAL), own, VALIDATION)
    assert flat == "ResNet18: it gives everybody the same score on the validation set and ranks nobody."
    bare = says.learned("ResNet18", _row(0.6, nan, nan), own, VALIDATION)
    assert bare.endswith("in its own training patients.")


def test_training_patients_without_folds_are_no_evidence() -> None:
    at = EvaluationSet("train", None, "patient")
    none = _row(0.6, 0.5, 0.7).iloc[:0]
    text = says.learned("ResNet18", none, _row(0.78, 0.7, 0.86), at)
    assert "in its own training patients; whether that holds for others only held-out patients tell" in text
    assert says.learned("ResNet18", none, none, at) == "ResNet18: no score of a training patient."
    left_out = says.learned("ResNet18", _row(0.6, 0.4, 0.7), _row(0.78, 0.7, 0.86), at)
    assert "in training patients by networks that left them out" in left_out


def test_curve_names_the_last_and_the_best_epoch() -> None:
    curves = training_curves(folds=0)
    own = curves[curves["subset"] == "validation"].set_index("epoch")["loss"]
    text = says.curve(curves, "loss")
    assert f"Last validation value {own[5]:.3f} (epoch 5)" in text
    assert f"lowest {own.min():.3f} at epoch {own.idxmin()}" in text
    assert "highest 0.800 at epoch 6" in says.curve(curves, "auc")
    alone = says.curve(curves[curves["subset"] == "train"], "loss")
    assert "alidation" not in alone
    assert "Last training value" in alone


def test_variance() -> None:
    rows = pd.DataFrame({"component": ["DL_0", "DL_1"], "share": [0.5, 0.25]})
    assert "2 components hold 75% of their variance" in says.variance(rows)
    assert "1 component holds 50% of their variance" in says.variance(rows.iloc[:1])


def test_networks_that_diverged_are_named() -> None:
    ends = {
        "resnet18": (0.1, 0.9),
        "resnet50": (0.4, 0.4),
        "googlenet": (0.53296, 0.53336),
        "mine": (np.nan, np.nan),
    }
    said = says.odd(ends, {name: says.title(name) for name in ends})
    assert said[0] == "ResNet50 gives every image the same score, 0.400: it ranks nobody."
    assert said[1].startswith("GoogLeNet gives all images practically the same score (0.53296 to 0.53336)")
    assert said[2:] == ["mine has no scores."]


def _results(**changes: object) -> pd.DataFrame:
    usual = {
        "subset": "external", "estimate": "fitted", "unit": "patient", "n_pos": 6, "n_neg": 9,
        "ppv": 0.5, "npv": 0.8, "ppv_reason": "", "npv_reason": "",
    }  # fmt: skip
    return pd.DataFrame([usual | changes])


def test_table_of_networks_says_at_which_mix_it_holds_and_what_is_missing() -> None:
    said = says.table(_results(), "fitted training scores")
    assert "thresholds from fitted training scores" in said
    assert "this set's mix, 40% positive" in said
    assert "dash" not in said
    lost = says.table(_results(unit="image", ppv=np.nan, ppv_reason="no case is called positive"), "them")
    assert "clustered by patient" in lost
    assert lost.endswith("A dash: no case is called positive.")
    own = says.table(_results(subset="train"), "them")
    assert own.endswith("whom the networks know: none of this is an estimate for others.")
    folds = says.table(_results(subset="train", estimate="out_of_fold"), "them")
    assert folds.endswith("The thresholds were chosen on training patients.")
    both = [_results(subset="train", estimate=estimate) for estimate in ("out_of_fold", "fitted")]
    said = says.table(pd.concat(both), "them")
    assert said.endswith("Rows of a network's own patients are no estimate for others.")


def test_matrices_say_by_which_network_training_patients_stand() -> None:
    held_out = says.matrices(_results(), "them", "patient")
    assert "raining patients" not in held_out
    assert "left them out" in says.matrices(
        _results(subset="train", estimate="out_of_fold"), "them", "patient"
    )
    assert "There are no folds" in says.matrices(_results(subset="train"), "them", "patient")
