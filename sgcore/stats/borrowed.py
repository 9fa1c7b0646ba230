"""What a pooled AUC borrows from its centers: pairs across centers against pairs of the same center."""

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
from sgcore.stats.centers import within_influences
from sgcore.stats.comparison import difference
from sgcore.stats.placements import Components, group_sums, placements, sandwich, satterthwaite

METHOD = "DeLong, all pairs minus pairs of the same center, paired"


@dataclass(frozen=True)
class BorrowedAuc:
    """The AUC of all pairs minus that of pairs of the same center; NaN beside a ``reason``.

    ``across`` is the AUC of the pairs from two centers. ``centers_alone`` is what a score would have over all pairs
    that gives everybody the share of positives of the center, and so knows nothing of a patient but the center.
    ``n_pairs`` and ``n_same`` count all pairs and those of the same center, ``left_out`` names centers with one class.
    """

    delta: float
    ci_low: float
    ci_high: float
    df: float
    p: float
    auc: float
    within: float
    across: float
    centers_alone: float
    n_pairs: int
    n_same: int
    n_pos: int
    n_neg: int
    n_patients: int
    left_out: tuple[str, ...]
    method: str
    reason: str
    level: float


def borrowed_auc(
    y_true: ArrayLike,
    y_score: ArrayLike,
    centers: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
) -> BorrowedAuc:
    """How far the AUC of all pairs lies above that of pairs of the same center, with interval.

    Both are means over pairs of the same cases, so that each case has an influence on either: (V10 - A) / M or
    (V01 - A) / N on the AUC of all pairs, that of :func:`within_center_auc` on the other, 0 where the case's center has
    one class. The difference has the clustered variance of the differences of these influences, summed by patient.
    Patients are the sample, and with them how many come from which center; Student's t has Satterthwaite's degrees of
    freedom.

    Parameters
    ----------
    y_true, y_score, centers, groups : (n,) label, score, center and patient of each case.

    Returns
    -------
    BorrowedAuc. One center, no center with both classes, missing values and fewer than two patients in a class that
    share a center with the other class give a reason.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, a bad level.

    References
    ----------
    DeLong ER et al. Biometrics 1988;44:837. Obuchowski NA. Biometrics 1997;53:567 (clusters).
    """
    check_level(level)
    cases, scores = as_cases(y_true, groups), as_floats(y_score, "y_score")
    where = group_codes(centers, cases.y.size, "centers")
    same_length(cases.y.size, y_score=scores)
    names = [str(name) for name in pd.unique(pd.Series(np.asarray(centers)).dropna())]
    both = [c for c in range(len(names)) if np.unique(cases.y[where == c]).size == 2]
    left_out = tuple(name for c, name in enumerate(names) if c not in both)
    reason = cases.reason or missing_reason(scores)
    if not reason and (where < 0).any():
        reason = f"the center of {int((where < 0).sum())} of {cases.y.size} cases is missing"
    if not reason and len(names) < 2:
        reason = f"one center: all pairs are of the same center (n = {cases.y.size})"
    alone = NAN if reason else _auc(cases.y, _shares(cases.y, where))
    if not reason and not both:
        reason = f"no center has both classes ({len(names)} centers, n = {cases.y.size})"
    n_pairs = cases.n_pos * cases.n_neg
    counts = (cases.n_pos, cases.n_neg, cases.n_groups, left_out)
    if reason:
        return BorrowedAuc(
            NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, alone, n_pairs, 0, *counts, "not estimated", reason, level
        )  # fmt: skip
    parts, n_same = _parts(cases, scores, where, both)
    auc, within = (float(value) for value in parts.auc)
    apart = n_pairs - n_same
    across = (auc * n_pairs - within * n_same) / apart
    low = high = df = p = NAN
    reason = _few(cases, where, both) or parts.too_few
    if not reason:
        variance, from_pos, from_neg = parts.contrast(np.array([1.0, -1.0]))
        df = satterthwaite(from_pos, from_neg, parts.groups_pos, parts.groups_neg)
        scale = float(np.abs(parts.covariance).trace())
        low, high, _, p, reason = difference(auc - within, variance, scale=scale, level=level, df=df)
    method = METHOD + (", clustered by patient" if cases.clustered else "")
    return BorrowedAuc(
        auc - within, low, high, df, p, auc, within, across, alone, n_pairs, n_same, *counts, method, reason, level
    )  # fmt: skip


def _parts(cases: Cases, scores: Floats, where: np.ndarray, both: list[int]) -> tuple[Components, int]:
    """Covariance of the two AUCs, and the number of pairs of the same center."""
    y, inside = cases.y, np.isin(where, both)
    auc, v10, v01 = placements(y, scores[:, None])
    influence = np.zeros((y.size, 2))
    influence[y == 1, 0] = (v10[:, 0] - auc[0]) / cases.n_pos
    influence[y == 0, 0] = (v01[:, 0] - auc[0]) / cases.n_neg
    within, per_center, influence[inside, 1] = within_influences(
        y[inside], scores[inside], where[inside], both
    )
    total = int(cases.codes.max()) + 1
    e1, e0 = (group_sums(influence[y == label], cases.codes[y == label], total) for label in (1, 0))
    parts = sandwich(
        np.array([auc[0], within]),
        e1,
        e0,
        groups_pos=cases.groups_with(1),
        groups_neg=cases.groups_with(0),
        groups=cases.n_groups,
    )
    return parts, sum(pairs for _, pairs in per_center)


def _few(cases: Cases, where: np.ndarray, both: list[int]) -> str:
    inside = np.isin(where, both)
    n_pos, n_neg = (np.unique(cases.codes[inside & (cases.y == label)]).size for label in (1, 0))
    if min(n_pos, n_neg) >= 2:
        return ""
    counts = f"{n_pos} positive, {n_neg} negative"
    return f"fewer than 2 patients in a class where a center has both ({counts}): no interval"


def _shares(y: Floats, where: np.ndarray) -> Floats:
    """The share of positives of each case's center."""
    shares: Floats = (np.bincount(where, weights=y) / np.bincount(where))[where]
    return shares


def _auc(y: Floats, score: Floats) -> float:
    return float(placements(y, score[:, None])[0][0])
