"""Random effects against metafor, brute-force REML, statsmodels where methods coincide, and reasons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2
from statsmodels.stats.meta_analysis import combine_effects

from sgcore.stats.random_effects import heterogeneity

FOUR = ([1.9, 1.2, 0.6, 1.5], [0.10, 0.08, 0.12, 0.20])
BCG_LOG_RR = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209, 0.0120, -0.4694, -1.3713]
BCG_LOG_RR += [-0.3394, 0.4459, -0.0173]
BCG_VARIANCE = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124]
BCG_VARIANCE += [0.5325, 0.0714]
# metafor 3.8-1 (R): rma(y, v, method = "REML", test = "adhoc"), which is Hartung-Knapp with max(1, q);
# SE of test = "knha"; confint(control = list(tol = 1e-13)) for tau2's limits, predict(pi.type = "riley") for
# the prediction interval with t(k - 2). The values are those of FIELDS, in that order.
METAFOR = [
    (
        *FOUR,
        [1.29641169, 0.27976128, 0.27617440, 0.19392530, 0.00000000, 4.05560807, 0.40608643, 2.18673695,
         np.nan, np.nan, 0.6273790680, 8.00813953, 0.04584379],
    ),
    (
        [1.45, 0.90, 2.10, 0.35, 1.20, 1.75],
        [0.06, 0.11, 0.20, 0.09, 0.05, 0.15],
        [1.24823366, 0.24422968, 0.24422968, 0.23340973, 0.02689701, 2.19646114, 0.62042127, 1.87604605,
         -0.25478990, 2.75125722, 0.7183114443, 15.95391182, 0.00697690],
    ),
    (
        [0.2, 2.6, 1.1, 1.9, -0.3, 0.7, 3.1],
        [0.02, 0.05, 0.03, 0.04, 0.06, 0.02, 0.09],
        [1.31888184, 0.47199389, 0.47199389, 1.49975047, 0.59466225, 7.58051654, 0.16395441, 2.47380928,
         -2.05488191, 4.69264560, 0.9769470487, 185.35175202, 0.00000000],
    ),
    (
        BCG_LOG_RR,
        BCG_VARIANCE,
        [-0.71453427, 0.18079399, 0.18079399, 0.31325278, 0.11972329, 1.11151663, -1.10845052, -0.32061801,
         -2.00907891, 0.58001037, 0.9220865198, 151.81491899, 0.00000000],
    ),
]  # fmt: skip
FIELDS = ("mean", "se", "se_hartung_knapp", "tau2", "tau2_low", "tau2_high", "ci_low", "ci_high")
FIELDS += ("prediction_low", "prediction_high", "i2", "q_test", "p")


def restricted(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Restricted log-likelihood from the density of the contrasts, by matrices."""
    k = y.size
    contrasts = np.eye(k)[1:] - np.eye(k)[:-1]
    covariance = contrasts @ np.diag(v + tau2) @ contrasts.T
    d = contrasts @ y
    return float(-0.5 * np.linalg.slogdet(covariance)[1] - 0.5 * d @ np.linalg.solve(covariance, d))


@pytest.mark.parametrize(("y", "v", "expected"), METAFOR)
def test_agrees_with_metafor(y, v, expected):
    result = heterogeneity(y, v)
    for field, value in zip(FIELDS, expected, strict=True):
        assert getattr(result, field) == pytest.approx(value, rel=1e-6, abs=1e-7, nan_ok=True), field


def test_the_four_centers_of_the_design():
    result = heterogeneity(*FOUR, labels=["A", "B", "C", "D"])
    assert result.mean == pytest.approx(1.2964, abs=5e-5)
    assert result.tau2 == pytest.approx(0.1939, abs=5e-5)
    assert result.se_hartung_knapp == pytest.approx(0.2762, abs=5e-5)
    # q is 0.97 here: the floor at 1 makes the interval a little wider.
    assert result.se > result.se_hartung_knapp
    assert result.prediction_reason == "a new center cannot be predicted from 4"
    assert np.isnan(result.prediction_low)
    assert result.spread == "I2 63%, tau 0.44, from 4 centers"


@pytest.mark.parametrize("seed", range(25))
def test_reml_is_the_maximum_of_the_restricted_likelihood(seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(3, 9))
    v = rng.uniform(0.01, 0.5, k)
    y = rng.normal(0, np.sqrt(v + rng.choice([0.0, 0.05, 0.5])))
    result = heterogeneity(y, v)
    found = min(
        (
            minimize(lambda t: -restricted(t[0], y, v), [start], bounds=[(0, None)], tol=1e-14)
            for start in (0.0, 0.05, 0.5, 3.0)
        ),
        key=lambda fit: fit.fun,
    )
    assert -restricted(result.tau2, y, v) <= found.fun + 1e-10
    assert result.tau2 == pytest.approx(found.x[0], abs=2e-4)
    assert 0 <= result.i2 < 1
    assert result.ci_low < result.mean < result.ci_high


