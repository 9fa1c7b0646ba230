"""Group differences for cohort tables: the test that the data allow, named, with the n behind it."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, log10
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, check_level, same_length
from sgcore.stats.standardized import StandardizedDifference, standardized_means, standardized_shares
from sgcore.stats.univariate import (
    SHAPIRO_RANGE,
    TEST_NAMES,
    choose_tests,
    is_constant,
    of_size_one,
    run_test,
    unit_of,
)

Kind = Literal["continuous", "categorical"]
NAMES = {
    **TEST_NAMES,
    "anova": "one-way analysis of variance",
    "welch-anova": "Welch's analysis of variance",
    "kruskal": "Kruskal-Wallis test",
    "chi-square": "Pearson's chi-square test",
    "fisher": "Fisher's exact test",
}
FISHER_TABLES = 9999


@dataclass(frozen=True)
class GroupTest:
    """One row of a cohort table. ``p`` is NaN beside a ``reason`` where there is nothing to test.

    ``test`` is a key of ``NAMES`` and ``test_name`` its wording. ``n`` and ``n_missing`` count the
    known and missing values of each group; ``summary`` describes each group: mean ± SD where the
    groups are normal, else median [quartiles], or the counts and percentages of the levels.
    ``difference`` is the standardized difference, second group minus first (two groups only).
    """

    kind: Kind
    test: str
    statistic: float
    p: float
    n: dict[str, int]
    n_missing: dict[str, int]
    summary: dict[str, str]
    difference: StandardizedDifference
    reason: str
    level: float

    @property
    def test_name(self) -> str:
        return NAMES.get(self.test, "")

    @property
    def smd(self) -> float:
        return self.difference.estimate

    @property
    def smd_low(self) -> float:
        return self.difference.ci_low

    @property
    def smd_high(self) -> float:
        return self.difference.ci_high


def compare_groups(
    values: ArrayLike, labels: ArrayLike, kind: Kind | None = None, level: float = 0.95
) -> GroupTest:
    """Test whether ``values`` (n,) differ between the groups named by ``labels`` (n,).

    Continuous: Shapiro-Wilk in each group; all normal (p >= 0.05), then Levene's test (around the
    medians) chooses Student or Welch; else Mann-Whitney U. Three groups and more take the analysis of
    variance, Welch's or Kruskal-Wallis likewise. Categorical: Pearson's chi-square without continuity
    correction, or Fisher's exact test where an expected count is below 5 (beyond 2 x 2 from 9999
    seeded random tables). Missing values are left out of the test and counted in ``n_missing``.

    Parameters
    ----------
    values : one row a patient; with several images a patient these tests do not hold.
    labels : groups in sorted order, or in the order of the categories of a pandas categorical.
    kind : None decides: numbers with more than two distinct values are continuous.

    Raises
    ------
    ValueError : arrays of different length, a missing label, an unknown kind, continuous values that
        are no numbers.
    """
    check_level(level)
    column, groups = pd.Series(values).reset_index(drop=True), pd.Series(labels).reset_index(drop=True)
    same_length(len(groups), values=column)
    if groups.isna().any():
        raise ValueError(f"{int(groups.isna().sum())} of {len(groups)} group labels are missing.")
    if kind not in (None, "continuous", "categorical"):
        raise ValueError(f"kind is {kind!r}; choose continuous or categorical.")
    grouping = pd.Categorical(groups).remove_unused_categories()
    names = [str(name) for name in grouping.categories]
    known = column.notna().to_numpy()
    counted = {name: int((known & (grouping.codes == i)).sum()) for i, name in enumerate(names)}
    missing = {name: int((~known & (grouping.codes == i)).sum()) for i, name in enumerate(names)}
    column, codes = column[known], np.asarray(grouping.codes)[known]
    kind = kind or _kind(column)
    if kind == "continuous":
        samples = [_numbers(column[codes == i]) for i in range(len(names))]
        test, statistic, p, summary, gap, reason = _continuous(samples, level)
    else:
        table = pd.crosstab(_levels(column), codes).reindex(columns=range(len(names)), fill_value=0)
        test, statistic, p, summary, gap, reason = _categorical(table, level)
    described = dict(zip(names, summary, strict=True))
    return GroupTest(kind, test, statistic, p, counted, missing, described, gap, reason, level)


Outcome = tuple[str, float, float, list[str], StandardizedDifference, str]
TWO_GROUPS_ONLY = StandardizedDifference(NAN, NAN, NAN, "only between two groups")


def _kind(column: pd.Series) -> Kind:
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    return "continuous" if numeric and column.nunique() > 2 else "categorical"


def _levels(column: pd.Series) -> pd.Series:
    """Names of the levels; whole numbers that missing values made floats are written without .0."""
    if pd.api.types.is_float_dtype(column) and (column % 1 == 0).all():
        column = column.astype("int64")
    return column.astype(str)


def _numbers(column: pd.Series) -> Floats:
    try:
        return column.to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"continuous values must be numbers: {error}.") from error


def _continuous(samples: list[Floats], level: float) -> Outcome:
    reason, gap = "", TWO_GROUPS_ONLY
    if len(samples) < 2:
        reason = "one group only"
    elif min(sample.size for sample in samples) < 2:
        reason = "fewer than 2 values in a group"
    elif not np.isfinite(np.concatenate(samples)).all():
        reason = "infinite values"
    elif is_constant(np.concatenate(samples)[:, None])[0]:
        reason = "constant"
    if len(samples) == 2:
        first, second = of_size_one(samples)
        gap = standardized_means(first, second, level)
    if reason:
        return "", NAN, NAN, [describe(sample, False) for sample in samples], gap, reason
    sized = of_size_one(samples)
    if len(samples) == 2:
        b, a = (sample[:, None] for sample in sized)
        chosen, normal, _ = choose_tests(a, b, 0.05)
        statistic, p = (float(value[0]) for value in run_test(chosen[0], a, b))
        return chosen[0], statistic, p, [describe(s, bool(normal[0])) for s in samples], gap, ""
    low, high = SHAPIRO_RANGE
    normal_all = all(
        low <= s.size <= high and not is_constant(s[:, None])[0] and scipy.stats.shapiro(s).pvalue >= 0.05
        for s in sized
    )
    if normal_all:
        equal = bool(scipy.stats.levene(*sized).pvalue >= 0.05)
        test, result = ("anova" if equal else "welch-anova"), scipy.stats.f_oneway(*sized, equal_var=equal)
    else:
        test, result = "kruskal", scipy.stats.kruskal(*samples)
    summary = [describe(s, normal_all) for s in samples]
    return test, float(result.statistic), float(result.pvalue), summary, gap, ""


def describe(sample: Floats, normal: bool) -> str:
    if not sample.size:
        return "no value"
    if not np.isfinite(sample).all():
        return "infinite values"
    if normal:
        unit = unit_of(sample)
        sized = sample / unit
        spread = float(unit * sized.std(ddof=1))
        return "{} ± {}".format(*_written([float(unit * sized.mean()), spread], spread))
    low, middle, high = (float(value) for value in np.quantile(sample, [0.25, 0.5, 0.75]))
    return "{1} [{0}, {2}]".format(*_written([low, middle, high], high - low))


def _written(values: list[float], spread: float) -> list[str]:
    """Values with as many decimals as show two figures of their spread; four figures where these are many."""
    digits = max(0, 1 - floor(log10(spread))) if 0 < spread < inf else 99
    plain = digits <= 4 and max(map(abs, values)) < 1e6
    return [f"{value:.{digits}f}" if plain else f"{value:.4g}" for value in values]


def _categorical(table: pd.DataFrame, level: float) -> Outcome:
    counts = table.to_numpy()
    sizes = counts.sum(axis=0)
    summary = [
        "; ".join(f"{name} {n} ({100 * n / total:.1f}%)" for name, n in zip(table.index, column, strict=True))
        if total
        else "no value"
        for column, total in zip(counts.T, sizes, strict=True)
    ]
    gap = standardized_shares(counts, level) if len(sizes) == 2 else TWO_GROUPS_ONLY
    reason = ""
    if len(sizes) < 2:
        reason = "one group only"
    elif (sizes == 0).any():
        reason = "no value in a group"
    elif len(counts) < 2:
        reason = "constant"
    if reason:
        return "", NAN, NAN, summary, gap, reason
    if (scipy.stats.contingency.expected_freq(counts) < 5).any():
        random = scipy.stats.MonteCarloMethod(n_resamples=FISHER_TABLES, rng=np.random.default_rng(0))
        result = scipy.stats.fisher_exact(counts, method=None if counts.shape == (2, 2) else random)
        # A 2 x 2 odds ratio or the probability of a table is no statistic to print beside the others.
        # For some tables scipy 1.17 returns the p value of random tables as an array of one.
        return "fisher", NAN, float(np.ravel(result.pvalue)[0]), summary, gap, ""
    chi2 = scipy.stats.chi2_contingency(counts, correction=False)
    return "chi-square", float(chi2.statistic), float(chi2.pvalue), summary, gap, ""
