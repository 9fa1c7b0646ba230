"""AUC, variance and interval: pROC's numbers, identities, and data that have no answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from sgcore.stats import auc, compare_auc, newcombe_interval, repeated_auc
from tests.stats.reference import reference


@pytest.fixture(scope="module")
def asah() -> pd.DataFrame:
    return reference("asah")


@pytest.mark.parametrize(
    ("score", "value"), [("wfns", 0.8236788618), ("s100b", 0.7313685637), ("ndka", 0.6119579946)]
)
def test_auc_of_asah(asah, score, value):
    result = auc(asah["outcome"], asah[score])
    assert result.auc == pytest.approx(value, abs=5e-11)
    assert (result.n_pos, result.n_neg, result.n_patients) == (41, 72, 113)


def test_variance_and_logit_interval_of_asah(asah):
    result = auc(asah["outcome"], asah["s100b"])
    assert result.variance == pytest.approx(0.00266868245717, abs=5e-15)
    assert result.ci_low == pytest.approx(0.619217, abs=5e-7)
    assert result.ci_high == pytest.approx(0.820086, abs=5e-7)
    assert result.method == "DeLong, logit"
    assert result.design_effect == 1


def test_clustered_variance_of_asah(asah):
    groups = np.arange(len(asah)) // 3
    result = auc(asah["outcome"], asah["s100b"], groups)
    assert (result.groups_pos, result.groups_neg, result.n_groups) == (26, 35, 38)
    assert result.variance == pytest.approx(0.00361866748164, abs=5e-15)
    wfns = auc(asah["outcome"], asah["wfns"], groups)
    assert wfns.variance == pytest.approx(0.00168136429344, abs=5e-15)
    naive = auc(asah["outcome"], asah["s100b"]).variance
    assert result.design_effect == pytest.approx(result.variance / naive)
    assert result.method == "DeLong, logit-t, clustered by patient"
    assert 25 < result.df < 59


@pytest.mark.parametrize("set_number", range(1, 201))
def test_agrees_with_proc(set_number):
    cases = reference("proc_cases").query("set == @set_number")
    expected = reference("proc_results").query("set == @set_number").iloc[0]
    for score in ("a", "b"):
        result = auc(cases["y"], cases[score], interval="wald")
        assert result.auc == pytest.approx(expected[f"auc_{score}"], abs=1e-13)
        assert result.variance == pytest.approx(expected[f"variance_{score}"], abs=1e-14)
    if expected["variance_b"] > 0:
        assert result.method == "DeLong, Wald"
        assert result.ci_low == pytest.approx(expected["wald_low"], abs=1e-12)
        assert result.ci_high == pytest.approx(expected["wald_high"], abs=1e-12)


def test_clustered_variance_by_the_formula_written_out():
    rng = np.random.default_rng(3)
    groups = rng.integers(0, 9, 40)
    y = rng.integers(0, 2, 40)  # patients with images of both classes
    score = np.round(rng.normal(size=40) + y, 1)
    x, z = score[y == 1], score[y == 0]
    psi = (x[:, None] > z) + 0.5 * (x[:, None] == z)
    value, m, n = psi.mean(), len(x), len(z)
    s10 = s01 = s11 = 0.0
    gx, gz = groups[y == 1], groups[y == 0]
    for patient in np.unique(groups):
        d1 = (psi.mean(axis=1)[gx == patient] - value).sum()
        d0 = (psi.mean(axis=0)[gz == patient] - value).sum()
        s10, s01, s11 = s10 + d1 * d1, s01 + d0 * d0, s11 + d1 * d0
    i10, i01, i = np.unique(gx).size, np.unique(gz).size, np.unique(groups).size
    s10, s01, s11 = s10 * i10 / ((i10 - 1) * m), s01 * i01 / ((i01 - 1) * n), s11 * i / (i - 1)
    result = auc(y, score, groups)
    assert result.variance == pytest.approx(s10 / m + s01 / n + 2 * s11 / (m * n), rel=1e-12)
    c1, c0 = s10 / m, s01 / n
    assert result.df == pytest.approx((c1 + c0) ** 2 / (c1**2 / (i10 - 1) + c0**2 / (i01 - 1)), rel=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_every_case_its_own_patient_is_the_unclustered_result(seed):
    rng = np.random.default_rng(seed)
    y, score = rng.permutation(np.arange(30) % 2), rng.normal(size=30).round(1)
    names = rng.permutation([f"P{i:02d}" for i in range(30)])
    assert auc(y, score, names).variance == pytest.approx(auc(y, score).variance, rel=1e-12)
    for field in ("auc", "n_groups", "groups_pos", "method", "reason", "design_effect"):
        assert getattr(auc(y, score, names), field) == getattr(auc(y, score), field)
    assert auc(y, score, names).ci_low == pytest.approx(auc(y, score).ci_low, rel=1e-12)


def test_identities():
    rng = np.random.default_rng(1)
    y, score = np.arange(50) % 2, rng.normal(size=50).round(1)
    groups = np.arange(50) // 4
    result, reversed_ = auc(y, score, groups), auc(y, -score, groups)
    assert result.auc == pytest.approx(roc_auc_score(y, score), abs=1e-14)
    assert reversed_.auc == pytest.approx(1 - result.auc, abs=1e-14)
    assert reversed_.ci_low == pytest.approx(1 - result.ci_high, abs=1e-12)
    assert auc(y, np.exp(score), groups) == result
    order = rng.permutation(50)
    assert auc(y[order], score[order], groups[order]).variance == pytest.approx(result.variance, rel=1e-12)
    assert auc(1 - y, -score, groups).variance == pytest.approx(result.variance, rel=1e-12)


def test_direction_is_never_flipped():
    assert auc([0, 0, 0, 1, 1, 1], [6, 5, 4, 3, 2, 1]).auc == 0


def test_duplicated_images_do_not_narrow_the_clustered_interval():
    rng = np.random.default_rng(2)
    y, score = np.arange(40) % 2, rng.normal(size=40)
    once = auc(y, score, np.arange(40))
    thrice = auc(np.repeat(y, 3), np.repeat(score, 3), np.repeat(np.arange(40), 3))
    assert thrice.variance == pytest.approx(once.variance, rel=1e-12)
    assert thrice.design_effect == pytest.approx(3, rel=0.06)


@pytest.mark.parametrize(
    ("y", "score", "method"),
    [
        ([0] * 10 + [1] * 10, range(20), "separated"),
        ([1] * 10 + [0] * 10, range(20), "separated the wrong way"),
        ([0] * 10 + [1] * 10, [1.0] * 20, "constant"),
        ([0] * 10 + [1] * 4, [*range(10), 2, 5, 8, 11], "four positives"),
    ],
)
def test_newcombe_where_delong_has_no_variance_or_few_patients(y, score, method):
    result = auc(y, list(score))
    assert result.method == "Newcombe's method 5", method
    low, high = newcombe_interval(result.auc, sum(y), len(y) - sum(y))
    assert (result.ci_low, result.ci_high) == (low, high)
    assert 0 <= low < high <= 1
    assert bool(result.reason) == (method == "constant")


def test_newcombe_counts_patients_not_images():
    y, score = np.repeat([0] * 6 + [1] * 6, 5), np.repeat(np.arange(12.0), 5)
    result = auc(y, score, np.repeat(np.arange(12), 5))
    assert result.auc == 1
    assert result.ci_low == newcombe_interval(1.0, 6, 6)[0]


def test_one_patient_in_a_class_has_no_variance():
    result = auc([0] * 9 + [1, 1], [*range(9), 5.5, 7.5], [*range(9), "a", "a"])
    assert np.isnan(result.variance)
    assert result.reason.startswith("fewer than 2 patients in a class (1 positive, 9 negative)")
    assert result.ci_low < result.auc < result.ci_high


@pytest.mark.parametrize(
    ("y", "score", "groups", "words"),
    [
        ([], [], None, "no cases"),
        ([1], [0.3], None, "one class only (all positive), n = 1"),
        ([0, 0, 0, 0], [1, 2, 3, 4], None, "one class only (all negative), n = 4"),
        ([0, 1, 1], [0.1, np.nan, 0.2], None, "the score of 1 of 3 cases is missing"),
        ([0, np.nan, 1], [0.1, 0.3, 0.2], None, "the label of 1 of 3 cases is missing"),
        ([0, 1, 1], [0.1, 0.3, 0.2], ["a", None, "b"], "the patient of 1 of 3 cases is missing"),
    ],
)
def test_what_cannot_be_estimated_says_why(y, score, groups, words):
    result = auc(y, score, groups)
    assert np.isnan([result.auc, result.ci_low, result.ci_high, result.variance]).all()
    assert result.reason == words
    assert result.method == "not estimated"


def test_a_missing_patient_is_no_patient():
    result = auc([0, 1, 1], [0.1, 0.3, 0.2], ["a", None, "b"])
    assert (result.n_groups, result.groups_pos, result.groups_neg) == (2, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (([0, 1], [1, 2, 3]), "y_score has 3 values where y_true has 2"),
        (([0, 1], [[1], [2]]), "dimension"),
        (([0, 2], [1, 2]), "it holds 2"),
        ((["a", "b"], [1, 2]), "y_true must hold numbers"),
        (([0, 1], [1, 2], [1]), "groups has 1 values"),
        (([0, 1], [1, 2], None, 95), "confidence level"),
    ],
)
def test_wrong_calls_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        auc(*arguments)


def test_unknown_interval_is_refused():
    with pytest.raises(ValueError, match="choose logit"):
        auc([0, 1], [1, 2], interval="exact")


def test_intervals_are_nested_and_the_t_is_wider():
    rng = np.random.default_rng(5)
    y, score = np.arange(30) % 2, rng.normal(size=30)
    narrow, wide = auc(y, score, level=0.8), auc(y, score, level=0.99)
    assert wide.ci_low < narrow.ci_low < narrow.auc < narrow.ci_high < wide.ci_high
    with_t = auc(y, score, interval="logit-t")
    assert with_t.ci_low < auc(y, score).ci_low
    assert with_t.df <= 28


def test_equal_scores_rank_nobody_and_say_so():
    result = auc([0, 1, 0, 1, 0, 1], [0.4] * 6)
    assert result.auc == 0.5
    assert "all scores are equal" in result.reason
    assert auc([0, 1, 0, 1, 0, 1], [0.4] * 5 + [0.5]).reason == ""


# A lesion and a normal image of each patient, with one score for both: what the two add cancels. Before it was
# set to zero, rounding left -1.7e-18 of 14 and 31 patients, and 8.7e-19 of 25, with an interval of no width.
@pytest.mark.parametrize("patients", [7, 14, 25, 31])
def test_a_variance_that_is_only_rounding_is_zero_and_says_why(patients):
    y, groups = np.tile([0, 1], patients), np.repeat(np.arange(patients), 2)
    result = auc(y, groups, groups)
    assert result.auc == 0.5
    assert (result.variance, result.se) == (0, 0)
    assert np.isnan(result.design_effect)
    assert result.reason.startswith(
        "what positive and negative cases add to the AUC cancels within every patient"
    )
    assert result.design_effect_reason == result.reason
    assert result.method == "Newcombe's method 5, clustered by patient"
    assert (result.ci_low, result.ci_high) == newcombe_interval(0.5, patients, patients)
    paired = compare_auc(y, groups, -groups, groups)
    assert (paired.delta, paired.variance, paired.p) == (0, 0, 1)
    assert "tells the two apart" in paired.reason
    repeated = repeated_auc(y, np.column_stack([groups, groups % 5]), groups)
    assert repeated.variance == 0
    assert repeated.method == "mean of repeats, Newcombe's method 5, clustered by patient"


def test_a_small_variance_is_no_rounding():
    y, groups = np.tile([0, 1], 200), np.repeat(np.arange(200), 2)
    score = groups.astype(float)
    score[1] = 1.5  # the first patient's positive image passes one other patient: 1.5 pairs of 40,000
    result = auc(y, score, groups)
    assert 0 < result.variance < 1e-8
    assert result.method == "DeLong, logit-t, clustered by patient"
    assert result.reason == result.design_effect_reason == ""
    assert result.design_effect == pytest.approx(result.variance / auc(y, score).variance)


@pytest.mark.parametrize("patients", [20, 10])
def test_no_design_effect_at_an_auc_of_one_says_why(patients):
    result = auc([0] * 10 + [1] * 10, range(20), np.repeat(np.arange(patients), 20 // patients))
    assert result.auc == 1
    assert np.isnan(result.design_effect)
    assert result.design_effect_reason == "the AUC is 1: its variance is zero with and without the patients"
    assert result.reason == ""
    inside = auc([0, 1, 1, 0] * 5, range(20), np.arange(20) // 2)
    assert inside.design_effect > 0
    assert inside.design_effect_reason == ""
    assert auc([1, 1], [1, 2]).design_effect_reason == "one class only (all positive), n = 2"
