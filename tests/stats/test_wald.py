"""Wald intervals read backwards, and the spread of centers that Cochran's Q finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm, t

from sgcore import stats


def test_the_ends_of_an_interval_have_the_p_of_its_level():
    half = np.array([0.2, 1.5, 0.3])
    assert stats.wald_p([0.5, 2.0, -1.0], half, [0.3, 3.5, -0.7]) == pytest.approx([0.05] * 3)
    assert stats.wald_p(0.5, 0.2, 0.7, df=7) == pytest.approx(0.05)
    assert stats.wald_p(0.5, 0.2, 0.7, df=7, level=0.9) == pytest.approx(0.1)
    assert stats.wald_p(1.3, norm.isf(0.025), 0.0) == pytest.approx(2 * norm.sf(1.3))
    assert np.isnan(stats.wald_p(0.5, np.nan, 0.0))


def test_an_interval_at_another_level():
    assert stats.wald_half(norm.isf(0.025), 0.99) == pytest.approx(norm.isf(0.005))
    assert stats.wald_half([2.0], 0.99, df=[5]) == pytest.approx([2 * t.isf(0.005, 5) / t.isf(0.025, 5)])
    with pytest.raises(ValueError, match="confidence level"):
        stats.wald_half(1.0, 1.0)


@pytest.mark.parametrize("k", [3, 4, 7])
def test_centers_that_far_apart_have_that_p(k):
    half, p = 0.4, 0.01
    apart = stats.detectable_spread(half, k, p=p)
    se = half / norm.isf(0.025)
    effects = [0.0, *[apart / 2] * (k - 2), apart]
    found = stats.heterogeneity(effects, [se**2] * k)
    assert found.p == pytest.approx(p)
    moved = [0.0, *[apart / 3] * (k - 2), apart]
    assert stats.heterogeneity(moved, [se**2] * k).p < p


def test_spread_refuses_what_is_none():
    with pytest.raises(ValueError, match="two centers or more"):
        stats.detectable_spread(0.4, 1, p=0.05)
    with pytest.raises(ValueError, match="between 0 and 1"):
        stats.detectable_spread(0.4, 3, p=0.0)
