"""Restricted cubic splines: smooth curves that are straight beyond their outer knots."""

from __future__ import annotations

import numpy as np

from sgcore.stats._arrays import Floats

# Harrell's places of the knots, as quantiles.
KNOT_QUANTILES = {3: (0.1, 0.5, 0.9), 4: (0.05, 0.35, 0.65, 0.95)}


def spline_knots(x: Floats, count: int) -> Floats:
    """Up to ``count`` (3 or 4) distinct knots at quantiles of ``x``; empty where ties leave fewer than 3.

    References
    ----------
    Harrell FE. Regression Modeling Strategies. 2nd ed. Springer 2015.
    """
    for k in range(count, 2, -1):
        knots = np.quantile(x, KNOT_QUANTILES[k])
        if np.diff(knots).min() > 1e-6 * max(1.0, float(np.abs(knots).max())):
            return knots
    return np.zeros(0)


def spline_design(x: Floats, knots: Floats) -> Floats:
    """Intercept, ``x`` and the k - 2 bent columns of the spline with k ``knots``: (n, k).

    References
    ----------
    Harrell FE. Regression Modeling Strategies. 2nd ed. Springer 2015.
    """
    cubes = np.maximum(x[:, None] - knots, 0.0) ** 3
    last, before = knots[-1], knots[-2]
    bent = (
        cubes[:, :-2]
        - cubes[:, [-2]] * (last - knots[:-2]) / (last - before)
        + cubes[:, [-1]] * (before - knots[:-2]) / (last - before)
    )
    return np.column_stack([np.ones_like(x), x, bent / (last - knots[0]) ** 2])
