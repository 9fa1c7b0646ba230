"""Paired proportions: McNemar, Tango, Durkalski and Obuchowski, against tables, likelihood and bootstrap."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar
from statsmodels.stats.contingency_tables import mcnemar

from sgcore.stats.paired_proportions import compare_operating_points, compare_proportions
from sgcore.stats.tango import tango_interval


def pairs(both: int, only_a: int, only_b: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    counts = [both, only_a, only_b, neither]
    return np.repeat([1, 1, 0, 0], counts), np.repeat([1, 0, 1, 0], counts)


def clusters(*tables: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers and patients from ``both, only a, only b, neither`` of each patient."""
    made = [pairs(*table) for table in tables]
    a, b = (np.concatenate([pair[i] for pair in made]) for i in (0, 1))
    return a, b, np.repeat(np.arange(len(tables)), [sum(table) for table in tables])


def simulated(rng: np.random.Generator, patients: int, shift: float = 0.0) -> tuple[np.ndarray, ...]:
    """1 to 4 cases a patient; each answer depends on the patient, and on the patient's liking for a or b."""
    groups = np.repeat(np.arange(patients), rng.integers(1, 5, patients))
    shared = rng.normal(size=patients)[groups]
    score = [0.8 * shared + rng.normal(size=patients)[groups] + rng.normal(size=groups.size) for _ in "ab"]
    return (score[0] + shift > 0).astype(int), (score[1] > 0).astype(int), groups


@pytest.mark.parametrize(
    "table", [(20, 3, 9, 10), (20, 0, 5, 3), (5, 12, 12, 5), (40, 15, 10, 2), (5, 9, 31, 8)]
)
def test_mcnemar_of_statsmodels(table):
    both, only_a, only_b, neither = table
    result = compare_proportions(*pairs(*table))
    exact = only_a + only_b < 25
    expected = mcnemar([[both, only_a], [only_b, neither]], exact=exact, correction=False)
    assert result.p == pytest.approx(expected.pvalue)
    assert result.method == ("McNemar, exact" if exact else "McNemar, asymptotic")
    assert np.isnan(result.statistic) if exact else result.statistic == pytest.approx(expected.statistic)
    assert (result.both, result.only_a, result.only_b, result.neither) == table
    assert result.difference == pytest.approx((only_a - only_b) / sum(table))
    assert result.share_a == pytest.approx((both + only_a) / sum(table))


def test_tango_of_propcis():
    # R package PropCIs, whose scoreci.mp(b, c, n) is the interval of (c - b) / n.
    assert tango_interval(1, 7, 21, 0.95) == pytest.approx((-0.517, -0.026), abs=6e-4)
    assert tango_interval(28, 25, 618, 0.90) == pytest.approx((-0.0148, 0.0247), abs=6e-5)


@pytest.mark.parametrize("table", [(20, 3, 9, 10), (5, 20, 11, 4), (30, 0, 6, 0), (0, 1, 0, 1)])
def test_tango_limits_are_where_the_score_test_rejects(table):
    _, b, c, _ = table
    n = sum(table)

    def statistic(delta: float) -> float:
        # The constrained likelihood maximized by search, instead of its closed form.
        def loss(share: float) -> float:
            cells = np.array([share + delta, share, 1 - 2 * share - delta])
            counts = np.array([b, c, n - b - c])
            return -float(np.sum(counts[counts > 0] * np.log(np.maximum(cells[counts > 0], 1e-300))))

        bounds = (max(0.0, -delta), (1 - delta) / 2)
        share = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-12}).x
        return (b - c - n * delta) / np.sqrt(n * (2 * share + delta * (1 - delta)))

    low, high = tango_interval(b, c, n, 0.95)
    for limit, expected in ((low, 1.959964), (high, -1.959964)):
        if abs(limit) < 1:
            assert statistic(limit) == pytest.approx(expected, abs=2e-4)


def test_interval_and_asymptotic_p_agree():
    rng = np.random.default_rng(0)
    for only_a, only_b, rest in rng.integers(13, 60, (40, 3)):
        result = compare_proportions(*pairs(rest, only_a, only_b, 3))
        assert (result.p < 0.05) == (not result.ci_low <= 0 <= result.ci_high)


