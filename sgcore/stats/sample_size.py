"""How many patients an external validation needs for its AUC and calibration slope, and what it has."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log, sqrt

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import log_expit

from sgcore.stats._arrays import NAN, Floats, as_floats, check_level
from sgcore.stats.newcombe import newcombe_interval

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(100)


@dataclass(frozen=True)
class ExternalSize:
    """Patients needed so that the expected interval is no wider than wanted; NaN beside a ``reason``.

    ``n_auc`` and ``n_slope`` are the numbers for the AUC and for the calibration slope, ``n`` the larger
    one (the AUC's where the slope has a reason of its own), ``n_pos`` and ``n_neg`` its positives and
    negatives at the prevalence.
    """

    n: float
    n_pos: float
    n_neg: float
    n_auc: float
    n_slope: float
    auc: float
    prevalence: float
    auc_width: float
    slope_width: float
    method: str
    reason: str
    slope_reason: str
    level: float


@dataclass(frozen=True)
class ExternalPrecision:
    """What ``n_pos`` and ``n_neg`` patients give at an AUC; NaN beside a ``reason``.

    ``auc_width`` is twice the quantile times ``auc_se``, as in the required size; ``ci_low`` and
    ``ci_high`` are Newcombe's interval, which keeps to [0, 1]. ``slope_width`` likewise, at a slope of 1.
    """

    auc: float
    ci_low: float
    ci_high: float
    auc_se: float
    auc_width: float
    slope_se: float
    slope_width: float
    n_pos: int
    n_neg: int
    method: str
    reason: str
    slope_reason: str
    level: float


def external_size(
    auc: float,
    prevalence: float,
    *,
    auc_width: float = 0.1,
    slope_width: float = 0.2,
    linear_predictor: ArrayLike | None = None,
    level: float = 0.95,
) -> ExternalSize:
    """Patients that an external validation needs for an AUC and a slope of the wanted precision.

    The AUC: the variance of :func:`newcombe_interval` at n patients, set equal to the wanted one, is a
    quadratic in n. The slope: n = I_aa / (SE^2 (I_aa I_bb - I_ab^2)), with the mean Fisher information
    of a logistic model with intercept 0 and slope 1 on the linear predictor.

    Parameters
    ----------
    auc, prevalence : anticipated values in the target population, strictly between 0 and 1.
    auc_width, slope_width : wanted width of the two intervals.
    linear_predictor : (n,) logits that the model gives in the target population; without them, two
        normal distributions with one variance that fit the AUC and the prevalence, calibrated.

    Returns
    -------
    ExternalSize, in independent patients: several images of a patient do not count as several.

    Raises
    ------
    ValueError : values outside their range, a bad level.

    References
    ----------
    Riley RD et al. Stat Med 2021;40:4230.
    """
    check_level(level)
    check_between(auc=auc, prevalence=prevalence)
    if auc_width <= 0 or slope_width <= 0:
        raise ValueError(f"widths of {auc_width} and {slope_width}: an interval's width is above 0.")
    quantile = float(scipy.stats.norm.isf((1 - level) / 2))
    wanted = (auc_width / (2 * quantile)) ** 2 * prevalence * (1 - prevalence) / (auc * (1 - auc))
    g = (1 - auc) / (2 - auc) + auc / (1 + auc)
    # wanted n^2 - (g / 2) n - (1 - g) = 0, and 0 < g < 1.
    n_auc = ceil((g / 2 + sqrt(g**2 / 4 + 4 * wanted * (1 - g))) / (2 * wanted))
    unit, slope_reason = _slope_variance(auc, prevalence, linear_predictor)
    n_slope = NAN if slope_reason else float(ceil(unit * (2 * quantile / slope_width) ** 2))
    n = float(n_auc) if slope_reason else max(float(n_auc), n_slope)
    return ExternalSize(
        n, n * prevalence, n * (1 - prevalence), float(n_auc), n_slope, auc, prevalence, auc_width,
        slope_width, "Newcombe's variance of the AUC, Fisher information of the slope", "", slope_reason, level,
    )  # fmt: skip


def external_precision(
    auc: float,
    n_pos: int,
    n_neg: int,
    *,
    linear_predictor: ArrayLike | None = None,
    level: float = 0.95,
) -> ExternalPrecision:
    """Precision of the AUC and of the calibration slope that ``n_pos`` and ``n_neg`` patients achieve.

    Parameters
    ----------
    auc : anticipated or observed AUC, strictly between 0 and 1. n_pos, n_neg : patients of each class.
    linear_predictor : as in :func:`external_size`; without it, normal at the AUC and n_pos / n.

    Returns
    -------
    ExternalPrecision. A class without patients gives NaN with the reason.

    Raises
    ------
    ValueError : an AUC or level outside (0, 1), negative numbers of patients.

    References
    ----------
    Riley RD et al. Stat Med 2021;40:4230. Newcombe RG. Stat Med 2006;25:559-573.
    """
    check_level(level)
    check_between(auc=auc)
    if n_pos < 0 or n_neg < 0:
        raise ValueError(f"{n_pos} positive and {n_neg} negative patients; numbers are not below 0.")
    method = "Newcombe's variance and method 5 for the AUC, Fisher information of the slope"
    if not (n_pos and n_neg):
        reason = f"a class is missing ({n_pos} positive, {n_neg} negative patients)"
        return ExternalPrecision(
            auc, NAN, NAN, NAN, NAN, NAN, NAN, n_pos, n_neg, method, reason, reason, level
        )
    n, quantile = n_pos + n_neg, float(scipy.stats.norm.isf((1 - level) / 2))
    g = (1 - auc) / (2 - auc) + auc / (1 + auc)
    se = sqrt(auc * (1 - auc) * (1 + (n / 2 - 1) * g) / (n_pos * n_neg))
    low, high = newcombe_interval(auc, n_pos, n_neg, level=level)
    unit, slope_reason = _slope_variance(auc, n_pos / n, linear_predictor)
    slope_se = sqrt(unit / n)
    return ExternalPrecision(
        auc, low, high, se, 2 * quantile * se, slope_se, 2 * quantile * slope_se, n_pos, n_neg, method, "",
        slope_reason, level,
    )  # fmt: skip


def check_between(**values: float) -> None:
    """Raise ValueError unless every value is strictly between 0 and 1."""
    for name, value in values.items():
        if not 0 < value < 1:
            raise ValueError(f"{name} is {value}; it must lie strictly between 0 and 1.")


def binormal_logits(auc: float, prevalence: float) -> tuple[Floats, Floats]:
    """Logits of a calibrated model and their weights (summing to 1): Gauss-Hermite nodes.

    Equal variances s^2 = 2 Phi^-1(AUC)^2 in both classes; the negatives around logit(prevalence) -
    s^2 / 2, the positives s^2 higher, is where the logits are the log odds of the outcome.
    """
    shift = 2 * float(scipy.stats.norm.ppf(auc)) ** 2
    start = log(prevalence / (1 - prevalence)) - shift / 2
    spread = sqrt(shift) * NODES
    share = WEIGHTS / WEIGHTS.sum()
    return (
        np.concatenate([start + spread, start + shift + spread]),
        np.concatenate([(1 - prevalence) * share, prevalence * share]),
    )


def _slope_variance(auc: float, prevalence: float, linear_predictor: ArrayLike | None) -> tuple[float, str]:
    """Variance of the calibration slope in one patient (over n in n), or why there is none."""
    if linear_predictor is None:
        if auc <= 0.5:
            return NAN, f"a model with an AUC of {auc:g} has no calibrated spread of predictions"
        logits, weights = binormal_logits(auc, prevalence)
    else:
        logits = as_floats(linear_predictor, "linear_predictor")
        if not np.isfinite(logits).all():
            return NAN, f"{int((~np.isfinite(logits)).sum())} of {logits.size} logits are missing or infinite"
        if logits.size < 2 or np.ptp(logits) == 0:
            return NAN, f"the logits of {logits.size} patients do not differ"
        weights = np.full(logits.size, 1 / logits.size)
    # p (1 - p) without the loss of digits at the ends.
    information = weights * np.exp(log_expit(logits) + log_expit(-logits))
    center = float(information @ logits / information.sum())
    # (I_aa I_bb - I_ab^2) / I_aa is the information about the slope around its own center.
    return 1 / float(information @ (logits - center) ** 2), ""
