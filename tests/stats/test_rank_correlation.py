"""Spearman against SciPy, its interval by hand, and what has no correlation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from sgcore.stats import rank_correlation


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_scipy_with_ties_and_missing_values(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(30, 4))
    x[:, 1] = np.round(x[:, 1])
    x[rng.integers(30, size=5), 2] = np.nan
    y = x[:, 0] + rng.normal(size=30)
    y[3] = np.nan
    found = rank_correlation(x, y)
    for column in range(4):
        both = ~np.isnan(x[:, column]) & ~np.isnan(y)
        assert found.n[column] == both.sum()
        assert found.rho[column] == pytest.approx(spearmanr(x[both, column], y[both]).statistic, abs=1e-11)


def test_the_interval_by_hand() -> None:
    """Squared differences of 60 in nine ranks: rho is 0.5, z 0.549306 and its variance (1 + 0.125) / 6."""
    found = rank_correlation(np.arange(9.0)[:, None], [5, 2, 1, 3, 4, 0, 8, 7, 6])
    assert found.rho[0] == pytest.approx(0.5, abs=1e-12)
    # The hyperbolic tangents of 0.549306 -+ 1.959964 x 0.433013.
    assert found.ci_low[0] == pytest.approx(-0.290748, abs=1e-6)
    assert found.ci_high[0] == pytest.approx(0.884918, abs=1e-6)


def test_order_alone_counts() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(20, 1)), rng.normal(size=20)
    found = rank_correlation(x, y)
    assert rank_correlation(np.exp(3 * x), y).rho == pytest.approx(found.rho)
    turned = rank_correlation(-x, y)
    assert (turned.rho, turned.ci_low) == (pytest.approx(-found.rho), pytest.approx(-found.ci_high))


def test_what_has_no_correlation_says_why() -> None:
    y = np.arange(6.0)
    x = np.column_stack([np.full(6, 2.0), y, np.where(y < 3, y, np.nan)])
    found = rank_correlation(x, y)
    assert found.rho[1] == 1.0
    assert np.isnan([found.rho[0], found.rho[2], found.ci_low[1], found.ci_high[1]]).all()
    assert found.reason.tolist() == [
        "one value in all cases: it has no ranks",
        "",
        "3 case(s) have both values, at least 4 are needed",
    ]
    assert rank_correlation(x[:, 2:], y).reason[0].startswith("3 case(s)")


def test_shapes_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="X has 3 rows where y has 2 values"):
        rank_correlation(np.zeros((3, 1)), np.zeros(2))
    with pytest.raises(ValueError, match="level is 95"):
        rank_correlation(np.zeros((3, 1)), np.zeros(3), level=95)
