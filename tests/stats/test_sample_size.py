"""External sample size: published examples, the variances written otherwise, simulation, reasons."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit
from scipy.stats import norm

from sgcore.stats import newcombe_interval
from sgcore.stats.sample_size import binormal_logits, external_precision, external_size


def width_of_auc(auc: float, n: float, prevalence: float) -> float:
    """Hanley and McNeil's variance with half of n for both class sizes in the numerator."""
    q1, q2, half = auc / (2 - auc), 2 * auc**2 / (1 + auc), n / 2
    top = auc * (1 - auc) + (half - 1) * (q1 - auc**2) + (half - 1) * (q2 - auc**2)
    return 2 * 1.959963985 * np.sqrt(top / (n * prevalence * n * (1 - prevalence)))


def test_the_published_example():
    # R package pmvalsampsize 0.1.0, test 4.1: prevalence 0.018, c-statistic 0.8, width 0.1.
    assert external_size(0.8, 0.018).n_auc == 4252


@pytest.mark.parametrize(
    ("auc", "prevalence", "width"), [(0.7, 0.1, 0.1), (0.8, 0.5, 0.1), (0.95, 0.3, 0.05), (0.5, 0.5, 0.2)]
)
def test_the_auc_needs_just_so_many(auc, prevalence, width):
    n = external_size(auc, prevalence, auc_width=width).n_auc
    assert width_of_auc(auc, n, prevalence) <= width < width_of_auc(auc, n - 1, prevalence)
    assert external_size(1 - auc, 1 - prevalence, auc_width=width).n_auc == n


def test_slope_of_normal_logits():
    logits = -5 + 2.5 * norm.ppf((np.arange(1_000_000) + 0.5) / 1_000_000)
    # pmvalsampsize gives 4501 for a sample of 1000 logits; Riley's formula in R, on these, 4553.71.
    assert external_size(0.8, 0.018, linear_predictor=logits).n_slope == 4554


@pytest.mark.parametrize("seed", range(3))
def test_slope_precision_is_that_of_a_logistic_regression(seed):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0.3, 1.2, 80)
    # statsmodels' own information matrix at intercept 0 and slope 1; it does not depend on the labels.
    model = sm.Logit(rng.integers(0, 2, 80), sm.add_constant(logits))
    error = np.sqrt(np.linalg.inv(-model.hessian([0.0, 1.0]))[1, 1])
    result = external_precision(0.8, 30, 50, linear_predictor=logits)
    assert result.slope_se == pytest.approx(error, rel=1e-7)
    assert result.slope_width == pytest.approx(2 * 1.959963985 * error)


def test_required_and_achieved_agree():
    size = external_size(0.78, 0.4)
    have = external_precision(0.78, round(size.n_slope * 0.4), round(size.n_slope * 0.6))
    assert have.slope_width == pytest.approx(0.2, rel=1e-3)
    assert have.auc_width < 0.1
    assert (size.n, size.n_pos) == (size.n_slope, pytest.approx(0.4 * size.n))
    assert external_size(0.78, 0.4, slope_width=5).n == size.n_auc


def test_achieved_auc():
    result = external_precision(0.8, 14, 15)
    assert (result.ci_low, result.ci_high) == newcombe_interval(0.8, 14, 15)
    assert result.auc_width == pytest.approx(width_of_auc(0.8, 29, 14 / 29))
    # The two limits are not as far away, but their distance is about that width.
    assert result.ci_high - result.ci_low == pytest.approx(result.auc_width, rel=0.1)


def test_simulated_slopes_spread_as_expected():
    rng, slopes = np.random.default_rng(1), []
    y = np.repeat([0, 1], [300, 300])
    shift = 2 * norm.ppf(0.75) ** 2
    for _ in range(300):
        logits = rng.normal(-shift / 2 + shift * y, np.sqrt(shift))
        slopes.append(sm.GLM(y, sm.add_constant(logits), family=sm.families.Binomial()).fit().params[1])
    assert np.mean(slopes) == pytest.approx(1, abs=0.03)
    assert np.std(slopes) == pytest.approx(external_precision(0.75, 300, 300).slope_se, rel=0.12)


@pytest.mark.parametrize(("auc", "prevalence"), [(0.6, 0.5), (0.8, 0.018), (0.97, 0.7)])
def test_binormal_logits_have_the_auc_and_are_calibrated(auc, prevalence):
    logits, weights = binormal_logits(auc, prevalence)
    assert weights.sum() == pytest.approx(1)
    assert weights @ expit(logits) == pytest.approx(prevalence, rel=1e-6)
    # The mean over the positives is that of p times the logit over all: calibration, moment by moment.
    half = logits.size // 2
    assert weights @ (expit(logits) * logits) == pytest.approx(weights[half:] @ logits[half:], rel=1e-5)
    mean = [np.average(logits[part], weights=weights[part]) for part in (slice(half), slice(half, None))]
    sd = np.sqrt(np.average((logits[:half] - mean[0]) ** 2, weights=weights[:half]))
    assert norm.cdf((mean[1] - mean[0]) / (sd * np.sqrt(2))) == pytest.approx(auc)


def test_more_of_everything():
    n = [external_size(0.8, 0.3, auc_width=w).n_auc for w in (0.2, 0.1, 0.05)]
    assert n[0] < n[1] < n[2]
    assert external_size(0.8, 0.3, level=0.9).n < external_size(0.8, 0.3).n
    assert external_size(0.8, 0.05).n_auc > external_size(0.8, 0.5).n_auc


def test_slopes_without_spread():
    result = external_size(0.5, 0.3)
    assert np.isnan(result.n_slope)
    assert result.n == result.n_auc
    assert result.slope_reason == "a model with an AUC of 0.5 has no calibrated spread of predictions"
    flat = external_precision(0.7, 10, 10, linear_predictor=np.zeros(20))
    assert np.isnan([flat.slope_se, flat.slope_width]).all()
    assert flat.slope_reason == "the logits of 20 patients do not differ"
    lost = external_precision(0.7, 10, 10, linear_predictor=[0.1, np.nan, np.inf])
    assert lost.slope_reason == "2 of 3 logits are missing or infinite"
    assert lost.auc_se > 0


def test_a_missing_class():
    result = external_precision(0.7, 0, 10)
    assert np.isnan([result.auc_se, result.ci_low, result.slope_se]).all()
    assert result.reason == "a class is missing (0 positive, 10 negative patients)"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: external_size(1.0, 0.3), "auc is 1.0"),
        (lambda: external_size(0.7, 0.0), "prevalence is 0.0"),
        (lambda: external_size(0.7, 0.3, auc_width=0), "widths of 0"),
        (lambda: external_size(0.7, 0.3, level=1), "level"),
        (lambda: external_precision(0.7, -1, 3), "-1 positive"),
        (lambda: external_precision(0.7, 3, 3, linear_predictor=[[1]]), "dimension"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
