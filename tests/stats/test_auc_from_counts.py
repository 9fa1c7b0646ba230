"""AUCs of which only class counts are known: intervals, detectable differences, bounds through a point."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from scipy.special import expit

from sgcore.stats import (
    auc_from_counts,
    correlation_for_p,
    detectable_difference,
    difference_p,
    hanley_mcneil_se,
    roc_bounds,
)


def test_the_expected_figures_of_the_reference_study() -> None:
    images, patients = auc_from_counts(0.807, 27, 28), auc_from_counts(0.807, 14, 15)
    assert f"{images.se:.3f} {images.ci_low:.3f} {images.ci_high:.3f}" == "0.060 0.664 0.899"
    assert f"{patients.se:.3f} {patients.ci_low:.3f} {patients.ci_high:.3f}" == "0.083 0.594 0.923"


def test_the_interval_is_symmetric_in_logits_and_grows_with_the_design_effect() -> None:
    one, four = auc_from_counts(0.8, 30, 40), auc_from_counts(0.8, 30, 40, design_effect=4)
    assert four.se == pytest.approx(2 * one.se)
    middle = log(one.ci_low / (1 - one.ci_low)) + log(one.ci_high / (1 - one.ci_high))
    assert expit(middle / 2) == pytest.approx(0.8)
    mirrored = auc_from_counts(0.2, 40, 30)
    assert (mirrored.ci_low, mirrored.ci_high) == pytest.approx((1 - one.ci_high, 1 - one.ci_low))


def test_ends_and_missing_classes() -> None:
    perfect = auc_from_counts(1.0, 10, 10)
    assert perfect.ci_high == 1
    assert 0.6 < perfect.ci_low < 1
    assert np.isnan(perfect.se)
    assert "a class is missing (0 positive" in auc_from_counts(0.8, 0, 5).reason
    with pytest.raises(ValueError, match=r"auc is 1\.2"):
        auc_from_counts(1.2, 3, 3)
    with pytest.raises(ValueError, match="design effect of 0"):
        auc_from_counts(0.8, 3, 3, design_effect=0)


def test_the_standard_error_is_that_of_simulated_exponential_scores() -> None:
    # Q1 and Q2 belong to exponential scores: for them the formula is exact.
    rng, auc, m, n = np.random.default_rng(1), 0.75, 12, 17
    positive = rng.exponential(auc / (1 - auc), size=(20_000, m, 1))
    negative = rng.exponential(1.0, size=(20_000, 1, n))
    simulated = (positive > negative).mean(axis=(1, 2)).std()
    assert hanley_mcneil_se(auc, m, n) == pytest.approx(simulated, rel=0.03)


def test_the_detectable_difference_has_its_power() -> None:
    found = detectable_difference(0.85, 60, 70, correlation=0.5)
    assert found.difference / found.se == pytest.approx(1.959964 + 0.841621, rel=1e-5)
    assert found.difference < detectable_difference(0.85, 20, 20, correlation=0.5).difference
    assert found.difference > detectable_difference(0.85, 60, 70, correlation=0.8).difference
    none = detectable_difference(0.6, 3, 3, correlation=0.0)
    assert np.isnan(none.difference)
    assert "3 positive" in none.reason
    with pytest.raises(ValueError, match=r"correlation 1\.0"):
        detectable_difference(0.8, 5, 5, correlation=1.0)


def test_p_and_its_correlation_are_each_others_inverse() -> None:
    p = difference_p(0.807, 0.636, 27, 28, 0.4)
    assert correlation_for_p(0.807, 0.636, 27, 28, p) == pytest.approx(0.4)
    assert difference_p(0.636, 0.807, 27, 28, 0.4) == pytest.approx(p)
    assert np.isnan(difference_p(0.8, 0.8, 9, 9, 1.0))
    assert np.isnan(correlation_for_p(1.0, 0.8, 9, 9, 0.05))


@pytest.mark.parametrize(("se", "sp"), [(0.8, 0.7), (0.55, 0.9), (0.95, 0.3), (1.0, 0.4), (0.6, 1.0)])
def test_curves_through_the_point_stay_within_its_bounds(se: float, sp: float) -> None:
    bounds = roc_bounds(se, sp)
    assert bounds.low <= bounds.concave_low <= bounds.concave_high <= bounds.high
    x, grid, rng = 1 - sp, np.linspace(0, 1, 2001), np.random.default_rng(0)
    areas = []
    for slope in np.geomspace(1e-3, 1e3, 400):
        # The concave curve that follows a line through the point wherever it may.
        line = np.clip(se + slope * (grid - x), 0, 1)
        if line[0] >= 0 and se - slope * x >= 0 and se + slope * (1 - x) >= 1:
            areas.append(np.trapezoid(line, grid))
    # Within the step of the grid and of the slopes.
    assert max(areas, default=1) <= bounds.concave_high + 1e-3
    if areas:
        assert max(areas) == pytest.approx(bounds.concave_high, abs=3e-3)
    for _ in range(50):
        left = np.sort(rng.uniform(0, se, size=round(2000 * x) + 1))
        right = np.sort(rng.uniform(se, 1, size=2000 - round(2000 * x)))
        area = np.trapezoid(np.concatenate([left, right]), grid)
        assert bounds.low - 1e-3 <= area <= bounds.high + 1e-3


def test_bounds_at_chance_and_below_it() -> None:
    assert roc_bounds(0.5, 0.5).concave_low == 0.5
    below = roc_bounds(0.3, 0.4)
    assert below.concave_low is None
    assert below.low == pytest.approx(0.12)
    assert below.high == pytest.approx(0.58)
    with pytest.raises(ValueError, match=r"sensitivity 1\.2"):
        roc_bounds(1.2, 0.5)
