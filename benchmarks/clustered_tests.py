"""How often group tests at 5% reject where nothing differs and patients have several images.

    python benchmarks/clustered_tests.py [REPLICATES]

Patients have 1 to 4 images whose values correlate at 0.7; `size-related` values spread more in patients
with more images. Datta and Satten's rank sum (J Am Stat Assoc 2005;100:908) is written out here for the
comparison only. Then paired proportions: size of the test and coverage of the interval.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.stats import mannwhitneyu, norm, rankdata
from scipy.stats import t as student

from sgcore.stats.clustered_tables import clustered_table_test
from sgcore.stats.clustered_tests import clustered_contrast, univariate_tests_clustered
from sgcore.stats.paired_proportions import compare_proportions

TESTS = ("rank", "A - 0.5, z", "A - 0.5, t", "Datta-Satten", "mean", "OLS, t(K-1)", "Mann-Whitney", "table")


def datta_satten(x: np.ndarray, label: np.ndarray, codes: np.ndarray) -> float:
    """Two-sided p; ``label`` (patients,) 0 or 1, ``x`` and ``codes`` (images,)."""
    sizes = np.bincount(codes)
    k, weight = sizes.size, 1 / sizes[codes]
    below = np.less.outer(x, x).T + 0.5 * np.equal.outer(x, x)
    others = (below * weight * (codes[:, None] != codes)).sum(axis=1)
    score = float((label[codes] * weight * (1 + others)).sum()) / (k + 1)
    mean_rank = np.bincount(codes, (rankdata(x) - 0.5) / x.size) / sizes
    terms = ((k - 1) * label - (label.sum() - label)) * mean_rank / (k + 1)
    terms -= k / (2 * (k + 1)) * (label - label.mean())
    return float(2 * norm.sf(abs(score - label.sum() / 2) / np.sqrt((terms**2).sum())))


def rejections(rng: np.random.Generator, patients: int, positive: int, kind: str) -> list[bool]:
    sizes = rng.integers(1, 5, patients)
    codes, label = np.repeat(np.arange(patients), sizes), (np.arange(patients) < positive).astype(float)
    y, n = label[codes], codes.size
    x = np.sqrt(0.7) * rng.normal(size=patients)[codes] + np.sqrt(0.3) * rng.normal(size=n)
    x = {"normal": x, "lognormal": np.exp(x), "size-related": x * (1 + 0.3 * sizes[codes])}[kind]
    rank = clustered_contrast(x[:, None], y, codes, ranks=True)
    a, se, df = rank.estimate[0], np.sqrt(rank.variance[0]), rank.df[0]
    mean = clustered_contrast(x[:, None], y, codes, ranks=False)
    ones, zeros = x[y == 1], x[y == 0]
    influence = np.where(y == 1, (x - ones.mean()) / ones.size, (zeros.mean() - x) / zeros.size)
    robust = patients / (patients - 1) * (n - 1) / (n - 2) * (np.bincount(codes, influence) ** 2).sum()
    third = np.searchsorted(np.quantile(x, [1 / 3, 2 / 3]), x)
    p = (
        univariate_tests_clustered(x[:, None], y, codes, test="rank")["p"].iloc[0],
        2 * norm.sf(abs(a - 0.5) / se) if se else 0.0,
        2 * student.sf(abs(a - 0.5) / se, df) if se else 0.0,
        datta_satten(x, label, codes),
        2 * student.sf(abs(mean.estimate[0]) / np.sqrt(mean.variance[0]), mean.df[0]),
        2 * student.sf(abs(mean.estimate[0]) / np.sqrt(robust), patients - 1),
        mannwhitneyu(ones, zeros, method="asymptotic").pvalue,
        clustered_table_test(third, y.astype(int), codes)[3],
    )
    return [value < 0.05 for value in p]


def paired(rng: np.random.Generator, patients: int, agreement: float) -> list[bool]:
    """Rejection and coverage of two equally good models; high agreement leaves few discordant cases."""
    codes = np.repeat(np.arange(patients), rng.integers(1, 5, patients))
    shared = agreement * (rng.normal(size=patients)[codes] + rng.normal(size=codes.size))
    a, b = (
        (shared + rng.normal(size=patients)[codes] + rng.normal(size=codes.size) > -1).astype(int)
        for _ in "ab"
    )
    result = compare_proportions(a, b, codes)
    return [result.p < 0.05, result.ci_low <= 0 <= result.ci_high]


def main(replicates: int) -> None:
    print(f"{replicates} replicates, percent rejected at 5%")
    print(f"{'patients':>12} {'values':>12}  " + "  ".join(TESTS))
    for patients, positive in ((60, 30), (60, 15), (29, 14), (111, 54), (12, 5)):
        for kind in ("normal", "lognormal", "size-related"):
            rng = np.random.default_rng([patients, positive, len(kind)])
            counts = np.sum([rejections(rng, patients, positive, kind) for _ in range(replicates)], axis=0)
            shares = (
                f"{100 * count / replicates:{len(name)}.1f}"
                for name, count in zip(TESTS, counts, strict=True)
            )
            print(f"{patients:5d} ({positive:2d}+) {kind:>14}  " + "  ".join(shares), flush=True)
    print("\npaired proportions: percent rejected, percent of intervals that hold the truth")
    for patients in (15, 30, 60):
        for agreement in (0.5, 2.0):
            rng = np.random.default_rng([patients, int(10 * agreement)])
            size, held = 100 * np.mean([paired(rng, patients, agreement) for _ in range(replicates)], axis=0)
            print(f"{patients:3d} patients, agreement {agreement:.1f}: {size:4.1f}  {held:5.1f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