@pytest.mark.parametrize("seed", range(10))
def test_equal_variances_have_a_closed_form(seed):
    y = np.random.default_rng(seed).normal(0, 0.6, 6)
    result = heterogeneity(y, np.full(6, 0.1))
    assert result.mean == pytest.approx(y.mean())
    assert result.tau2 == pytest.approx(max(0.0, y.var(ddof=1) - 0.1), abs=1e-10)
    if result.tau2 > 0:
        assert result.se**2 == pytest.approx(y.var(ddof=1) / 6)
        # Q is (k - 1) s^2 / (v + tau2): its limits in tau2 are those of a variance.
        limits = 5 * y.var(ddof=1) / chi2.isf([0.025, 0.975], 5) - 0.1
        assert (result.tau2_low, result.tau2_high) == pytest.approx(np.maximum(limits, 0), abs=1e-9)


def test_agrees_with_statsmodels_where_the_methods_coincide():
    y, v = np.array(BCG_LOG_RR), np.array(BCG_VARIANCE)
    result, other = heterogeneity(y, v), combine_effects(y, v, method_re="iterated")
    assert result.q_test == pytest.approx(other.q)
    # statsmodels has no REML; with tau2 given, its Hartung-Knapp scale is q.
    fixed = combine_effects(y, v + result.tau2)
    assert result.mean == pytest.approx(fixed.mean_effect_fe)
    assert result.se_hartung_knapp == pytest.approx(fixed.sd_eff_w_fe_hksj)


def test_moving_and_stretching_the_scale():
    y, v = (np.array(part) for part in METAFOR[1][:2])
    plain = heterogeneity(y, v)
    for factor in (1e-6, 1.0, 1e6):
        moved = heterogeneity(3 * factor + factor * y, factor**2 * v)
        assert moved.mean == pytest.approx(3 * factor + factor * plain.mean)
        assert moved.tau == pytest.approx(factor * plain.tau)
        assert moved.prediction_high == pytest.approx(3 * factor + factor * plain.prediction_high)
        assert (moved.i2, moved.p) == pytest.approx((plain.i2, plain.p))


def test_centers_that_agree_too_well():
    result = heterogeneity([0.80, 1.00, 0.95, 1.10, 0.90], [0.10, 0.20, 0.15, 0.30, 0.12])
    assert (result.tau2, result.i2) == (0, 0)
    # metafor: mean 0.915, SE with max(1, q) 0.17320508, without 0.04683748.
    assert (result.mean, result.se) == pytest.approx((0.915, 0.17320508))
    assert result.se_hartung_knapp == pytest.approx(0.04683748, rel=1e-6)
    assert np.isnan(result.tau2_high)
    assert "less than chance alone would have it (Q = 0.292, 4 df)" in result.tau2_reason
    equal = heterogeneity([1.0, 1.0, 1.0], [0.1, 0.2, 0.3])
    assert (equal.mean, equal.tau2, equal.reason) == (pytest.approx(1.0), 0, "")


def test_prediction_interval_covers_new_centers():
    rng = np.random.default_rng(5)
    hits = {"ci": 0, "prediction": 0}
    for _ in range(400):
        v = rng.uniform(0.03, 0.15, 8)
        y = rng.normal(1.0, np.sqrt(0.2 + v))
        result, new = heterogeneity(y, v), rng.normal(1.0, np.sqrt(0.2))
        hits["ci"] += result.ci_low <= 1.0 <= result.ci_high
        hits["prediction"] += result.prediction_low <= new <= result.prediction_high
    # 400 replicates: standard error 1.1 points.
    assert 0.92 <= hits["ci"] / 400 <= 0.985
    assert 0.91 <= hits["prediction"] / 400 <= 0.985


@pytest.mark.parametrize("k", [0, 1, 2])
def test_fewer_than_three_are_not_pooled(k):
    result = heterogeneity(np.ones(k), np.ones(k))
    assert np.isnan([result.mean, result.tau2, result.i2, result.tau]).all()
    assert result.reason == f"{k} center(s) with an estimate and its variance, at least 3 are needed"
    assert result.spread == f"I2 and tau: not estimated from {k} center(s)"


def test_who_is_left_out_and_why():
    y, v = [1.0, np.nan, 1.2, 0.9, 1.1, 2.0], [0.1, 0.1, np.nan, 0.1, 0.1, 0.0]
    result = heterogeneity(y, v, labels=list("ABCDEF"))
    assert result.labels == ("A", "D", "E")
    assert result.left_out == (
        ("B", "it has no finite estimate"),
        ("C", "its variance could not be estimated"),
        ("F", "its variance is 0"),
    )
    assert result.mean == heterogeneity([1.0, 0.9, 1.1], [0.1] * 3).mean
    assert "2 center(s) with an estimate and its variance (3 left out)" in heterogeneity(y[1:], v[1:]).reason


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: heterogeneity([1, 2], [1]), "variances has 1 values"),
        (lambda: heterogeneity([1, 2], [1, 1], labels=["A"]), "labels has 1 values"),
        (lambda: heterogeneity([1, 2], [1, 1], labels=["A", "A"]), "a name twice"),
        (lambda: heterogeneity([1, 2], [1, 1], level=1), "level"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
