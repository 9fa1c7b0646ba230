"""Shapiro and Wilk's test of many columns at once."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.polynomial.polynomial import polyval
from numpy.typing import NDArray

from sgcore.stats._arrays import Floats

#: Royston's polynomials in 1 / sqrt(n) for the two largest weights, and in log(n) for mean and log SD of log(1 - W).
_LARGEST = (
    [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056],
    [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633],
)
_MEAN, _LOG_SD = [-1.5861, -0.31082, -0.083751, 0.0038915], [-0.4803, -0.082676, 0.0030302]
#: Below this number of values the normal approximation has other polynomials: SciPy is asked.
_FEWEST = 12
#: Normal scores in SciPy have seven digits: this near to the level SciPy decides.
_NEAR = 1e-5


def looks_normal(values: Floats, alpha: float) -> NDArray[np.bool_]:
    """Columns of ``values`` (n, d) whose Shapiro-Wilk p is at least ``alpha``, as ``scipy.stats.shapiro`` says.

    SciPy goes column by column, which takes most of the time of a permuted test; the decisions are the same. Columns
    are neither constant nor far from one in size, n is 3 to 5000.

    References
    ----------
    Royston P. Remark AS R94. Appl Stat 1995;44:547.
    """
    asked = np.full(values.shape[1], True)
    normal = np.full(values.shape[1], False)
    if len(values) >= _FEWEST:
        p = _p_values(values)
        normal, asked = p >= alpha, ~(np.abs(p - alpha) > _NEAR)
    if asked.any():
        normal[asked] = scipy.stats.shapiro(values[:, asked], axis=0).pvalue >= alpha
    return normal


def _p_values(values: Floats) -> Floats:
    """p of each column (d,), n at least 12."""
    n, half = len(values), len(values) // 2
    ordered = np.sort(values, axis=0)
    scores = scipy.special.ndtri((np.arange(1, half + 1) - 0.375) / (n + 0.25))
    length = 2 * (scores**2).sum()
    first, second = (
        polyval(1 / np.sqrt(n), coefficients) - scores[place] / np.sqrt(length)
        for place, coefficients in enumerate(_LARGEST)
    )
    rest = (length - 2 * scores[0] ** 2 - 2 * scores[1] ** 2) / (1 - 2 * first**2 - 2 * second**2)
    weights = -scores / np.sqrt(rest)
    weights[:2] = first, second
    slope = weights @ (ordered[::-1][:half] - ordered[:half])
    w = slope**2 / ((ordered - ordered.mean(axis=0)) ** 2).sum(axis=0)
    log_n = np.log(n)
    with np.errstate(divide="ignore"):
        z = (np.log(np.maximum(1 - w, 0)) - polyval(log_n, _MEAN)) / np.exp(polyval(log_n, _LOG_SD))
    return scipy.special.ndtr(-z)
