"""Placements of DeLong and their covariance, clustered by patient: the core of every AUC here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sgcore.stats._arrays import Floats, Ints, distinct

ROUNDING = 1e-12  # a variance below this share of its parts is what rounding left of parts that cancel


@dataclass(frozen=True)
class Components:
    """Clustered covariance of k AUCs, taken apart (Obuchowski 1997).

    ``auc`` (k,). ``from_pos`` and ``from_neg`` (k, k) are S10 / M and S01 / N, ``crossed`` (k, k) is
    (S11 + S11') / (M N); ``covariance`` is their sum. ``groups_pos`` and ``groups_neg`` count the
    patients with at least one positive or negative case.

    A variance is never negative: the factor of ``crossed``, I / (I - 1), is the smallest of the three.
    Where the parts cancel, rounding alone decides its sign, and it is 0.
    """

    auc: Floats
    from_pos: Floats
    from_neg: Floats
    crossed: Floats
    groups_pos: int
    groups_neg: int

    @property
    def covariance(self) -> Floats:
        total = self.from_pos + self.from_neg + self.crossed
        variances, parts = total.diagonal(), (self.from_pos + self.from_neg).diagonal()
        np.fill_diagonal(total, np.where(np.abs(variances) <= ROUNDING * parts, 0.0, variances))
        return total

    @property
    def too_few(self) -> str:
        """Why there is no covariance; empty when there is one."""
        if min(self.groups_pos, self.groups_neg) >= 2:
            return ""
        counts = f"{self.groups_pos} positive, {self.groups_neg} negative"
        return f"fewer than 2 patients in a class ({counts}): the variance cannot be estimated"

    def contrast(self, weights: Floats) -> tuple[float, float, float]:
        """Variance of a weighted sum of the AUCs, and its parts from positives and negatives."""
        pos, neg, crossed = (
            float(weights @ part @ weights) for part in (self.from_pos, self.from_neg, self.crossed)
        )
        sizes = np.abs(weights)
        scale = float(sizes @ (np.abs(self.from_pos) + np.abs(self.from_neg)) @ sizes)
        variance = pos + neg + crossed
        return (0.0 if abs(variance) <= ROUNDING * scale else variance), pos, neg


def placements(y: Floats, scores: Floats) -> tuple[Floats, Floats, Floats]:
    """AUCs (k,) and placements V10 (M, k), V01 (N, k) of ``scores`` (n, k), with mid-ranks.

    V10 is the share of negatives that a positive exceeds, V01 the share of positives that exceed a
    negative; ties count one half. O(n log n) in float64 (Sun & Xu, IEEE Signal Process Lett 2014).
    """
    positive = y == 1
    at_pos, at_neg = np.flatnonzero(positive), np.flatnonzero(~positive)
    m, n, k = at_pos.size, at_neg.size, scores.shape[1]
    # One row a model, so that every pass runs over neighbours in memory.
    v10, v01, auc = np.empty((k, m)), np.empty((k, n)), np.empty(k)
    for model in range(k):
        exceeded = _exceeded(positive, scores[:, model])
        won, lost = exceeded[at_pos], exceeded[at_neg]
        # Counts are whole or half numbers: the AUC is exact to its last division.
        auc[model] = won.sum() / (m * n)
        np.divide(won, n, out=v10[model])
        np.subtract(1, lost / m, out=v01[model])
    return auc, v10.T, v01.T


def _exceeded(positive: NDArray[np.bool_], score: Floats) -> Floats:
    """How many cases of the other class each case exceeds, ties as one half: (n,), from one sort.

    It is the difference of the mid-rank among all cases and the mid-rank within the class.
    """
    order = np.argsort(score)
    ordered, is_positive = score[order], positive[order]
    # Cases of either class that stand before each place.
    positives = np.cumsum(is_positive)
    np.subtract(positives, is_positive, out=positives)
    negatives = np.arange(score.size)
    np.subtract(negatives, positives, out=negatives)
    tied = ordered[1:] == ordered[:-1]
    if tied.any():
        # In a run of equal scores: what stands before the run, and half of the run.
        starts = np.flatnonzero(np.append(True, ~tied))
        sizes = np.diff(starts, append=score.size)
        before = positives[starts]
        inside = np.diff(before, append=np.count_nonzero(positive))
        positives = np.repeat(before + inside / 2, sizes)
        negatives = np.repeat(starts - before + (sizes - inside) / 2, sizes)
    exceeded = np.empty(score.size)
    exceeded[order] = np.where(is_positive, negatives, positives)
    return exceeded


def group_sums(values: Floats, codes: Ints, n_groups: int) -> Floats:
    """Sums of the rows of ``values`` (n, k) by group number: (n_groups, k)."""
    columns = [np.bincount(codes, weights=column, minlength=n_groups) for column in values.T]
    return np.column_stack(columns)


def components(y: Floats, scores: Floats, codes: Ints) -> Components:
    """AUCs of ``scores`` (n, k) and their covariance clustered by ``codes`` (n,).

    Both classes must be present. With fewer than two patients in a class the covariance is NaN. Where
    every case is its own patient this is DeLong's covariance (DeLong 1988; Obuchowski 1997).
    """
    return clustered(y, codes, *placements(y, scores))


def clustered(y: Floats, codes: Ints, auc: Floats, v10: Floats, v01: Floats) -> Components:
    """The covariance of what :func:`placements` gave, clustered by ``codes`` (n,)."""
    e1, e0 = (v10 - auc) / len(v10), (v01 - auc) / len(v01)
    total = int(codes.max()) + 1
    groups = distinct(codes)
    if groups == codes.size:
        # Every case is its own patient: nothing to sum, and no patient with cases of both classes.
        return sandwich(auc, e1, e0, groups_pos=len(e1), groups_neg=len(e0), groups=groups, mixed=False)
    positive = y == 1
    codes_pos, codes_neg = codes[positive], codes[~positive]
    return sandwich(
        auc,
        group_sums(e1, codes_pos, total),
        group_sums(e0, codes_neg, total),
        groups_pos=distinct(codes_pos),
        groups_neg=distinct(codes_neg),
        groups=groups,
    )


def sandwich(
    auc: Floats,
    e1: Floats,
    e0: Floats,
    *,
    groups_pos: int,
    groups_neg: int,
    groups: int,
    mixed: bool = True,
) -> Components:
    """Covariance from each patient's influence through its positives ``e1`` and negatives ``e0``.

    Both are (patients, k) and already divided by the size of their class, so that the covariance is
    the plain sum of their products with the small-sample factors I / (I - 1). Without ``mixed`` no
    patient has cases of both classes, and their rows need not be those of the same patients.
    """
    undefined = np.full((len(auc), len(auc)), np.nan)
    if min(groups_pos, groups_neg) < 2:
        return Components(auc, undefined, undefined, undefined, groups_pos, groups_neg)
    cross = groups / (groups - 1) * (e1.T @ e0) if mixed else np.zeros_like(undefined)
    return Components(
        auc,
        groups_pos / (groups_pos - 1) * (e1.T @ e1),
        groups_neg / (groups_neg - 1) * (e0.T @ e0),
        cross + cross.T,
        groups_pos,
        groups_neg,
    )


def satterthwaite(from_pos: float, from_neg: float, groups_pos: int, groups_neg: int) -> float:
    """Degrees of freedom of a variance that is the sum of two independent parts."""
    spread = from_pos**2 / (groups_pos - 1) + from_neg**2 / (groups_neg - 1)
    return (from_pos + from_neg) ** 2 / spread if spread > 0 else float("nan")
