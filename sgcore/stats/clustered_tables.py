"""Counts by group where patients have several images: a chi-square that knows who belongs together."""

from __future__ import annotations

import numpy as np

from sgcore.stats._arrays import NAN, Floats, Ints
from sgcore.stats.placements import group_sums

CLUSTERED_TABLE_NAMES = {
    "rao-scott": "chi-square test, Rao-Scott correction by patient",
    "permutation": "chi-square test, permutation of patients",
}
PERMUTATIONS = 9999
SMALL_COUNT = 5


def clustered_table_test(levels: Ints, labels: Ints, codes: Ints) -> tuple[str, float, float, float]:
    """Whether the shares of the levels differ between groups: test, statistic, design effect and p.

    Pearson's chi-square X^2 is over the (G - 1) (L - 1) contrasts u_i = (1(group) - share of the
    group) x (1(level) - share of the level) of each image i. The design effect is tr(V^-1 B) over its
    value with every image its own patient; V is their multinomial covariance, B = K / (K - 1) times the
    sum over the K patients of the squared sums of u_i. ``rao-scott`` refers X^2 / design effect to the
    chi-square distribution with (G - 1) (L - 1) degrees of freedom (first-order correction). Where
    every image is its own patient this is exactly Pearson's test. Where an expected count over the
    design effect is below 5, and every patient is in one group, the groups of whole patients are
    permuted instead (9999 times, seeded), and X^2 is compared with the permuted ones.

    Parameters
    ----------
    levels, labels, codes : (n,) numbers from 0 of each image's level, group and patient; two levels,
        two groups and two patients at least, each of them present.

    References
    ----------
    Rao JNK, Scott AJ. Ann Stat 1984;12:46.
    """
    n = levels.size
    patients = np.unique(codes, return_inverse=True)[1]
    level = np.eye(int(levels.max()) + 1)[levels]
    group = np.eye(int(labels.max()) + 1)[labels]
    expected = np.outer(group.mean(axis=0), level.mean(axis=0)) * n
    chi2_value = float(_pearson((group.T @ level)[None])[0])
    # tr(V^-1 S) of the sum S of squares of u is a sum over all cells of u^2 over the expected count.
    u = (group - group.mean(axis=0))[:, :, None] * (level - level.mean(axis=0))[:, None, :]
    u = (u / np.sqrt(expected)).reshape(n, -1)
    by_patient = group_sums(u, patients, int(patients.max()) + 1)
    k = len(by_patient)
    plain = n / (n - 1) * float((u**2).sum())
    effect = k / (k - 1) * float((by_patient**2).sum()) / plain
    own = group_sums(group, patients, k)
    if (expected / max(effect, 1.0)).min() < SMALL_COUNT and ((own > 0).sum(axis=1) == 1).all():
        counts = group_sums(level, patients, k)
        p = _permuted(own > 0, counts, chi2_value)
        return "permutation", chi2_value, effect, p
    if effect <= 0:
        return "", NAN, effect, NAN
    from scipy.stats import chi2

    df = (group.shape[1] - 1) * (level.shape[1] - 1)
    return "rao-scott", chi2_value / effect, effect, float(chi2.sf(chi2_value / effect, df))


def _pearson(tables: Floats) -> Floats:
    """Pearson's chi-square of each of ``tables`` (m, G, L); empty rows and columns add nothing."""
    rows, columns = tables.sum(axis=2, keepdims=True), tables.sum(axis=1, keepdims=True)
    expected = rows * columns / tables.sum(axis=(1, 2), keepdims=True)
    parts = np.divide((tables - expected) ** 2, expected, out=np.zeros_like(tables), where=expected > 0)
    value: Floats = parts.sum(axis=(1, 2))
    return value


def _permuted(member: np.ndarray, counts: Floats, observed: float) -> float:
    """Share of permutations of patients with a chi-square at least as large, the data among them."""
    rng = np.random.default_rng(0)
    group = member.argmax(axis=1)
    orders = rng.permuted(np.tile(group, (PERMUTATIONS, 1)), axis=1)
    tables = np.stack([(orders == g).astype(float) @ counts for g in range(member.shape[1])], axis=1)
    return float((1 + (_pearson(tables) >= observed * (1 - 1e-9)).sum()) / (PERMUTATIONS + 1))
