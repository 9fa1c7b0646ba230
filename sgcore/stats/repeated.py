"""The AUC of repeated cross-validation: the mean over repeats, with an interval for the patients."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_cases, as_floats, check_level, same_length
from sgcore.stats.delong import NO_VARIANCE, SMALL_CLASS, interval_around
from sgcore.stats.newcombe import newcombe_interval
from sgcore.stats.placements import components, satterthwaite


@dataclass(frozen=True)
class RepeatedAuc:
    """The mean ``auc`` of R repeats; NaN beside a ``reason`` where there is none.

    ``per_repeat`` (R,) are the AUCs of the single repeats, from ``lowest`` to ``highest``: how far the
    folds alone move the number. ``ci_low`` and ``ci_high`` are an interval for new patients, the models
    being those that these patients trained.
    """

    auc: float
    ci_low: float
    ci_high: float
    variance: float
    per_repeat: Floats = field(compare=False, repr=False)
    n_repeats: int
    n_pos: int
    n_neg: int
    n_groups: int
    method: str
    reason: str
    level: float

    @property
    def lowest(self) -> float:
        return float(self.per_repeat.min()) if self.per_repeat.size else NAN

    @property
    def highest(self) -> float:
        return float(self.per_repeat.max()) if self.per_repeat.size else NAN

    @property
    def n_patients(self) -> int:
        """The same as ``n_groups``: without groups, every case counts as a patient of its own."""
        return self.n_groups


def repeated_auc(
    y_true: ArrayLike, scores: ArrayLike, groups: ArrayLike | None = None, level: float = 0.95
) -> RepeatedAuc:
    """Mean AUC over the repeats of a cross-validation.

    The repeats share their patients, so that their AUCs are averaged and their DeLong covariance (A1 of
    the clustered AUC) gives the variance of the mean: 20 repeats are no 20 samples, and the interval
    does not shrink with their number beyond what the folds themselves add.

    Parameters
    ----------
    y_true, groups : (n,) label and patient of each case. scores : (n, R), a column the out-of-fold scores
        of one repeat.

    Returns
    -------
    RepeatedAuc. The interval is on the logit scale with Satterthwaite's t; Newcombe's method 5 below five
    patients in a class and at an AUC of 0 or 1. It treats the models of the folds as given: no unbiased
    estimate of the variance of a cross-validation exists, and the part that comes from training on
    other patients is missing. One class only and missing values give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, no repeat, a bad level.

    References
    ----------
    Bengio Y, Grandvalet Y. J Mach Learn Res 2004;5:1089 (no unbiased variance).
    LeDell E, Petersen M, van der Laan M. Electron J Stat 2015;9:1583 (intervals from placements).
    """
    check_level(level)
    cases, table = as_cases(y_true, groups), as_floats(scores, "scores", ndim=2)
    same_length(cases.y.size, scores=table)
    repeats = table.shape[1]
    if repeats == 0:
        raise ValueError("scores has no repeat; its columns are the repeats of the cross-validation.")
    missing = int(np.isnan(table).any(axis=1).sum())
    reason = cases.reason or (
        f"{missing} of {cases.y.size} cases lack a score in a repeat" if missing else ""
    )
    value = low = high = variance = NAN
    each, method = np.zeros(0), "not estimated"
    if not reason:
        parts = components(cases.y, table, cases.codes)
        each, mean = parts.auc, np.full(repeats, 1 / repeats)
        value = float(each.mean())
        variance, from_pos, from_neg = parts.contrast(mean)
        reason = parts.too_few
        smaller = min(parts.groups_pos, parts.groups_neg)
        if smaller < SMALL_CLASS or not 0 < value < 1 or variance <= NO_VARIANCE:
            low, high = newcombe_interval(value, parts.groups_pos, parts.groups_neg, level=level)
            method = "mean of repeats, Newcombe's method 5"
        else:
            df = satterthwaite(from_pos, from_neg, parts.groups_pos, parts.groups_neg)
            low, high = interval_around(value, variance, level=level, df=df, logit=True)
            method = "mean of repeats, DeLong, logit-t"
        method += ", clustered by patient" if cases.clustered else ""
    return RepeatedAuc(
        value,
        low,
        high,
        variance,
        each,
        repeats,
        cases.n_pos,
        cases.n_neg,
        cases.n_groups,
        method,
        reason,
        level,
    )
