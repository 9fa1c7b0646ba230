"""The AUC with an interval: DeLong's variance, clustered by patient, on the logit scale."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import log, sqrt
from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike
from scipy.special import expit

from sgcore.stats._arrays import NAN, Cases, as_cases, as_floats, check_level, missing_reason, same_length
from sgcore.stats.newcombe import newcombe_interval
from sgcore.stats.placements import Components, clustered, placements, satterthwaite

Interval = Literal["logit", "logit-t", "wald"]
SMALL_CLASS = 5
ALL_EQUAL = "all scores are equal: they rank nobody, and the AUC is 0.5 whatever the labels"
CANCELS = (
    "what positive and negative cases add to the AUC cancels within every patient: the variance, clustered by "
    "patient, cannot be estimated"
)
NO_VARIANCE = 1e-20  # a variance below this is rounding


@dataclass(frozen=True)
class AucResult:
    """An AUC and what is known of it. Numbers that cannot be estimated are NaN beside a ``reason``.

    ``n_pos`` and ``n_neg`` count cases, ``n_groups`` patients; ``groups_pos`` and ``groups_neg`` the
    patients with at least one positive or negative case. ``df`` belongs to the interval (NaN where it
    uses the normal distribution). ``design_effect`` is the clustered over the unclustered variance, NaN
    beside a ``design_effect_reason`` where either is zero.
    """

    auc: float
    ci_low: float
    ci_high: float
    variance: float
    n_pos: int
    n_neg: int
    n_groups: int
    groups_pos: int
    groups_neg: int
    method: str
    reason: str
    level: float
    design_effect: float
    df: float = NAN

    @property
    def n_patients(self) -> int:
        """The same as ``n_groups``: without groups, every case counts as a patient of its own."""
        return self.n_groups

    @property
    def design_effect_reason(self) -> str:
        """Why there is no design effect; empty where there is one."""
        if not np.isnan(self.design_effect):
            return ""
        return self.reason or f"the AUC is {self.auc:g}: its variance is zero with and without the patients"

    @property
    def se(self) -> float:
        return sqrt(self.variance) if self.variance >= 0 else NAN


def auc(
    y_true: ArrayLike,
    y_score: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    *,
    interval: Interval = "logit",
) -> AucResult:
    """Area under the ROC curve with DeLong's variance and an interval.

    Parameters
    ----------
    y_true : (n,) 0 or 1. y_score : (n,) any real scale, higher means more positive. The direction is
        never flipped: an AUC of 0.42 stays 0.42.
    groups : (n,) patient of each case, when patients have several cases; the variance is then
        Obuchowski's, clustered by patient.
    interval : ``logit`` (default) has Satterthwaite's t where patients have several cases, and the
        normal quantile where every case is a patient of its own; ``logit-t`` has the t always;
        ``wald`` is the plain symmetric interval, cut at 0 and 1, as pROC gives it. At an AUC of 0 or
        1, at zero variance and with one patient in a class each of them, and below five patients in a
        class the first two, give way to Newcombe's method 5 on the numbers of patients.

    Returns
    -------
    AucResult. Missing scores or labels, one class only and no cases give NaN with the reason; with
    one patient in a class the variance is NaN with the reason, beside Newcombe's interval; all scores
    equal give 0.5 with the reason. Where positives and negatives cancel within every patient, so that the
    clustered variance is zero, the reason says so beside Newcombe's interval.

    Raises
    ------
    ValueError : arrays of different length or dimension, labels other than 0 and 1, a bad level.

    References
    ----------
    DeLong ER et al. Biometrics 1988;44:837. Obuchowski NA. Biometrics 1997;53:567.
    Sun X, Xu W. IEEE Signal Process Lett 2014;21:1389.
    Pohar Perme M, Manevski D. Stat Methods Med Res 2019;28:3494.
    """
    check_level(level)
    if interval not in ("logit", "logit-t", "wald"):
        raise ValueError(f"interval is {interval!r}; choose logit, logit-t or wald.")
    cases = as_cases(y_true, groups)
    scores = as_floats(y_score, "y_score")
    same_length(cases.y.size, y_score=scores)
    reason = cases.reason or missing_reason(scores)
    if reason:
        return _not_estimated(cases, level, reason)
    placed = placements(cases.y, scores[:, None])
    parts = clustered(cases.y, cases.codes, *placed)
    naive = NAN
    if cases.clustered:
        unclustered = clustered(cases.y, np.arange(cases.y.size), *placed)
        naive = float(unclustered.covariance[0, 0])
    result = _estimated(parts, cases, level, interval, naive)
    if scores.min() == scores.max() and not result.reason:
        return replace(result, reason=ALL_EQUAL)
    return result


def _not_estimated(cases: Cases, level: float, reason: str) -> AucResult:
    """The result of cases that have no AUC."""
    return AucResult(
        NAN, NAN, NAN, NAN, cases.n_pos, cases.n_neg, cases.n_groups, cases.groups_with(1),
        cases.groups_with(0), "not estimated", reason, level, NAN,
    )  # fmt: skip


def _estimated(
    parts: Components, cases: Cases, level: float, interval: Interval, naive_variance: float
) -> AucResult:
    """The result of the one model of ``parts``; ``naive_variance`` is the unclustered one."""
    value = float(parts.auc[0])
    variance, from_pos, from_neg = (
        float(part[0, 0]) for part in (parts.covariance, parts.from_pos, parts.from_neg)
    )
    smaller = min(parts.groups_pos, parts.groups_neg)
    df = NAN
    if (
        smaller < 2
        or not 0 < value < 1
        or variance <= NO_VARIANCE
        or (smaller < SMALL_CLASS and interval != "wald")
    ):
        low, high = newcombe_interval(value, parts.groups_pos, parts.groups_neg, level=level)
        method = "Newcombe's method 5"
    else:
        if interval == "logit-t" or (interval == "logit" and cases.clustered):
            df = satterthwaite(from_pos, from_neg, parts.groups_pos, parts.groups_neg)
        low, high = interval_around(value, variance, level=level, df=df, logit=interval != "wald")
        method = "DeLong, " + ("Wald" if interval == "wald" else "logit")
        method += "" if np.isnan(df) else "-t"
    if cases.clustered:
        method += ", clustered by patient"
        effect = variance / naive_variance if variance > 0 and naive_variance > 0 else NAN
    else:
        effect = 1.0 if variance > 0 else NAN
    reason = parts.too_few or (CANCELS if variance == 0 and naive_variance > 0 else "")
    return AucResult(
        value, low, high, variance, cases.n_pos, cases.n_neg, cases.n_groups, parts.groups_pos,
        parts.groups_neg, method, reason, level, effect, df,
    )  # fmt: skip


def interval_around(
    value: float, variance: float, *, level: float, df: float, logit: bool
) -> tuple[float, float]:
    """Interval of an AUC strictly between 0 and 1, on the logit scale or plain and cut at 0 and 1."""
    tail = (1 - level) / 2
    quantile = float(scipy.stats.norm.isf(tail) if np.isnan(df) else scipy.stats.t.isf(tail, df))
    se = sqrt(variance)
    if not logit:
        return max(0.0, value - quantile * se), min(1.0, value + quantile * se)
    center, width = log(value / (1 - value)), quantile * se / (value * (1 - value))
    return float(expit(center - width)), float(expit(center + width))
