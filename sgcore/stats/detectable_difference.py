"""Which difference between two AUCs on the same cases a test could have found, and which p fits their counts."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import scipy

from sgcore.stats._arrays import NAN, check_level
from sgcore.stats.hanley_mcneil import hanley_mcneil_se


@dataclass(frozen=True)
class DetectableDifference:
    """Smallest difference that the test finds with ``power``; NaN beside a ``reason``.

    ``se`` is the standard error of the difference there, ``correlation`` that of the two AUC estimates.
    """

    difference: float
    se: float
    auc: float
    correlation: float
    n_pos: int
    n_neg: int
    power: float
    level: float
    reason: str


def difference_se(auc_a: float, auc_b: float, n_pos: int, n_neg: int, correlation: float) -> float:
    """sqrt(SE_a^2 + SE_b^2 - 2 r SE_a SE_b), with Hanley and McNeil's standard errors.

    References
    ----------
    Hanley JA, McNeil BJ. Radiology 1983;148:839 (areas from the same cases).
    """
    one, two = (hanley_mcneil_se(auc, n_pos, n_neg) for auc in (auc_a, auc_b))
    return sqrt(max(0.0, one**2 + two**2 - 2 * correlation * one * two))


def detectable_difference(
    auc: float, n_pos: int, n_neg: int, *, correlation: float, power: float = 0.8, level: float = 0.95
) -> DetectableDifference:
    """How far a second AUC must lie below ``auc`` for a paired two-sided test to find it with ``power``.

    The difference d solves d = (z_level + z_power) SE(auc, auc - d): DeLong's test, whose variance is that of
    Hanley and McNeil as far as the class counts alone can tell.

    Parameters
    ----------
    auc : the better of the two, 0 to 1 (exclusive). n_pos, n_neg : independent cases.
    correlation : of the two AUC estimates, 0 to below 1; it comes from the shared cases.

    Raises
    ------
    ValueError : a value outside its range, a class without cases, a bad level or power.
    """
    check_level(level)
    check_level(power)
    if not 0 < auc < 1 or not 0 <= correlation < 1 or min(n_pos, n_neg) < 1:
        raise ValueError(
            f"auc {auc}, correlation {correlation}, {n_pos} positive and {n_neg} negative cases: the AUC lies "
            "between 0 and 1, the correlation from 0 to below 1, and both classes have cases."
        )
    quantile = float(scipy.stats.norm.isf((1 - level) / 2) + scipy.stats.norm.isf(1 - power))

    def excess(d: float) -> float:
        return d - quantile * difference_se(auc, auc - d, n_pos, n_neg, correlation)

    if excess(auc) < 0:
        reason = (
            f"no AUC from 0 to {auc:g} is far enough away with {n_pos} positive and {n_neg} negative cases"
        )
        return DetectableDifference(NAN, NAN, auc, correlation, n_pos, n_neg, power, level, reason)
    found = float(scipy.optimize.brentq(excess, 0.0, auc))
    se = difference_se(auc, auc - found, n_pos, n_neg, correlation)
    return DetectableDifference(found, se, auc, correlation, n_pos, n_neg, power, level, "")


def difference_p(auc_a: float, auc_b: float, n_pos: int, n_neg: int, correlation: float) -> float:
    """Two-sided p of the difference at an assumed correlation; NaN where the standard error is 0."""
    se = difference_se(auc_a, auc_b, n_pos, n_neg, correlation)
    return NAN if se == 0 else float(2 * scipy.stats.norm.sf(abs(auc_a - auc_b) / se))


def correlation_for_p(auc_a: float, auc_b: float, n_pos: int, n_neg: int, p: float) -> float:
    """The correlation of the two AUC estimates at which their difference has this p; it may lie outside [-1, 1].

    Above 1 no correlation gives so small a p, below -1 none gives so large a one. NaN where an AUC has no variance.
    """
    one, two = (hanley_mcneil_se(auc, n_pos, n_neg) for auc in (auc_a, auc_b))
    if not one * two:
        return NAN
    wanted = (auc_a - auc_b) / float(scipy.stats.norm.isf(p / 2))
    return (one**2 + two**2 - wanted**2) / (2 * one * two)
