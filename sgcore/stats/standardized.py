"""Standardized differences: how far two groups are apart, whatever their size."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_floats, check_level


@dataclass(frozen=True)
class StandardizedDifference:
    """A difference in units of the spread within groups, with its interval; NaN beside a ``reason``."""

    estimate: float
    ci_low: float
    ci_high: float
    reason: str = ""


def standardized_means(a: ArrayLike, b: ArrayLike, level: float = 0.95) -> StandardizedDifference:
    """Mean of ``b`` minus mean of ``a`` over sqrt((var a + var b) / 2) (Yang & Dalton 2012)."""
    x, y = as_floats(a, "a"), as_floats(b, "b")
    if min(x.size, y.size) < 2:
        return _undefined("fewer than 2 values in a group")
    if not np.isfinite(np.concatenate([x, y])).all():
        return _undefined("missing or infinite values")
    spread = sqrt((x.var(ddof=1) + y.var(ddof=1)) / 2)
    if spread == 0:
        return _undefined("no spread within the groups")
    return _with_interval(float(y.mean() - x.mean()) / spread, x.size, y.size, level)


def standardized_shares(counts: ArrayLike, level: float = 0.95) -> StandardizedDifference:
    """Distance of two multinomials, 0 or more, from ``counts`` (levels, 2 groups).

    sqrt((p1 - p0)' S^-1 (p1 - p0)) over all levels but the first, S the mean of both groups'
    multinomial covariances.

    References
    ----------
    Yang D, Dalton JE. A unified approach to measuring the effect size between two groups using SAS.
    SAS Global Forum 2012, paper 335.
    """
    table = as_floats(counts, "counts", ndim=2)
    table = table[table.sum(axis=1) > 0]
    sizes = table.sum(axis=0)
    if sizes.min() == 0 or len(table) < 2:
        return _undefined("an empty group or a single level")
    shares = (table / sizes)[1:]
    covariance: Floats = np.mean([np.diag(p) - np.outer(p, p) for p in shares.T], axis=0)
    if np.linalg.matrix_rank(covariance) < len(covariance):
        return _undefined("a level separates the groups")
    gap = shares[:, 1] - shares[:, 0]
    distance = sqrt(float(gap @ np.linalg.solve(covariance, gap)))
    result = _with_interval(distance, int(sizes[0]), int(sizes[1]), level)
    return StandardizedDifference(distance, max(0.0, result.ci_low), result.ci_high)


def _with_interval(d: float, n_a: int, n_b: int, level: float) -> StandardizedDifference:
    check_level(level)
    width = float(scipy.stats.norm.isf((1 - level) / 2)) * sqrt(
        (n_a + n_b) / (n_a * n_b) + d**2 / (2 * (n_a + n_b))
    )
    return StandardizedDifference(d, d - width, d + width)


def _undefined(reason: str) -> StandardizedDifference:
    return StandardizedDifference(NAN, NAN, NAN, reason)
