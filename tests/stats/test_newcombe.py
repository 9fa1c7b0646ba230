"""Newcombe's method 5: its defining equation, symmetry, limits, and coverage with few patients."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sgcore.stats import auc, newcombe_interval


def hanley_mcneil(theta: float, m: int, n: int) -> float:
    """The variance as Hanley and McNeil wrote it, with N = (m + n) / 2 in the numerator."""
    half = (m + n) / 2
    q1, q2 = theta / (2 - theta), 2 * theta**2 / (1 + theta)
    return (theta * (1 - theta) + (half - 1) * (q1 - theta**2 + q2 - theta**2)) / (m * n)


@pytest.mark.parametrize(("value", "m", "n"), [(0.8, 12, 30), (0.55, 4, 4), (0.97, 51, 58), (0.05, 3, 90)])
def test_limits_solve_the_equation(value, m, n):
    for limit in newcombe_interval(value, m, n):
        assert abs(value - limit) == pytest.approx(
            1.959963985 * np.sqrt(hanley_mcneil(limit, m, n)), rel=1e-6
        )


@pytest.mark.parametrize("value", [0.0, 0.2, 0.5, 0.9, 1.0])
def test_symmetric(value):
    low, high = newcombe_interval(value, 7, 11)
    mirrored = newcombe_interval(1 - value, 11, 7)
    assert (low, high) == pytest.approx((1 - mirrored[1], 1 - mirrored[0]), abs=1e-10)
    assert low <= value <= high


def test_perfect_separation_keeps_its_bound_and_an_informative_limit():
    low, high = newcombe_interval(1.0, 41, 72)
    assert high == 1
    assert 0.9 < low < 1
    assert newcombe_interval(0.0, 41, 72) == pytest.approx((0.0, 1 - low), abs=1e-12)
    assert newcombe_interval(1.0, 3, 3)[0] < 0.6


def test_strata_of_equal_weight_are_worth_more_than_one():
    one = newcombe_interval(0.8, 10, 10)
    two = newcombe_interval(0.8, [10, 10], [10, 10], weights=[0.5, 0.5])
    assert newcombe_interval(0.8, [10], [10], weights=[1.0]) == pytest.approx(one)
    assert two[1] - two[0] == pytest.approx((one[1] - one[0]) / np.sqrt(2), rel=0.1)


@pytest.mark.parametrize(
    ("value", "m", "n", "level"), [(1.2, 3, 3, 0.95), (0.5, 0, 3, 0.95), (0.5, 3, 3, 1.0)]
)
def test_refuses(value, m, n, level):
    with pytest.raises(ValueError):
        newcombe_interval(value, m, n, level=level)


@pytest.mark.parametrize("truth", [0.7, 0.9, 0.98])
def test_coverage_with_four_positive_patients(truth):
    rng = np.random.default_rng(11)
    shift, y = np.sqrt(2) * norm.ppf(truth), np.array([1] * 4 + [0] * 20)
    covered = [
        result.ci_low <= truth <= result.ci_high
        for result in (auc(y, rng.normal(size=24) + shift * y) for _ in range(600))
    ]
    # 600 replicates: standard error below 1.3 points.
    assert 0.92 <= np.mean(covered) <= 1.0
