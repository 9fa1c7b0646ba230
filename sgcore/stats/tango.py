"""Score interval for the difference of two proportions on the same cases."""

from __future__ import annotations

from math import sqrt

import scipy


def tango_interval(only_a: float, only_b: float, n: float, level: float) -> tuple[float, float]:
    """All differences of two paired proportions that the score test does not reject.

    The estimate is (only_a - only_b) / n; the counts need not be whole. At a difference of 0 the test
    is McNemar's chi-square without continuity correction.

    References
    ----------
    Tango T. Stat Med 1998;17:891.
    """
    z = float(scipy.stats.norm.isf((1 - level) / 2))
    return -_tango_upper(only_b, only_a, n, z), _tango_upper(only_a, only_b, n, z)


def _tango_upper(b: float, c: float, n: float, z: float) -> float:
    estimate = (b - c) / n
    if estimate >= 1 - 1e-12:
        return 1.0

    def excess(delta: float) -> float:
        # The share of "only b" of the largest likelihood when the difference is delta.
        linear = (2 * n - b + c) * delta - b - c
        root = sqrt(max(0.0, linear**2 + 8 * n * c * delta * (1 - delta)))
        share = max(0.0, root - linear) / (4 * n)
        return (b - c - n * delta) ** 2 - z**2 * n * (2 * share + delta * (1 - delta))

    # The estimate can itself be a root (no discordant case, all alike); a step up the excess is negative.
    start = estimate + 1e-12
    return (
        float(scipy.optimize.brentq(excess, start, 1.0, xtol=1e-12))
        if excess(start) < 0 < excess(1.0)
        else 1.0
    )
