"""The difference of two AUCs: on the same cases, or on cases that share no patient."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, as_cases, as_floats, check_level, same_length
from sgcore.stats.delong import AucResult, auc
from sgcore.stats.placements import components

ZERO = "the difference and its variance are zero: nothing tells the two apart"


@dataclass(frozen=True)
class AucComparison:
    """AUC of a minus AUC of b, with interval and test; NaN beside a ``reason`` where not estimable.

    ``z`` is the test statistic: normal when ``df`` is NaN (paired), else Student's t with ``df``
    degrees of freedom (unpaired). The ``n_*`` count the cases and patients that were compared, of
    both sides together when unpaired; ``n_left_out`` the cases that only one of the two scored.
    """

    delta: float
    ci_low: float
    ci_high: float
    z: float
    df: float
    p: float
    auc_a: float
    auc_b: float
    variance: float
    n_pos: int
    n_neg: int
    n_patients: int
    n_left_out: int
    method: str
    reason: str
    level: float

    @property
    def n_cases(self) -> int:
        return self.n_pos + self.n_neg


def compare_auc(
    y_true: ArrayLike,
    score_a: ArrayLike,
    score_b: ArrayLike,
    groups: ArrayLike | None = None,
    y_true_b: ArrayLike | None = None,
    groups_b: ArrayLike | None = None,
    level: float = 0.95,
) -> AucComparison:
    """Compare two AUCs: DeLong's test for correlated curves, or a t test for independent ones.

    Parameters
    ----------
    y_true, score_a, score_b : (n,) labels and the two scores of the same cases (paired). Cases that
        lack one of the two scores are left out and counted.
    groups : (n,) patient of each case; variance and covariance are then clustered (Obuchowski 1997).
    y_true_b : labels of b's own cases (unpaired): ``score_b`` and ``groups_b`` belong to them. The
        statistic is Student's t with Welch's degrees of freedom on the numbers of patients, as
        pROC's. A patient on both sides is refused with a reason: those cases are not independent.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, groups on one side only.

    References
    ----------
    DeLong ER et al. Biometrics 1988;44:837. Obuchowski NA. Biometrics 1997;53:567.
    Robin X et al. BMC Bioinformatics 2011;12:77 (unpaired).
    """
    check_level(level)
    if y_true_b is None:
        if groups_b is not None:
            raise ValueError("groups_b belongs to y_true_b; a paired comparison has one set of groups.")
        return _paired(y_true, score_a, score_b, groups, level)
    if (groups is None) != (groups_b is None):
        raise ValueError("give groups for both sides of an unpaired comparison or for neither.")
    side_a = auc(y_true, score_a, groups, level)
    side_b = auc(y_true_b, score_b, groups_b, level)
    shared = 0
    if groups is not None and groups_b is not None:
        shared = len(set(pd.Series(groups).dropna()) & set(pd.Series(groups_b).dropna()))
    return _unpaired(side_a, side_b, shared, level)


def difference(
    delta: float, variance: float, *, scale: float, level: float, df: float = NAN
) -> tuple[float, float, float, float, str]:
    """Interval, statistic, p and reason of a difference; ``scale`` is the sum of the two variances."""
    if not variance > 1e-12 * scale:
        # Equal rankings, ones that differ within patients so that it cancels, or a clustered estimate below
        # zero: nothing to divide by.
        if delta == 0 and variance >= -1e-12 * scale:
            return NAN, NAN, 0.0, 1.0, ZERO
        return NAN, NAN, NAN, NAN, "the variance of the difference is zero"
    tail, se = (1 - level) / 2, sqrt(variance)
    law = scipy.stats.norm if np.isnan(df) else scipy.stats.t(df)
    z, width = delta / se, float(law.isf(tail)) * se
    low, high = max(-1.0, delta - width), min(1.0, delta + width)
    return low, high, z, float(2 * law.sf(abs(z))), ""


def _paired(
    y_true: ArrayLike, score_a: ArrayLike, score_b: ArrayLike, groups: ArrayLike | None, level: float
) -> AucComparison:
    a, b = as_floats(score_a, "score_a"), as_floats(score_b, "score_b")
    labels = as_floats(y_true, "y_true")
    same_length(labels.size, score_a=a, score_b=b)
    if groups is not None:
        groups = np.asarray(groups)
        same_length(labels.size, groups=groups)
    both = ~(np.isnan(a) | np.isnan(b))
    left_out = int((~both).sum())
    if left_out:
        labels, a, b = labels[both], a[both], b[both]
        groups = None if groups is None else groups[both]
    cases = as_cases(labels, groups)
    method = "DeLong, paired" + (", clustered by patient" if cases.clustered else "")
    if cases.reason:
        reason = cases.reason if both.any() or not left_out else "no case is scored by both"
        return AucComparison(
            NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, cases.n_pos, cases.n_neg, cases.n_groups,
            left_out, method, reason, level,
        )  # fmt: skip
    # One row a score, turned: each score stays together in memory, which is quicker to rank.
    parts = components(cases.y, np.stack([a, b]).T, cases.codes)
    auc_a, auc_b = (float(value) for value in parts.auc)
    variance, _, _ = parts.contrast(np.array([1.0, -1.0]))
    low, high, z, p, reason = NAN, NAN, NAN, NAN, parts.too_few
    if not reason:
        scale = float(np.abs(parts.covariance).trace())
        low, high, z, p, reason = difference(auc_a - auc_b, variance, scale=scale, level=level)
        if reason == ZERO and np.array_equal(scipy.stats.rankdata(a), scipy.stats.rankdata(b)):
            reason = "both scores rank every case alike"
    return AucComparison(
        auc_a - auc_b, low, high, z, NAN, p, auc_a, auc_b, variance, cases.n_pos, cases.n_neg,
        cases.n_groups, left_out, method, reason, level,
    )  # fmt: skip


def _unpaired(a: AucResult, b: AucResult, shared: int, level: float) -> AucComparison:
    clustered = a.n_groups < a.n_pos + a.n_neg or b.n_groups < b.n_pos + b.n_neg
    method = "DeLong, unpaired (Welch)" + (", clustered by patient" if clustered else "")
    delta, variance = a.auc - b.auc, a.variance + b.variance
    low = high = z = df = p = NAN
    reason = next((f"{side}: {r.reason}" for side, r in (("a", a), ("b", b)) if r.reason), "")
    if shared:
        delta = variance = NAN
        reason = f"{shared} patient(s) are on both sides; compare the cases scored by both (paired)"
    elif not reason:
        spread = a.variance**2 / (a.n_groups - 1) + b.variance**2 / (b.n_groups - 1)
        if spread > 0 and variance > 0:
            df = variance**2 / spread
            low, high, z, p, reason = difference(delta, variance, scale=variance, level=level, df=df)
        else:
            reason = "the variance of the difference is zero"
    return AucComparison(
        delta, low, high, z, df, p, a.auc, b.auc, variance, a.n_pos + b.n_pos, a.n_neg + b.n_neg,
        a.n_groups + b.n_groups, 0, method, reason, level,
    )  # fmt: skip
