"""Wald intervals read backwards: the p of a value, and half the width at another level."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Floats, check_level


def wald_p(
    estimate: ArrayLike,
    half: ArrayLike,
    value: ArrayLike,
    *,
    df: ArrayLike = np.inf,
    level: float = 0.95,
) -> Floats:
    """Two-sided p (n,) of ``value`` from estimates and half the widths of their Wald intervals.

    Parameters
    ----------
    half : (n,) half widths at ``level``. df : of Student's t behind them; infinite: normal. All broadcast.

    Returns
    -------
    NaN where there is no interval; 0 where it has no width and lies elsewhere.
    """
    se = np.asarray(half, float) / _quantile(df, level)
    distance = np.abs(np.asarray(estimate, float) - np.asarray(value, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = 2 * scipy.stats.t.sf(distance / se, df)
    return found


def wald_half(half: ArrayLike, to: float, *, df: ArrayLike = np.inf, level: float = 0.95) -> Floats:
    """Half widths (n,) of the same intervals at the level ``to``; NaN where there is none."""
    found: Floats = np.asarray(half, float) * _quantile(df, to) / _quantile(df, level)
    return found


def _quantile(df: ArrayLike, level: float) -> Floats:
    check_level(level)
    found: Floats = scipy.stats.t.isf((1 - level) / 2, np.asarray(df, float))
    return found