def test_extremes_of_the_interval():
    none = compare_proportions(*pairs(6, 0, 0, 4))
    half = 1.959964**2 / (10 + 1.959964**2)
    assert (none.ci_low, none.ci_high) == pytest.approx((-half, half), abs=1e-6)
    assert (none.p, none.reason) == (1.0, "the two agree on every case")
    every = compare_proportions(np.ones(30), np.zeros(30))
    assert (every.difference, every.ci_high) == (1.0, 1.0)
    assert 0.7 < every.ci_low < 1


FIVE = ([1, 51, 18, 0], [3, 67, 26, 2], [0, 44, 43, 1], [1, 58, 21, 3], [2, 47, 28, 4])


def test_durkalski_of_varying_clusters():
    # The counts of an example of the R package clust.bin.pair, the formula evaluated in R.
    result = compare_proportions(*clusters(*FIVE))
    d = np.array([33, 41, 1, 37, 19]) / np.array([70, 98, 88, 83, 81])
    assert result.method == "Durkalski, clustered by patient"
    assert result.statistic == pytest.approx(d.sum() ** 2 / (d @ d))
    assert result.statistic == pytest.approx(3.841166953, abs=5e-9)
    assert (result.n, result.n_patients, result.n_discordant) == (420, 5, 403)


def test_modified_obuchowski_of_equal_clusters_and_of_many():
    equal = compare_proportions(*clusters([0, 2, 0, 1], [1, 1, 0, 1], [1, 0, 1, 1], [0, 3, 0, 0]))
    # d = 2, 1, -1, 3, mean 1.25; sum d^2 = 15, sum (d - 1.25)^2 = 8.75.
    assert equal.method == "modified Obuchowski, clustered by patient"
    assert equal.statistic == pytest.approx(3 / 4 * 25 / ((15 + 8.75) / 2))
    assert equal.p == pytest.approx(stats.chi2.sf(equal.statistic, 1))
    rng = np.random.default_rng(1)
    assert compare_proportions(*simulated(rng, 49)).method.startswith("Durkalski")
    assert compare_proportions(*simulated(rng, 50)).method.startswith("modified Obuchowski")


def test_singletons_are_mcnemar_and_durkalski_is_its_chi_square():
    a, b = pairs(12, 19, 8, 6)
    plain = compare_proportions(a, b)
    assert compare_proportions(a, b, np.arange(45)) == plain
    # One concordant patient more with two cases turns the test into Durkalski's and adds nothing to it.
    groups = np.r_[np.arange(45), 45, 45]
    clustered = compare_proportions(np.r_[a, 1, 1], np.r_[b, 1, 1], groups)
    assert clustered.method == "Durkalski, clustered by patient"
    assert clustered.statistic == pytest.approx(plain.statistic)
    assert clustered.p == pytest.approx(plain.p)


def test_repeated_cases_say_nothing_new():
    a, b = pairs(12, 25, 9, 14)
    plain = compare_proportions(a, b)
    thrice = compare_proportions(np.repeat(a, 3), np.repeat(b, 3), np.repeat(np.arange(60), 3))
    assert thrice.n_effective == pytest.approx(60, rel=0.02)
    assert (thrice.ci_low, thrice.ci_high) == pytest.approx((plain.ci_low, plain.ci_high), abs=0.003)
    assert thrice.p == pytest.approx(plain.p, abs=0.003)


def test_bootstrap_of_patients_has_the_same_spread():
    rng = np.random.default_rng(2)
    a, b, groups = simulated(rng, 80, shift=0.4)
    result = compare_proportions(a, b, groups)
    d, m = np.bincount(groups, a - b), np.bincount(groups)
    drawn = rng.integers(0, 80, (4000, 80))
    means = d[drawn].sum(axis=1) / m[drawn].sum(axis=1)
    assert (result.ci_high - result.ci_low) / 3.92 == pytest.approx(means.std(), rel=0.08)
    assert np.quantile(means, 0.025) == pytest.approx(result.ci_low, abs=0.02)
    assert np.quantile(means, 0.975) == pytest.approx(result.ci_high, abs=0.02)


