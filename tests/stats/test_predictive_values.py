"""Predictive values at a prevalence: Bayes' rule, the delta method by differences, coverage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit, logit

from sgcore.stats import operating_point, proportion
from sgcore.stats.predictive_values import predictive_values_at

# Mercaldo et al. 2007: an allele was found in 240 of 418 patients and in 87 of 375 controls.
SE, SP = proportion(240, 418), proportion(288, 375)


def test_bayes_with_whole_people():
    # Of 10000, 300 are ill: 172.249 of them and 2250.4 of the other 9700 test positive.
    result = predictive_values_at(0.03, SE, SP)
    assert result.ppv.estimate == pytest.approx(300 * 240 / 418 / (300 * 240 / 418 + 9700 * 87 / 375))
    assert result.npv.estimate == pytest.approx(9700 * 288 / 375 / (9700 * 288 / 375 + 300 * 178 / 418))
    assert (result.ppv.method, result.n_pos, result.n_neg) == ("logit", 418, 375)


@pytest.mark.parametrize("measure", ["ppv", "npv"])
def test_interval_is_the_delta_method(measure):
    def at(se: float, sp: float) -> float:
        hit, miss = (se * 0.03, (1 - sp) * 0.97) if measure == "ppv" else (sp * 0.97, (1 - se) * 0.03)
        return float(logit(hit / (hit + miss)))

    se, sp, step = 240 / 418, 288 / 375, 1e-6
    by_se = (at(se + step, sp) - at(se - step, sp)) / (2 * step)
    by_sp = (at(se, sp + step) - at(se, sp - step)) / (2 * step)
    width = 1.959964 * np.sqrt(by_se**2 * se * (1 - se) / 418 + by_sp**2 * sp * (1 - sp) / 375)
    value = getattr(predictive_values_at(0.03, SE, SP), measure)
    assert value.ci_low == pytest.approx(expit(at(se, sp) - width), rel=1e-6)
    assert value.ci_high == pytest.approx(expit(at(se, sp) + width), rel=1e-6)


def test_at_their_own_prevalence_the_values_of_the_cases():
    rng = np.random.default_rng(0)
    y, groups = np.repeat(np.arange(40) % 3 == 0, 3).astype(int), np.repeat(np.arange(40), 3)
    point = operating_point(y, y + rng.normal(size=120), 0.5, groups)
    result = predictive_values_at(y.mean(), point.sensitivity, point.specificity)
    assert result.ppv.estimate == pytest.approx(point.ppv.estimate)
    assert result.npv.estimate == pytest.approx(point.npv.estimate)
    assert result.ppv.method == "logit, clustered by patient"
    assert (result.groups_pos, result.groups_neg) == (14, 26)


def test_swapping_the_classes_swaps_the_values():
    one, two = predictive_values_at(0.2, SE, SP), predictive_values_at(0.8, SP, SE)
    for a, b in ((one.ppv, two.npv), (one.npv, two.ppv)):
        assert (a.estimate, a.ci_low, a.ci_high) == pytest.approx((b.estimate, b.ci_low, b.ci_high))


def test_a_test_that_knows_nothing_leaves_the_prevalence():
    result = predictive_values_at(0.13, proportion(30, 100), proportion(70, 100))
    assert (result.ppv.estimate, 1 - result.npv.estimate) == pytest.approx((0.13, 0.13))


def test_fewer_effective_cases_widen_the_interval():
    half = [replace(share, n_effective=share.n / 4) for share in (SE, SP)]
    plain, wide = predictive_values_at(0.1, SE, SP).ppv, predictive_values_at(0.1, *half).ppv
    widths = [logit(value.ci_high) - logit(value.ci_low) for value in (plain, wide)]
    assert widths[1] == pytest.approx(2 * widths[0])


def test_extremes():
    perfect = predictive_values_at(0.2, proportion(20, 20), proportion(30, 30))
    assert (perfect.ppv.estimate, perfect.ppv.ci_high, perfect.npv.estimate) == (1, 1, 1)
    assert 0 < perfect.ppv.ci_low < 1
    assert perfect.ppv.method == "adjusted logit"
    # By hand: z^2 = 3.8415, se ~ 21.9207 / 23.8415, 1 - sp ~ 1.9207 / 33.8415.
    odds = 21.9207 / 23.8415 * 0.2 / (1.9207 / 33.8415 * 0.8)
    spread = 1.9207 / 21.9207 / 23.8415 + 31.9207 / 1.9207 / 33.8415
    assert perfect.ppv.ci_low == pytest.approx(expit(np.log(odds) - 1.959964 * np.sqrt(spread)), abs=1e-5)
    nobody = predictive_values_at(0.2, proportion(0, 20), proportion(30, 30))
    assert nobody.ppv.reason == "no case is called positive"
    assert nobody.npv.estimate == pytest.approx(0.8)
    everyone = predictive_values_at(0.2, proportion(20, 20), proportion(0, 30))
    assert everyone.npv.reason == "no case is called negative"
    assert everyone.ppv.estimate == pytest.approx(0.2)


def test_coverage():
    rng = np.random.default_rng(1)
    truth = 0.8 * 0.1 / (0.8 * 0.1 + 0.3 * 0.9)
    held = 0
    for hits, rejected in zip(rng.binomial(60, 0.8, 600), rng.binomial(80, 0.7, 600), strict=True):
        value = predictive_values_at(0.1, proportion(hits, 60), proportion(rejected, 80)).ppv
        held += value.ci_low <= truth <= value.ci_high
    assert 0.925 <= held / 600 <= 0.975


def test_what_is_not_estimated_says_why():
    result = predictive_values_at(0.2, proportion(0, 0), SP)
    assert np.isnan(result.ppv.estimate)
    assert result.npv.reason == "sensitivity: no cases"
    assert list(result.frame()["measure"]) == ["ppv", "npv"]
    assert result.frame()["estimate"].isna().all()


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, 20, np.nan])
def test_prevalence_is_a_share(prevalence):
    with pytest.raises(ValueError, match="above 0 and below 1"):
        predictive_values_at(prevalence, SE, SP)
