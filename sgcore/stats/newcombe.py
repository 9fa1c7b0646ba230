"""Newcombe's method 5: an interval for an AUC that holds at 0, at 1 and for a handful of patients."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import check_level


def newcombe_interval(
    auc: float, n_pos: ArrayLike, n_neg: ArrayLike, *, level: float = 0.95, weights: ArrayLike = 1.0
) -> tuple[float, float]:
    """Score-type interval: all theta with |auc - theta| <= z sqrt(V(theta)).

    V(theta) = theta (1 - theta) [1 + (N - 1) (1 - theta) / (2 - theta) + (N - 1) theta / (1 + theta)]
    / (m n), the variance of Hanley and McNeil with both class sizes in its numerator replaced by
    N = (m + n) / 2.

    Parameters
    ----------
    auc : the estimate, 0 to 1.
    n_pos, n_neg : independent positives m and negatives n; arrays with one value a stratum when the
        estimate is a weighted mean over strata.
    weights : the strata's weights, summing to 1; V is then the sum of weight squared times V.

    Raises
    ------
    ValueError : counts below 1, an AUC outside [0, 1], a level outside (0, 1).

    References
    ----------
    Newcombe RG. Confidence intervals for an effect size measure based on the Mann-Whitney statistic.
    Part 2: asymptotic methods and evaluation. Stat Med 2006;25:559-573 (method 5).
    """
    check_level(level)
    m, n, w = np.broadcast_arrays(*(np.asarray(v, dtype=float) for v in (n_pos, n_neg, weights)))
    if not 0 <= auc <= 1:
        raise ValueError(f"auc is {auc}; it must lie between 0 and 1.")
    if (m < 1).any() or (n < 1).any():
        raise ValueError("Newcombe's interval needs at least one positive and one negative.")
    z = scipy.stats.norm.isf((1 - level) / 2)
    half = (m + n) / 2 - 1

    def excess(theta: float, estimate: float) -> float:
        bracket = 1 + half * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        variance = theta * (1 - theta) * float(np.sum(w**2 * bracket / (m * n)))
        return (estimate - theta) ** 2 - z**2 * variance

    def lower(estimate: float) -> float:
        if estimate == 0:
            return 0.0
        # An estimate of 1 is itself a root; one step inwards the excess is negative.
        return float(
            scipy.optimize.brentq(
                lambda theta: excess(theta, estimate), 0.0, np.nextafter(estimate, 0.0), xtol=1e-12
            )
        )

    # V is the same at theta and 1 - theta.
    return lower(auc), 1 - lower(1 - auc)
