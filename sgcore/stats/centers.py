"""The AUC within centers: only pairs from the same center count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import (
    NAN,
    Cases,
    Floats,
    as_cases,
    as_floats,
    check_level,
    group_codes,
    missing_reason,
    same_length,
)
from sgcore.stats.delong import NO_VARIANCE, SMALL_CLASS, AucResult, interval_around
from sgcore.stats.newcombe import newcombe_interval
from sgcore.stats.placements import Components, group_sums, placements, sandwich, satterthwaite


@dataclass(frozen=True)
class WithinCenterAuc(AucResult):
    """An AucResult over the centers that have both classes; its counts are those centers' own.

    ``per_center`` lists ``(center, AUC, pairs)`` of the centers used; ``left_out`` the centers with
    one class only, whose cases enter no pair.
    """

    per_center: tuple[tuple[str, float, int], ...] = ()
    left_out: tuple[str, ...] = ()


def within_center_auc(
    y_true: ArrayLike,
    y_score: ArrayLike,
    centers: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
) -> WithinCenterAuc:
    """Share of correctly ordered pairs among the pairs of the same center: sum U_c / sum n1c n0c.

    Pooled over centers, an AUC also rewards a score that only tells the centers apart when their
    prevalences differ; these pairs cannot.

    With P = sum n1c n0c pairs, A = sum U_c / P and V10, V01 placements within the center, the
    influence of a positive case is n0c (V10 - A) / P and that of a negative n1c (V01 - A) / P. Their
    sums by patient take the place of D1 / M and D0 / N in the clustered variance, with the same
    factors I10 / (I10 - 1), I01 / (I01 - 1) and I / (I - 1). One center gives exactly :func:`auc`.
    The patients, not the centers, are the sample: the interval speaks of new patients from the same
    mix of centers, and contains the differences between these centers, not those to a new one.

    Parameters
    ----------
    y_true, y_score, centers, groups : (n,) label, score, center and patient of each case.

    Returns
    -------
    WithinCenterAuc. The interval is logit (Satterthwaite's t where patients have several cases);
    Newcombe's method 5, summed over the centers, in the cases where :func:`auc` uses it.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, a bad level.
    """
    check_level(level)
    cases, scores = as_cases(y_true, groups), as_floats(y_score, "y_score")
    where = group_codes(centers, cases.y.size, "centers")
    same_length(cases.y.size, y_score=scores)
    names = [str(name) for name in pd.unique(pd.Series(np.asarray(centers)).dropna())]
    unknown = int((where < 0).sum())
    reason = cases.reason or missing_reason(scores)
    if unknown and not reason:
        reason = f"the center of {unknown} of {cases.y.size} cases is missing"
    both = [c for c in range(len(names)) if np.unique(cases.y[where == c]).size == 2]
    left_out = tuple(name for c, name in enumerate(names) if c not in both)
    if not reason and not both:
        reason = f"no center has both classes ({len(names)} center(s), n = {cases.y.size})"
    if reason:
        return WithinCenterAuc(
            NAN, NAN, NAN, NAN, cases.n_pos, cases.n_neg, cases.n_groups, cases.groups_with(1),
            cases.groups_with(0), "not estimated", reason, level, NAN, left_out=left_out,
        )  # fmt: skip
    inside = np.isin(where, both)
    used = Cases(cases.y[inside], cases.codes[inside], cases.clustered, "")
    y, score, where = used.y, scores[inside], where[inside]
    value, per_center, influence = within_influences(y, score, where, both)
    parts = _variance(value, influence, y, used.codes)
    naive = _variance(value, influence, y, np.arange(y.size))
    low, high, df, method = _interval(parts, used, where, per_center, level)
    variance = float(parts.covariance[0, 0])
    unclustered = float(naive.covariance[0, 0])
    return WithinCenterAuc(
        value, low, high, variance, used.n_pos, used.n_neg, used.n_groups, parts.groups_pos,
        parts.groups_neg, method, parts.too_few, level,
        variance / unclustered if unclustered > 0 else NAN, df,
        tuple((names[c], a, pairs) for c, (a, pairs) in zip(both, per_center, strict=True)), left_out,
    )  # fmt: skip


def within_influences(
    y: Floats, score: Floats, where: np.ndarray, centers: list[int]
) -> tuple[float, list[tuple[float, int]], Floats]:
    """The within-center AUC, each center's AUC and pairs, and the influence of each case on it."""
    per_center, terms = [], []
    for center in centers:
        here = where == center
        auc, v10, v01 = placements(y[here], score[here, None])
        per_center.append((float(auc[0]), v10.size * v01.size))
        terms.append((here, v10[:, 0], v01[:, 0]))
    pairs = sum(count for _, count in per_center)
    value = sum(a * count for a, count in per_center) / pairs
    influence = np.zeros(y.size)
    for here, v10, v01 in terms:
        influence[here & (y == 1)] = v01.size * (v10 - value) / pairs
        influence[here & (y == 0)] = v10.size * (v01 - value) / pairs
    return value, per_center, influence


def _variance(value: float, influence: Floats, y: Floats, codes: np.ndarray) -> Components:
    total = int(codes.max()) + 1
    e1, e0 = (group_sums(influence[y == label, None], codes[y == label], total) for label in (1, 0))
    return sandwich(
        np.array([value]),
        e1,
        e0,
        groups_pos=np.unique(codes[y == 1]).size,
        groups_neg=np.unique(codes[y == 0]).size,
        groups=np.unique(codes).size,
    )


def _interval(
    parts: Components, cases: Cases, where: np.ndarray, per_center: list[tuple[float, int]], level: float
) -> tuple[float, float, float, str]:
    """Lower and upper limit, degrees of freedom and the name of the method."""
    value = float(parts.auc[0])
    variance, from_pos, from_neg = parts.contrast(np.ones(1))
    suffix = ", within centers" + (", clustered by patient" if cases.clustered else "")
    smaller = min(parts.groups_pos, parts.groups_neg)
    if smaller < SMALL_CLASS or not 0 < value < 1 or variance <= NO_VARIANCE:
        counts = [
            [np.unique(cases.codes[(where == c) & (cases.y == label)]).size for c in np.unique(where)]
            for label in (1, 0)
        ]
        pairs = np.array([count for _, count in per_center])
        low, high = newcombe_interval(value, *counts, level=level, weights=pairs / pairs.sum())
        return low, high, NAN, "Newcombe's method 5" + suffix
    df = NAN
    if cases.clustered:
        df = satterthwaite(from_pos, from_neg, parts.groups_pos, parts.groups_neg)
    low, high = interval_around(value, variance, level=level, df=df, logit=True)
    return low, high, df, "DeLong, logit" + ("-t" if cases.clustered else "") + suffix
