"""Sentences on resampling hold the numbers, the number of draws, and no more than these say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.ui import resampling_answers as answers
from sgcore.workflow import Resampled


def _found(kind="cross-validation", draws=20, usual=20, failed=None) -> Resampled:
    failed = pd.DataFrame(columns=["family", "name", "reason", "draws"]) if failed is None else failed
    return Resampled(kind, "title", draws, usual, draws >= usual, pd.DataFrame(), pd.DataFrame(), failed)


def _repeat(**changes) -> pd.DataFrame:
    row = {
        "family": "Radiomics", "classifier": "LR", "auc": 0.72, "ci_low": 0.6, "ci_high": 0.81, "lowest": 0.69,
        "highest": 0.77, "fitted": 0.99, "optimism": 0.27, "repeats": 20, "n_patients": 73, "reason": "",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_overfitting_is_a_number() -> None:
    said = answers.cross_validation(_found(), _repeat(), "LR", 5)
    for part in ("0.720 (0.600 to 0.810; 73 patients, 20 repeats of 5 folds", "0.990: +0.270 is overfitting"):
        assert part in said
    assert "0.690 to 0.770" in said
    assert "So far" not in said


def test_a_fit_that_is_not_better_is_not_called_overfitting() -> None:
    assert "overfitting" not in answers.cross_validation(_found(), _repeat(optimism=-0.02), "LR", 5)


def test_unfinished_draws_are_told() -> None:
    assert "So far 3 of 20 draws" in answers.cross_validation(_found(draws=3), _repeat(), "LR", 5)


def test_no_auc_says_why() -> None:
    said = answers.cross_validation(_found(), _repeat(auc=np.nan, reason="one class only"), "LR", 5)
    assert said == "Repeated cross-validation has no AUC here: one class only."


def test_permutations_that_reached_the_auc_are_counted() -> None:
    row = pd.Series(
        {
            "observed": 0.742, "reached": 4, "classifier": "LR", "permutations": 99, "p": 0.05,
            "p_low": 0.01, "p_high": 0.1, "chance_median": 0.51, "chance_95": 0.6, "reason": None,
        }
    )  # fmt: skip
    said = answers.permutation(_found("permutation", 100, 100), row, "Radiomics", "external")
    assert "in 4 of 99 runs (p = 0.0500" in said
    row["reason"] = "the pick has no AUC on this set"
    assert "cannot be compared: the pick has no AUC" in answers.permutation(
        _found("permutation"), row, "Radiomics", "external"
    )
    assert "no pick" in answers.permutation(_found("permutation"), None, "DL", "external")


def test_stability_never_calls_monte_carlo_error_a_confidence_interval() -> None:
    row = pd.Series({"phi": 0.18, "ci_low": 0.13, "ci_high": 0.23, "draws": 100, "n_empty": 1, "reason": ""})
    detail = pd.DataFrame({"feature": ["a", "b"], "frequency": [0.7, 0.2], "selected": [True, True]})
    said = answers.stability(_found("stability"), row, detail, "Radiomics")
    assert "Monte Carlo error" in said
    assert "largely other features" in said
    assert "1 of the 2 features of the model is selected in at least half" in said
    assert "1 draw selected nothing" in said


def test_left_out_centers_are_told_from_lowest_to_highest() -> None:
    rows = pd.DataFrame(
        {
            "center": ["Alpha", "Beta"], "auc": [0.82, 0.7], "ci_low": [0.74, 0.6], "ci_high": [0.88, 0.79],
            "n_patients": [126, 104],
        }
    )  # fmt: skip
    together = pd.DataFrame(
        {"measure": ["mean"], "auc": [np.nan], "k": [2], "ci_low": [np.nan], "ci_high": [np.nan]}
    )
    said = answers.centers(_found("centers"), rows, together, "Radiomics")
    assert "AUCs from 0.700 (0.600 to 0.790; 104 patients) in Beta to 0.820" in said
    assert "2 centers cannot say what a new one would get" in said
    failed = pd.DataFrame({"family": ["US"], "name": ["Beta"], "reason": ["nothing selected"], "draws": [1]})
    none = answers.centers(_found("centers", failed=failed), rows.assign(auc=np.nan), together, "US")
    assert none == "US has no AUC in a left-out center: nothing selected."
