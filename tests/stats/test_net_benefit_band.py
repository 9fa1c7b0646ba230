"""The band of a net benefit: MOVER by hand, at the bounds, by patient, and why there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from sgcore.stats.net_benefit import decision_curve
from tests.stats.test_net_benefit import THRESHOLDS, clustered


def wilson(hits: int, n: float) -> tuple[float, float]:
    z, share = 1.959963984540054, hits / n
    middle, half = share + z**2 / (2 * n), z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return (middle - half) / (1 + z**2 / n), (middle + half) / (1 + z**2 / n)


def test_band_is_mover_of_wilson_limits_by_hand():
    # At 0.5: 15 of 20 positive and 6 of 30 negative patients are treated.
    y = np.r_[np.ones(20), np.zeros(30)]
    p = np.r_[np.full(15, 0.8), np.full(5, 0.3), np.full(6, 0.6), np.full(24, 0.2)]
    pi, t = 0.1, 0.5
    result = decision_curve(y, p, thresholds=[t], prevalence=pi, train_prevalence=pi)
    (se_low, se_high), (fpr_low, fpr_high) = wilson(15, 20), wilson(6, 30)
    b = (1 - pi) * t / (1 - t)
    value = pi * 0.75 - b * 0.2
    assert result.net_benefit[0] == pytest.approx(value, abs=1e-14)
    below = np.sqrt((pi * (0.75 - se_low)) ** 2 + (b * (fpr_high - 0.2)) ** 2)
    above = np.sqrt((pi * (se_high - 0.75)) ** 2 + (b * (0.2 - fpr_low)) ** 2)
    assert (result.low[0], result.high[0]) == (pytest.approx(value - below), pytest.approx(value + above))
    assert result.method == "net benefit, MOVER band of Wilson limits"


def test_a_band_does_not_collapse_where_all_positives_are_treated():
    # 12 of 12 positive patients are treated and 1 of 28 negative ones is not: by its own cases the model beats
    # acting on all by one negative. Resamples would never lose a positive, and call that certain.
    y = np.r_[np.ones(12), np.zeros(28)]
    p = np.r_[np.full(12, 0.9), np.full(27, 0.6), 0.01]
    result = decision_curve(y, p, thresholds=[0.05])
    assert result.net_benefit[0] > result.treat_all[0]
    assert result.low[0] < result.treat_all[0] - 0.05
    assert result.high[0] > result.net_benefit[0]


def test_bands_hold_the_truth_where_nearly_all_are_treated():
    # Binormal probabilities, right for a prevalence of 0.3: at 5% nearly every positive case is treated.
    rng, t, pi, shift = np.random.default_rng(0), 0.1, 0.3, 1.8
    cut = (logit(t) - logit(pi)) / shift + shift / 2
    truth = pi * norm.sf(cut - shift) - (1 - pi) * t / (1 - t) * norm.sf(cut)
    y, held = np.r_[np.ones(12), np.zeros(28)], 0
    for _ in range(400):
        p = expit(logit(pi) + shift * (rng.normal(size=40) + shift * y) - shift**2 / 2)
        curve = decision_curve(y, p, thresholds=[t], prevalence=pi, train_prevalence=pi)
        held += curve.low[0] <= truth <= curve.high[0]
    # The percentile bootstrap held it in 71 of 100.
    assert 0.92 <= held / 400 <= 0.98


def test_patients_make_the_band_wider_than_images_do():
    y, p, groups = clustered(4)
    by_patient = decision_curve(y, p, groups, thresholds=[0.5])
    by_image = decision_curve(y, p, thresholds=[0.5])
    assert by_patient.net_benefit == by_image.net_benefit
    assert by_patient.high - by_patient.low > 1.2 * (by_image.high - by_image.low)
    singletons = decision_curve(y, p, np.arange(y.size), thresholds=[0.5])
    assert (singletons.low, singletons.high) == (by_image.low, by_image.high)


def test_bands_are_nested():
    y, p, groups = clustered(5)
    inner, outer = (decision_curve(y, p, groups, thresholds=THRESHOLDS, level=level) for level in (0.9, 0.99))
    assert (outer.low <= inner.low).all()
    assert (outer.high >= inner.high).all()
    assert outer.method.endswith("clustered by patient")


def test_patients_with_both_classes_count_in_each():
    y, p = np.tile([1, 0], 6), np.linspace(0.1, 0.9, 12)
    result = decision_curve(y, p, np.repeat(np.arange(6), 2), thresholds=[0.5])
    assert (result.groups_pos, result.groups_neg, result.n_groups) == (6, 6, 6)
    assert result.low[0] < result.net_benefit[0] < result.high[0]


@pytest.mark.parametrize(
    ("positive", "p", "reason"),
    [
        (1, np.linspace(0, 0.9, 20), "fewer than 5 patients in a class (1 positive, 19 negative): no band"),
        (4, np.linspace(0, 0.9, 20), "fewer than 5 patients in a class (4 positive, 16 negative): no band"),
        (10, np.full(20, 0.455), "all 20 probabilities are equal (0.455): no band"),
        (10, np.arange(20) % 2, "all 20 probabilities are 0 or 1, which are calls and no risks: no band"),
    ],
)
def test_a_curve_without_a_band_says_why(positive, p, reason):
    result = decision_curve(np.arange(20) < positive, p, thresholds=[0.2, 0.5])
    assert result.reason == reason
    assert np.isfinite(result.net_benefit).all()
    assert np.isnan([*result.low, *result.high]).all()


def test_five_patients_a_class_have_a_band():
    y = np.repeat([0, 1], 5)
    assert decision_curve(y, np.linspace(0.1, 0.9, 10), thresholds=[0.5]).reason == ""
    # Ten images of four patients a class are not.
    images = decision_curve(
        np.repeat(y[1:-1], 3), np.linspace(0.1, 0.9, 24), np.repeat(np.arange(8), 3), thresholds=[0.5]
    )
    assert images.reason == "fewer than 5 patients in a class (4 positive, 4 negative): no band"