@pytest.mark.parametrize("patients", [30, 60])
def test_size_and_coverage_without_a_difference(patients):
    rng = np.random.default_rng(patients)
    results = [compare_proportions(*simulated(rng, patients)) for _ in range(500)]
    assert 0.025 <= np.mean([r.p < 0.05 for r in results]) <= 0.075
    assert 0.92 <= np.mean([r.ci_low <= 0 <= r.ci_high for r in results]) <= 0.98


def test_swapping_the_models():
    a, b, groups = simulated(np.random.default_rng(3), 30)
    one, two = compare_proportions(a, b, groups), compare_proportions(b, a, groups)
    assert (one.difference, one.p, one.statistic) == (-two.difference, two.p, two.statistic)
    assert (one.ci_low, one.ci_high) == pytest.approx((-two.ci_high, -two.ci_low))
    assert (one.only_a, one.only_b) == (two.only_b, two.only_a)


def test_missing_answers_are_left_out_and_counted():
    a, b = [1, 0, np.nan, 1, np.nan], [1, np.nan, 0, 0, np.nan]
    result = compare_proportions(a, b, list("ppqrs"))
    assert (result.n, result.n_left_out, result.n_patients, result.only_a) == (2, 3, 2, 1)
    assert compare_proportions([np.nan], [1]).reason == "no case has both answers"
    assert compare_proportions([], []).reason == "no cases"
    assert compare_proportions([1, 0], [0, 0], ["p", None]).reason == "the patient of 1 of 2 cases is missing"


def test_where_patients_say_nothing():
    one = compare_proportions([1, 1, 0], [0, 1, 0], ["p"] * 3)
    assert np.isnan(one.p)
    assert one.reason.startswith("one patient only, n = 3")
    assert one.n_effective == 1
    cancel = compare_proportions([1, 0, 1, 0], [0, 1, 0, 1], list("ppqq"))
    assert (cancel.p, cancel.difference) == (1.0, 0.0)
    assert cancel.reason == "the 4 discordant cases cancel within every patient"
    agree = compare_proportions([1, 0, 1, 0], [1, 0, 1, 0], list("ppqq"))
    assert (agree.p, agree.n_effective) == (1.0, 2)


def test_operating_points():
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0])
    a = np.array([0.9, 0.8, 0.4, np.nan, 0.6, 0.5, 0.1, 0.2, 0.3])
    b = np.array([5, -1, -2, 3, 0, -1, 2, -3, -4])
    result = compare_operating_points(y, a, 0.5, b, 0)  # a score at the threshold is positive
    se, sp = result.sensitivity, result.specificity
    assert (se.both, se.only_a, se.only_b, se.neither, se.n_left_out) == (1, 1, 0, 1, 1)
    assert (sp.both, sp.only_a, sp.only_b, sp.neither, sp.n_left_out) == (2, 1, 1, 1, 0)
    assert (se.share_a, sp.share_a) == pytest.approx((2 / 3, 3 / 5))
    frame = result.frame()
    assert list(frame["measure"]) == ["sensitivity", "specificity"]
    assert list(frame["n"]) == [3, 5]
    clustered = compare_operating_points(y, a, 0.5, b, 0, list("ppqqrrsst"))
    assert clustered.specificity.n_patients == 3
    assert clustered.specificity.method.startswith("Durkalski")


def test_operating_points_that_cannot_be_compared():
    one = compare_operating_points([1, 1], [1, 2], 1, [1, 2], 2)
    assert one.specificity.reason == "no negative case"
    assert one.sensitivity.only_a == 1
    assert compare_operating_points([1, 0], [1, 2], np.nan, [1, 2], 2).sensitivity.reason == "no threshold"
    assert "label of 1 of 2" in compare_operating_points([1, np.nan], [1, 2], 1, [1, 2], 2).specificity.reason


def test_refusals():
    with pytest.raises(ValueError, match="it holds 2"):
        compare_proportions([2], [1])
    with pytest.raises(ValueError, match="a has 2 values where b has 1"):
        compare_proportions([1, 0], [1])
    with pytest.raises(ValueError, match="level"):
        compare_proportions([1], [1], level=95)
