"""Sentences on resampling hold the numbers, the number of draws, and no more than these say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import resampling_answers as answers
from sgcore.workflow import Resampled


def _found(kind="cross-validation", draws=20, usual=20, failed=None) -> Resampled:
    failed = pd.DataFrame(columns=["family", "name", "reason", "draws"]) if failed is None else failed
    empty = pd.DataFrame()
    return Resampled(kind, "title", draws, usual, draws >= usual, empty, empty, failed, not_drawn=empty)


def _repeat(**changes) -> pd.DataFrame:
    row = {
        "family": "Radiomics", "classifier": "LR", "auc": 0.72, "ci_low": 0.6, "ci_high": 0.81, "lowest": 0.69,
        "highest": 0.77, "fitted": 0.99, "optimism": 0.27, "repeats": 20, "n_patients": 73, "reason": "",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def test_overfitting_is_a_number() -> None:
    said = answers.cross_validation(_found(), _repeat(), "LR", 5)
    for part in ("0.720 (0.600 to 0.810; 73 patients, 20 repeats of 5 folds", "0.990 (+0.270, overfitting)"):
        assert part in said
    assert "0.690 to 0.770" in said
    assert "So far" not in said


def test_a_fit_that_is_not_better_is_not_called_overfitting() -> None:
    assert "overfitting" not in answers.cross_validation(
        _found(), _repeat(fitted=0.7, optimism=-0.02), "LR", 5
    )
    # Inside the interval, or without one, the numbers stand and no more is said.
    within = answers.cross_validation(_found(), _repeat(fitted=0.8, optimism=0.08), "LR", 5)
    assert "on those it was fitted on, 0.800 (+0.080). The folds" in within
    assert "overfitting" not in answers.cross_validation(_found(), _repeat(ci_high=np.nan), "LR", 5)


def test_unfinished_draws_are_told() -> None:
    assert "So far 3 of 20 draws" in answers.cross_validation(_found(draws=3), _repeat(), "LR", 5)


def test_no_auc_says_why() -> None:
    said = answers.cross_validation(_found(), _repeat(auc=np.nan, reason="one class only"), "LR", 5)
    assert said == "Repeated cross-validation has no AUC here: one class only."


def _permuted(**changes) -> pd.Series:
    row = {
        "observed": 0.742, "reached": 4, "classifier": "LR", "permutations": 99, "p": 0.05, "n_empty": 0,
        "p_low": 0.01, "p_high": 0.1, "chance_median": 0.51, "chance_95": 0.6, "reason": None,
    }  # fmt: skip
    return pd.Series(row | changes)


def _by_chance(row: pd.Series | None, family: str = "Radiomics") -> str:
    return answers.permutation(_found("permutation", 100, 100), row, family, "external")


def test_permutations_that_reached_the_auc_are_counted() -> None:
    said = _by_chance(_permuted())
    assert said.startswith("With the labels")
    assert "in 4 of 99 runs (p = 0.0500, 0.0100 to 0.1000 by the number of runs)" in said
    assert said.endswith("Every run selected something.")
    assert "cannot be compared: the pick has no AUC" in _by_chance(
        _permuted(reason="the pick has no AUC on this set")
    )
    assert "no pick" in _by_chance(None, "DL")


def test_no_permutation_that_reached_it_is_the_smallest_p_of_so_many_runs() -> None:
    said = _by_chance(_permuted(reached=0, permutations=1000, p=1 / 1001, p_low=0.0, p_high=0.0037))
    assert (
        "in none of 1,000 runs (p = 0.001, the smallest that 1,000 runs can give; at most 0.0037 by the"
        in said
    )
    few = _by_chance(_permuted(reached=0, permutations=12, p=1 / 13, p_low=0.0, p_high=0.26))
    assert "(p = 0.077, the smallest that 12 runs can give" in few


def test_runs_that_selected_nothing_are_counted_and_come_first_where_they_are_half() -> None:
    assert _by_chance(_permuted(n_empty=49)).endswith(" In 49 of them nothing was selected (AUC 0.5).")
    half = _by_chance(_permuted(n_empty=50))
    assert half.startswith(
        "In 50 of 99 runs on permuted labels nothing was selected (AUC 0.5): the p says that something was selected "
        "with the labels as they are, hardly how well it ranks. With the labels"
    )
    below = _by_chance(_permuted(n_empty=50, observed=0.48, reached=60))
    assert "(AUC 0.5): these runs already reach the reported AUC. With" in below
    assert "alone" not in below  # 10 of the other 49 reach it too


@pytest.mark.parametrize(
    ("empty", "reached", "said"),
    [
        (80, 15, "of the 19 that selected something, 15 reached the reported AUC"),
        (98, 1, "the one that selected something reached the reported AUC"),
        (80, 1, "the p says that something was selected"),
        (99, 0, "the p says that something was selected"),
    ],
)
def test_what_the_p_says_depends_on_the_runs_that_selected_something(
    empty: int, reached: int, said: str
) -> None:
    assert f"(AUC 0.5): {said}" in _by_chance(_permuted(n_empty=empty, reached=reached))


def test_stability_never_calls_monte_carlo_error_a_confidence_interval() -> None:
    row = pd.Series({"phi": 0.18, "ci_low": 0.13, "ci_high": 0.23, "draws": 100, "n_empty": 1, "reason": ""})
    detail = pd.DataFrame({"feature": ["a", "b"], "frequency": [0.7, 0.2], "selected": [True, True]})
    said = answers.stability(_found("stability"), row, detail, "Radiomics")
    assert "Monte Carlo error" in said
    assert "largely other features" in said
    assert "1 of the 2 features of the model is selected in at least half" in said
    assert "1 draw selected nothing" in said


def test_no_stability_says_why() -> None:
    row = pd.Series({"phi": np.nan, "reason": "one feature only, selected in 2 of 4 draws"})
    detail = pd.DataFrame({"feature": ["a"], "frequency": [0.5], "selected": [True]})
    said = answers.stability(_found("stability"), row, detail, "Radiomics")
    assert said == "Radiomics' selection has no stability: one feature only, selected in 2 of 4 draws."


def _left_out(centers: list[str], auc: list[float], **columns: Sequence[str | None]) -> pd.DataFrame:
    area = pd.Series(auc, dtype=float)
    rows = {
        "center": centers, "auc": area, "ci_low": area - 0.1, "ci_high": area + 0.08, "n_patients": 104, "reason": "",
        "not_pooled": None,
    }  # fmt: skip
    return pd.DataFrame(rows | columns)


def _mean(auc: float = np.nan, k: int = 2) -> pd.DataFrame:
    reason = "" if auc > 0 else f"{k} center(s) with an estimate and its variance, at least 3 are needed"
    row = {
        "measure": "mean",
        "auc": auc,
        "k": k,
        "ci_low": auc - 0.05,
        "ci_high": auc + 0.05,
        "reason": reason,
    }
    return pd.DataFrame([row])


def _said(rows: pd.DataFrame, mean: pd.DataFrame) -> str:
    return answers.centers(_found("centers"), rows, mean, "Radiomics")


def test_left_out_centers_are_told_from_lowest_to_highest() -> None:
    said = _said(_left_out(["Alpha", "Beta"], [0.82, 0.7]), _mean())
    assert said == (
        "Trained on all other centers, Radiomics has AUCs from 0.700 (0.600 to 0.780; 104 patients) in Beta to "
        "0.820 (0.720 to 0.900; 104 patients) in Alpha. 2 centers cannot say what a new one would get."
    )
    one = _said(_left_out(["Alpha"], [0.82]), _mean(k=1))
    assert one.startswith("Trained on all other centers, Radiomics has AUC 0.820")


def test_two_centers_have_no_mean_whatever_could_enter_one() -> None:
    rows = _left_out(
        ["Alpha", "Beta"], [1.0, 0.7], not_pooled=["its AUC is 1, which has no finite logit", None]
    )
    assert _said(rows, _mean(k=1)).endswith("2 centers cannot say what a new one would get.")


def test_names_of_centers_are_left_as_they_are() -> None:
    said = _said(_left_out(["A and B", "Radiomics has AUC and more"], [0.7, 0.82]), _mean())
    assert "in A and B to 0.820" in said
    assert "in Radiomics has AUC and more. 2 centers" in said


def test_a_center_without_a_model_is_said_to_have_none() -> None:
    why = "no model, everybody got the same score"
    rows = _left_out(["Alpha", "Beta", "Eta"], [0.8, np.nan, 0.7], reason=["", why, ""])
    assert _said(rows, _mean()).endswith(
        f"2 centers cannot say what a new one would get; no AUC in Beta: {why}."
    )
    none = _said(rows.assign(auc=np.nan, reason=why), _mean())
    assert none == f"Trained on all other centers, Radiomics has no AUC in Alpha, Beta and Eta: {why}."


def test_equal_scores_in_a_center_are_no_lowest_auc() -> None:
    rows = _left_out(["Alpha", "Beta", "Eta"], [0.8, 0.5, 0.7], reason=["", ALL_EQUAL, ""])
    said = _said(rows, _mean())
    assert "AUCs from 0.700" in said
    assert said.endswith("in Beta everybody has the same score, which ranks nobody.")
    assert _said(rows.iloc[[1]], _mean(k=0)) == (
        "Trained on all other centers, Radiomics has no measured AUC: in Beta everybody has the same score, which "
        "ranks nobody."
    )


def test_many_centers_are_counted_and_those_not_pooled_say_why() -> None:
    names = [f"C{i:02d}" for i in range(30)]
    auc = [1.0] * 20 + [0.0] + [0.7] * 5 + [np.nan] * 4
    left = ["its AUC is 1, which has no finite logit"] * 20 + ["its AUC is 0, ..."] + [None] * 9
    reasons = [""] * 26 + [f"one class only (all positive), n = {n}" for n in (3, 3, 4, 5)]
    said = _said(_left_out(names, auc, reason=reasons, not_pooled=left), _mean(0.7, 5))
    assert "mean of 5 centers 0.700 (0.650 to 0.750); 21 of the 26 are not in the mean: " in said
    # Left out at both ends: nobody knows which way the mean is off.
    assert "C00, C01, C02 and 17 more with an AUC of 1; C20 with an AUC of 0; no AUC in" in said
    one_end = _said(_left_out(names, [1.0] * 20 + [0.7] * 6 + [np.nan] * 4, not_pooled=left), _mean(0.7, 5))
    assert "C00, C01, C02 and 17 more with an AUC of 1, without which it is too low" in one_end
    assert said.endswith("no AUC in C26, C27, C28 and 1 more: in C26 one class only (all positive), n = 3.")
    assert len(said) < 600
    few = _said(_left_out(names, auc, reason=reasons, not_pooled=left), _mean(k=2))
    assert "They have no common mean: 2 center(s)" in few
    assert "21 of the 26 cannot enter one: C00, C01, C02 and 17 more with an AUC of 1; C20" in few
    assert "too low" not in few
