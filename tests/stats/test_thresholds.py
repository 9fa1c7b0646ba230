"""Youden's threshold: candidates, ties, and what has none."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

from sgcore.stats import operating_point, youden_threshold


def by_hand(y: np.ndarray, score: np.ndarray) -> float:
    """Every candidate in exact fractions, ordered by the rule."""
    distinct = sorted(set(score))
    candidates = [-np.inf, *((a + b) / 2 for a, b in pairwise(distinct)), np.inf]
    m, n = int(y.sum()), int((1 - y).sum())
    ranked = []
    for t in candidates:
        se = Fraction(int(((score >= t) & (y == 1)).sum()), m)
        sp = Fraction(int(((score < t) & (y == 0)).sum()), n)
        ranked.append((-(se + sp), abs(se - sp), t))
    return min(ranked)[2]


@pytest.mark.parametrize("seed", range(60))
def test_equals_the_rule_written_out(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 25))
    y = np.r_[0, 1, rng.integers(0, 2, n)]
    score = rng.integers(0, 8, n + 2) / 4  # many ties, exact midpoints
    assert youden_threshold(y, score).threshold == by_hand(y, score)


def test_tie_goes_to_balance_then_to_the_lowest():
    # J is 0.5 at 1.5 (se 1, sp 1/2) and at 3.5 (se 1/2, sp 1): equally unbalanced, so the lowest.
    assert youden_threshold([0, 1, 0, 1], [1, 2, 3, 4]).threshold == 1.5


def test_useless_score_takes_an_end():
    result = youden_threshold([1, 0], [1, 2])
    assert result.threshold == -np.inf
    assert result.j == 0


def test_reported_performance_is_that_of_the_operating_point():
    rng = np.random.default_rng(1)
    y = np.arange(70) % 2
    score = rng.normal(size=70) + y
    result = youden_threshold(y, score)
    point = operating_point(y, score, float(result))
    assert point.sensitivity.estimate == pytest.approx(result.sensitivity)
    assert point.specificity.estimate == pytest.approx(result.specificity)
    assert result.j == pytest.approx(result.sensitivity + result.specificity - 1)


def test_neighbors_in_floating_point_are_still_told_apart():
    low = 1.0
    high = np.nextafter(low, 2)
    result = youden_threshold([0, 1], [low, high])
    assert result.j == 1
    assert low < result.threshold <= high


@pytest.mark.parametrize(
    ("y", "score", "words"),
    [
        ([1, 1], [1, 2], "one class only (2 positive, 0 negative)"),
        ([0, 1], [1, np.nan], "the score of 1 of 2 cases is missing"),
        ([0, 1], [1, np.inf], "a score is infinite"),
        ([], [], "one class only (0 positive, 0 negative)"),
    ],
)
def test_reasons(y, score, words):
    result = youden_threshold(y, score)
    assert np.isnan(result.threshold)
    assert result.reason == words
