"""How strongly two categorical columns go together: Cramer's V, corrected for its bias, against permutations."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, check_level, same_length
from sgcore.stats.permutation import permutation_p

PERMUTATIONS = 4999


@dataclass(frozen=True)
class CramersV:
    """Cramer's V of two columns; NaN beside a ``reason`` where one has a single level.

    ``estimate`` is corrected for bias, ``plain`` is not. ``ci_low`` and ``ci_high`` invert the noncentral chi-square
    distribution, which is rough where cells expect few cases; ``p`` permutes one column, and ``chance_95`` is the
    corrected V that chance alone exceeds in one of twenty permutations. ``n`` cases know both columns, ``n_missing``
    do not. ``levels`` are how many levels each column has.
    """

    estimate: float
    plain: float
    ci_low: float
    ci_high: float
    p: float
    chance_95: float
    n: int
    n_missing: int
    levels: tuple[int, int]
    reason: str
    level: float


def cramers_v(
    one: ArrayLike, other: ArrayLike, *, permutations: int = PERMUTATIONS, seed: int = 0, level: float = 0.95
) -> CramersV:
    """Cramer's V of two columns (n,) of levels, one row a patient; missing values are left out and counted.

    With phi^2 = X^2 / n of an r x c table, the corrected V is sqrt(max(0, phi^2 - (r - 1)(c - 1) / (n - 1)) /
    min(r' - 1, c' - 1)), r' = r - (r - 1)^2 / (n - 1) and c' likewise (Bergsma 2013). The interval has the
    noncentralities lambda for which X^2 lies at either end of their distribution, as
    sqrt(lambda / (n min(r - 1, c - 1))) (Smithson 2003), 1 at most; where X^2 is below its expectation without
    association, (r - 1)(c - 1), the upper end is that of the expectation. The permutation test is exact but for the
    number of permutations, also in tables with small counts.

    Raises
    ------
    ValueError : arrays of different length, fewer than 1 permutation, a level outside (0, 1).

    References
    ----------
    Bergsma W. J Korean Stat Soc 2013;42:323. Smithson M. Confidence Intervals. Sage 2003, chapter 4.
    """
    check_level(level)
    first, second = pd.Series(one).reset_index(drop=True), pd.Series(other).reset_index(drop=True)
    same_length(len(second), one=first)
    if permutations < 1:
        raise ValueError(f"permutations is {permutations}; at least 1 is needed.")
    known = (first.notna() & second.notna()).to_numpy()
    n, missing = int(known.sum()), int((~known).sum())
    rows, row_names = pd.factorize(first[known])
    columns, column_names = pd.factorize(second[known])
    shape = len(row_names), len(column_names)
    if min(shape) < 2:
        reason = "no patient has both values" if n == 0 else "one column has a single level"
        return CramersV(NAN, NAN, NAN, NAN, NAN, NAN, n, missing, shape, reason, level)
    table = np.zeros(shape, dtype=np.int64)
    np.add.at(table, (rows, columns), 1)
    chi2 = float(_chi2(table[None])[0])
    null = _chi2(_permuted(table, permutations, np.random.default_rng(seed)))
    low, high = _interval(chi2, n, shape, level)
    return CramersV(
        _corrected(chi2, n, shape),
        sqrt(chi2 / (n * (min(shape) - 1))),
        low,
        high,
        # Sums of equal tables may differ in their last digit.
        permutation_p(chi2 * (1 - 1e-9), null),
        _corrected(float(np.quantile(null, 0.95)), n, shape),
        n,
        missing,
        shape,
        "",
        level,
    )


def _permuted(table: Ints, times: int, rng: np.random.Generator) -> Ints:
    """Tables (times, r, c) of one column against the permuted other one: cell by cell, given those before."""
    drawn = np.zeros((times, *table.shape), dtype=np.int64)
    left = np.tile(table.sum(axis=0), (times, 1))
    for row, total in enumerate(table.sum(axis=1)[:-1]):
        missing, pool = np.full(times, total), left.sum(axis=1)
        for column in range(table.shape[1] - 1):
            pool = pool - left[:, column]
            drawn[:, row, column] = rng.hypergeometric(left[:, column], pool, missing)
            missing = missing - drawn[:, row, column]
        drawn[:, row, -1] = missing
        left = left - drawn[:, row]
    drawn[:, -1] = left
    return drawn


def _chi2(tables: Ints) -> Floats:
    """Pearson's chi-square of each of ``tables`` (m, r, c) without an empty row or column."""
    expected = tables.sum(axis=2, keepdims=True) * tables.sum(axis=1, keepdims=True)
    expected = expected / tables.sum(axis=(1, 2), keepdims=True)
    value: Floats = ((tables - expected) ** 2 / expected).sum(axis=(1, 2))
    return value


def _corrected(chi2: float, n: int, shape: tuple[int, int]) -> float:
    rows, columns = shape
    if n < 3:
        return NAN
    excess = max(0.0, chi2 / n - (rows - 1) * (columns - 1) / (n - 1))
    room = min(rows - (rows - 1) ** 2 / (n - 1), columns - (columns - 1) ** 2 / (n - 1)) - 1
    return min(1.0, sqrt(excess / room)) if room > 0 else NAN


def _interval(chi2: float, n: int, shape: tuple[int, int], level: float) -> tuple[float, float]:
    """Ends of the interval of V, from the noncentralities that put ``chi2`` at either tail."""
    # As scipy.stats' distribution, without the second that loading it takes: pages read the audit.
    from scipy.special import chdtr, chndtrinc

    df, scale = (shape[0] - 1) * (shape[1] - 1), n * (min(shape) - 1)
    tail = (1 - level) / 2
    ends = []
    for share in (1 - tail, tail):
        # A table that is evener than chance would make it is no evidence beyond one that is as even as expected.
        seen = chi2 if share > tail else max(chi2, df)
        noncentrality = float(chndtrinc(seen, df, share)) if chdtr(df, seen) > share else 0.0
        ends.append(min(1.0, sqrt(noncentrality / scale)))
    return ends[0], ends[1]
