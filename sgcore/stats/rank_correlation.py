"""Spearman's rank correlation of many features with one variable, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sgcore.stats._arrays import Floats, Ints, as_floats, check_level

#: Fewest cases with both values for which a correlation and its interval are given.
_LEAST = 4


@dataclass(frozen=True)
class RankCorrelation:
    """Spearman's rho of d features with a variable, all (d,).

    ``n`` counts the cases that have both values. NaN with a reason in ``reason`` where rho is undefined; at exactly
    -1 or 1 it is given without an interval.
    """

    rho: Floats
    ci_low: Floats
    ci_high: Floats
    n: Ints
    reason: NDArray[np.str_]
    level: float
    method: str = "Spearman, interval of Bonett and Wright"


def rank_correlation(X: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> RankCorrelation:
    """Correlate the ranks of each column of ``X`` with those of ``y``.

    Cases that lack one of the two values count for neither. The interval takes cases as independent: give one a
    patient.

    Parameters
    ----------
    X : (n, d) features. y : (n,) the variable. NaN is a missing value.

    Raises
    ------
    ValueError : shapes that do not fit, a bad level.

    References
    ----------
    Bonett DG, Wright TA. Psychometrika 2000;65:23: Fisher's z with variance (1 + rho^2 / 2) / (n - 3).
    """
    check_level(level)
    x, other = as_floats(X, "X", ndim=2), as_floats(y, "y")
    if len(x) != len(other):
        raise ValueError(f"X has {len(x)} rows where y has {len(other)} values.")
    present = ~np.isnan(x) & ~np.isnan(other)[:, None]
    n = present.sum(axis=0)
    rho = np.full(x.shape[1], np.nan)
    reason = np.full(x.shape[1], "", dtype=object)
    # Columns that lack the same cases are ranked together.
    for rows in np.unique(present[:, n >= _LEAST], axis=1).T:
        same = (present == rows[:, None]).all(axis=0)
        rho[same] = _of_ranks(x[rows][:, same], other[rows])
    reason[np.isnan(rho)] = "one value in all cases: it has no ranks"
    few = n < _LEAST
    reason[few] = [f"{count} case(s) have both values, at least {_LEAST} are needed" for count in n[few]]
    low, high = _limits(rho, n, level)
    return RankCorrelation(rho, low, high, n, reason.astype(str), level)


def _of_ranks(x: Floats, y: Floats) -> Floats:
    """Correlation of the ranks of each column (n, d) with those of ``y`` (n,); NaN where all ranks are equal."""
    ranks, others = (pd.DataFrame(values).rank().to_numpy() for values in (x, y))
    ranks, others = ranks - ranks.mean(axis=0), others - others.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0) * (others**2).sum(axis=0))
    products = (ranks * others).sum(axis=0)
    found = np.divide(products, length, out=np.full(len(length), np.nan), where=length > 0)
    # Rounding may leave 1 + 1e-16.
    return np.clip(np.round(found, 12), -1.0, 1.0)


def _limits(rho: Floats, n: Ints, level: float) -> tuple[Floats, Floats]:
    inside = np.where(np.abs(rho) < 1, rho, np.nan)
    se = np.sqrt((1 + inside**2 / 2) / np.maximum(n - 3, 1))
    width = NormalDist().inv_cdf((1 + level) / 2) * se
    return np.tanh(np.arctanh(inside) - width), np.tanh(np.arctanh(inside) + width)
