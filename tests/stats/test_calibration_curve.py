"""The smooth calibration curve, the ICI, and the regressions and splines behind them."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit

from sgcore.stats.calibrate import calibration
from sgcore.stats.logit_fits import clustered_covariance, intercept_with_offset, logistic_fits
from sgcore.stats.splines import spline_design, spline_knots


def cases(seed: int, n: int, stretch: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    margin = 1.3 * rng.normal(size=n)
    return (rng.random(n) < expit(margin)).astype(int), expit(stretch * margin)


def test_curve_and_ici_agree_with_a_glm_on_the_spline():
    y, p = cases(0, 400, stretch=1.6)
    groups = np.arange(400) // 2
    result = calibration(y, p, groups, replicates=0)
    knots = np.quantile(logit(p), [0.05, 0.35, 0.65, 0.95])
    model = sm.GLM(y, spline_design(logit(p), knots), family=sm.families.Binomial())
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": groups, "use_correction": True}, tol=1e-12)
    assert result.ici.estimate == pytest.approx(np.abs(fit.fittedvalues - p).mean(), rel=1e-8)
    at = spline_design(logit(result.curve["predicted"].to_numpy()), knots)
    expected = fit.get_prediction(at).linpred.summary_frame(alpha=0.05)
    np.testing.assert_allclose(logit(result.curve["observed"]), expected["mean"], rtol=1e-7, atol=1e-8)
    half = logit(result.curve["high"]) - logit(result.curve["observed"])
    normal = expected["mean_ci_upper"] - expected["mean"]
    # Student's t with 199 degrees of freedom in place of the normal quantile.
    np.testing.assert_allclose(half / normal, 1.971957 / 1.959964, rtol=1e-5)


def test_large_samples_find_the_true_curve():
    y, p = cases(1, 60_000, stretch=1.7)
    result = calibration(y, p, replicates=0)
    truth = expit(logit(result.curve["predicted"]) / 1.7)
    np.testing.assert_allclose(result.curve["observed"], truth, atol=0.02)
    assert result.ici.estimate == pytest.approx(np.abs(expit(logit(p) / 1.7) - p).mean(), abs=0.005)
    assert (result.grouped["n"] == 6000).all()
    np.testing.assert_allclose(
        result.grouped["observed"], expit(logit(result.grouped["predicted"]) / 1.7), atol=0.03
    )


def test_perfect_calibration_has_an_interval_from_zero():
    hits, ratios = 0, []
    for seed in range(80):
        result = calibration(*cases(200 + seed, 240), replicates=100)
        hits += result.ici.ci_low == 0
        ratios.append(result.ici.estimate / result.ici_by_chance)
    assert hits >= 68  # 92% in 200 replicates, a standard error of 3 points here
    assert np.mean(ratios) == pytest.approx(1, abs=0.15)


def test_poor_calibration_does_not():
    result = calibration(*cases(2, 400, stretch=3))
    assert 0 < result.ici.ci_low < result.ici.estimate < result.ici.ci_high
    assert result.ici.estimate > 2 * result.ici_by_chance
    again = calibration(*cases(2, 400, stretch=3))
    assert again.ici == result.ici
    assert calibration(*cases(2, 400, stretch=3), seed=1).ici.ci_low != result.ici.ci_low


def test_class_sizes_decide():
    y, p = cases(3, 1000)
    positive, negative = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    for size, curve, ici in ((100, True, True), (99, False, True), (20, False, True), (19, False, False)):
        take = np.r_[positive[:size], negative[:200]]
        result = calibration(y[take], p[take], replicates=0)
        assert result.curve.empty is not curve
        assert bool(result.curve_reason) is not curve
        assert np.isfinite(result.ici.estimate) == ici
        assert len(result.grouped) == 10
    assert result.curve_reason == "fewer than 100 cases in a class (19 positive, 200 negative)"
    assert result.ici.reason == "fewer than 20 cases in a class (19 positive, 200 negative)"
    assert list(result.curve) == ["predicted", "observed", "low", "high"]


def test_grouped_points_keep_ties_together():
    y = np.tile([0, 1], 50)
    p = np.repeat([0.2, 0.2, 0.6, 0.9], 25)
    grouped = calibration(y, p, replicates=0).grouped
    np.testing.assert_allclose(grouped["predicted"], [0.2, 0.6, 0.9])
    assert list(grouped["n"]) == [50, 25, 25]
    assert (grouped["low"] < grouped["observed"]).all()
    # A model of one yes-or-no sign has two probabilities, of which most cases share one.
    for often in (0.2, 0.6):
        few = calibration(
            [0, 1] * 50, np.r_[np.full(85, often), np.full(15, 0.8 - often)], replicates=0
        ).grouped
        np.testing.assert_allclose(few["predicted"], [0.2, 0.6])
        assert set(few["n"]) == {15, 85}


def test_resamples_without_a_curve_are_told():
    # One patient holds all cases on the wrong side: without it the classes separate.
    p = np.linspace(0.05, 0.95, 60)
    y = (p > 0.5).astype(int)
    y[[25, 34]] = 1, 0
    groups = np.arange(60)
    groups[34] = 25
    result = calibration(y, p, groups, replicates=200)
    assert "of 200 resamples: no interval" in result.ici.reason
    assert np.isnan(result.ici.ci_low)


def test_splines_are_straight_outside_their_knots_and_smooth_inside():
    knots = np.array([-1.0, 0.0, 0.5, 2.0])
    x = np.linspace(-4, 5, 9001)
    design = spline_design(x, knots)
    assert design.shape == (9001, 4)
    second = np.diff(design, 2, axis=0) / 0.001**2
    middle = x[1:-1]
    np.testing.assert_allclose(second[(middle < -1.01) | (middle > 2.01)], 0, atol=1e-6)
    assert np.abs(np.diff(second, axis=0)).max() < 0.02
    assert np.linalg.matrix_rank(design) == 4


def test_knots_give_way_to_ties():
    rng = np.random.default_rng(4)
    assert spline_knots(rng.normal(size=100), 4).size == 4
    assert spline_knots(np.r_[np.zeros(40), np.linspace(1, 2, 60)], 4).size == 3
    assert spline_knots(np.r_[np.zeros(60), np.linspace(1, 2, 40)], 4).size == 0


def test_weighted_fits_agree_with_statsmodels():
    y, p = cases(5, 150)
    design = spline_design(logit(p), spline_knots(logit(p), 3))
    weights = np.random.default_rng(6).multinomial(150, np.full(150, 1 / 150), size=4).astype(float)
    coefficients, converged = logistic_fits(design, y.astype(float), weights)
    assert converged.all()
    for row, weight in zip(coefficients, weights, strict=True):
        model = sm.GLM(y, design, family=sm.families.Binomial(), freq_weights=weight)
        np.testing.assert_allclose(row, model.fit(tol=1e-12).params, rtol=1e-7)


def test_fits_without_a_maximum_do_not_converge():
    x = np.linspace(-1, 1, 40)
    design = np.column_stack([np.ones(40), x])
    y = (x + 0.3 * np.sin(40 * x) > 0).astype(float)
    one_class, separated = (y == 1).astype(float), (np.abs(x) > 0.5).astype(float)
    coefficients, converged = logistic_fits(design, y, np.array([np.ones(40), one_class, separated]))
    assert list(converged) == [True, False, False]
    np.testing.assert_array_equal(np.isnan(coefficients).any(axis=1), ~converged)


def test_covariance_and_offset_agree_with_statsmodels():
    y, p = cases(7, 120)
    groups, design = np.arange(120) // 4, np.column_stack([np.ones(120), logit(p)])
    fit = sm.GLM(y, design, family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": groups}, tol=1e-12
    )
    ours = clustered_covariance(design, y, np.asarray(fit.fittedvalues), groups)
    np.testing.assert_allclose(ours, fit.cov_params(), rtol=1e-7)
    offset = sm.GLM(y, np.ones(120), family=sm.families.Binomial(), offset=logit(p)).fit(tol=1e-12)
    assert intercept_with_offset(logit(p), y.astype(float)) == pytest.approx(offset.params[0], abs=1e-10)


def test_offset_of_certain_and_wrong_probabilities():
    offset = logit(np.array([1e-6, 1e-6, 1 - 1e-6, 0.5]))
    y = np.array([1.0, 1.0, 0.0, 1.0])
    estimate = intercept_with_offset(offset, y)
    assert expit(offset + estimate).sum() == pytest.approx(3, abs=1e-9)
