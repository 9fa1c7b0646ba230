"""Placements of DeLong and their covariance, clustered by patient: the core of every AUC here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from sgcore.stats._arrays import Floats, Ints


@dataclass(frozen=True)
class Components:
    """Clustered covariance of k AUCs, taken apart (Obuchowski 1997).

    ``auc`` (k,). ``from_pos`` and ``from_neg`` (k, k) are S10 / M and S01 / N, ``crossed`` (k, k) is
    (S11 + S11') / (M N); ``covariance`` is their sum. ``groups_pos`` and ``groups_neg`` count the
    patients with at least one positive or negative case.
    """

    auc: Floats
    from_pos: Floats
    from_neg: Floats
    crossed: Floats
    groups_pos: int
    groups_neg: int

    @property
    def covariance(self) -> Floats:
        return self.from_pos + self.from_neg + self.crossed

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
        return pos + neg + crossed, pos, neg


def placements(y: Floats, scores: Floats) -> tuple[Floats, Floats, Floats]:
    """AUCs (k,) and placements V10 (M, k), V01 (N, k) of ``scores`` (n, k), with mid-ranks.

    V10 is the share of negatives that a positive exceeds, V01 the share of positives that exceed a
    negative; ties count one half. O(n log n) in float64 (Sun & Xu, IEEE Signal Process Lett 2014).
    """
    positive, negative = scores[y == 1], scores[y == 0]
    m, n = len(positive), len(negative)
    ranks = rankdata(scores, axis=0)
    v10 = (ranks[y == 1] - rankdata(positive, axis=0)) / n
    v01 = 1 - (ranks[y == 0] - rankdata(negative, axis=0)) / m
    # Rank sums are whole or half numbers: the AUC is exact to its last division.
    auc = (ranks[y == 1].sum(axis=0) - m * (m + 1) / 2) / (m * n)
    return auc, v10, v01


def group_sums(values: Floats, codes: Ints, n_groups: int) -> Floats:
    """Sums of the rows of ``values`` (n, k) by group number: (n_groups, k)."""
    sums = np.zeros((n_groups, values.shape[1]))
    np.add.at(sums, codes, values)
    return sums


def components(y: Floats, scores: Floats, codes: Ints) -> Components:
    """AUCs of ``scores`` (n, k) and their covariance clustered by ``codes`` (n,).

    Both classes must be present. With fewer than two patients in a class the covariance is NaN. Where
    every case is its own patient this is DeLong's covariance (DeLong 1988; Obuchowski 1997).
    """
    auc, v10, v01 = placements(y, scores)
    codes_pos, codes_neg = codes[y == 1], codes[y == 0]
    groups_pos, groups_neg = np.unique(codes_pos).size, np.unique(codes_neg).size
    total = int(codes.max()) + 1
    d1 = group_sums(v10 - auc, codes_pos, total)
    d0 = group_sums(v01 - auc, codes_neg, total)
    groups = np.unique(codes).size
    return sandwich(
        auc, d1 / len(v10), d0 / len(v01), groups_pos=groups_pos, groups_neg=groups_neg, groups=groups
    )


def sandwich(
    auc: Floats, e1: Floats, e0: Floats, *, groups_pos: int, groups_neg: int, groups: int
) -> Components:
    """Covariance from each patient's influence through its positives ``e1`` and negatives ``e0``.

    Both are (patients, k) and already divided by the size of their class, so that the covariance is
    the plain sum of their products with the small-sample factors I / (I - 1).
    """
    undefined = np.full((len(auc), len(auc)), np.nan)
    if min(groups_pos, groups_neg) < 2:
        return Components(auc, undefined, undefined, undefined, groups_pos, groups_neg)
    cross = groups / (groups - 1) * (e1.T @ e0)
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
