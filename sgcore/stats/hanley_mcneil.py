"""The interval of an AUC of which only the value and the class counts are known."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

import scipy

from sgcore.stats._arrays import NAN, check_level
from sgcore.stats.newcombe import newcombe_interval

METHOD = "Hanley and McNeil's standard error, interval on the logit scale"


@dataclass(frozen=True)
class CountedAuc:
    """Standard error and interval of an AUC from its class counts; NaN beside a ``reason``."""

    auc: float
    se: float
    ci_low: float
    ci_high: float
    n_pos: int
    n_neg: int
    design_effect: float
    method: str
    reason: str
    level: float


def hanley_mcneil_se(auc: float, n_pos: int, n_neg: int) -> float:
    """sqrt((A (1 - A) + (m - 1) (Q1 - A^2) + (n - 1) (Q2 - A^2)) / (m n)), Q1 = A / (2 - A), Q2 = 2 A^2 / (1 + A).

    References
    ----------
    Hanley JA, McNeil BJ. Radiology 1982;143:29.
    """
    square = auc**2
    one = (n_pos - 1) * (auc / (2 - auc) - square)
    two = (n_neg - 1) * (2 * square / (1 + auc) - square)
    return sqrt((auc * (1 - auc) + one + two) / (n_pos * n_neg))


def auc_from_counts(
    auc: float, n_pos: int, n_neg: int, *, design_effect: float = 1.0, level: float = 0.95
) -> CountedAuc:
    """Interval of an AUC that ``n_pos`` and ``n_neg`` independent cases would give.

    Parameters
    ----------
    auc : the AUC as reported, 0 to 1. n_pos, n_neg : cases of each class.
    design_effect : factor on the variance for cases that are not independent, such as images of one patient.

    Returns
    -------
    CountedAuc. logit A +- z SE / (A (1 - A)). At 0 and 1, where the formula has no variance, Newcombe's method 5
    without a standard error. A class without cases gives NaN with the reason.

    Raises
    ------
    ValueError : an AUC outside [0, 1], negative counts, a design effect not above 0, a bad level.

    References
    ----------
    Hanley JA, McNeil BJ. Radiology 1982;143:29. Newcombe RG. Stat Med 2006;25:559-573.
    """
    check_level(level)
    if not 0 <= auc <= 1:
        raise ValueError(f"auc is {auc}; it must lie between 0 and 1.")
    if min(n_pos, n_neg) < 0 or not design_effect > 0:
        raise ValueError(
            f"{n_pos} positive, {n_neg} negative cases and a design effect of {design_effect}: counts are not "
            "below 0, the design effect is above 0."
        )
    if not (n_pos and n_neg):
        reason = f"a class is missing ({n_pos} positive, {n_neg} negative cases)"
        return CountedAuc(auc, NAN, NAN, NAN, n_pos, n_neg, design_effect, METHOD, reason, level)
    if auc in (0, 1):
        low, high = newcombe_interval(auc, n_pos, n_neg, level=level)
        method = "Newcombe's method 5, cases as independent"
        return CountedAuc(auc, NAN, low, high, n_pos, n_neg, design_effect, method, "", level)
    se = hanley_mcneil_se(auc, n_pos, n_neg) * sqrt(design_effect)
    center, half = log(auc / (1 - auc)), float(scipy.stats.norm.isf((1 - level) / 2)) * se / (auc * (1 - auc))
    low, high = (1 / (1 + exp(-limit)) for limit in (center - half, center + half))
    return CountedAuc(auc, se, low, high, n_pos, n_neg, design_effect, METHOD, "", level)
