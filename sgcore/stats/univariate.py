"""One two-sample test a feature, all features at once: the first step of the selection."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from sgcore.stats._arrays import NAN, Floats, as_floats, as_labels, same_length
from sgcore.stats.normality import looks_normal

Test = Literal["auto", "student", "welch", "mannwhitney"]
Flags = NDArray[np.bool_]

TEST_NAMES = {"student": "Student's t test", "welch": "Welch's t test", "mannwhitney": "Mann-Whitney U test"}
# Shapiro-Wilk needs three values, and its p value is not accurate above 5000.
SHAPIRO_RANGE = (3, 5000)


def univariate_tests(
    X: ArrayLike | pd.DataFrame, y: ArrayLike, *, test: Test = "auto", alpha: float = 0.05
) -> pd.DataFrame:
    """Test each column of ``X`` between the two classes.

    Parameters
    ----------
    X : (n, d) features. y : (n,) 0 or 1.
    test : ``auto`` takes Student's t where Shapiro-Wilk finds both classes normal (p >= alpha) and
        Levene's test (around the medians) equal variances, Welch's t where only the variances differ,
        and Mann-Whitney U otherwise, also where a class is too small (below 3), too large (above
        5000) or too uniform for Shapiro-Wilk. The others are used for every column.
    alpha : level of the two preliminary tests.

    Returns
    -------
    DataFrame, one row a column of X in its order (index: the columns' names, if X has them): ``test``
    (``student``, ``welch`` or ``mannwhitney``), ``statistic`` (t of positive against negative, or U of
    the positives), two-sided ``p``, ``reason`` (why p is NaN; empty otherwise), and ``normal`` and
    ``equal_variance`` (missing where not tested).

    Raises
    ------
    ValueError : shapes that do not fit, labels other than 0 and 1, an unknown test.
    """
    if test not in ("auto", "student", "welch", "mannwhitney"):
        raise ValueError(f"test is {test!r}; choose auto, student, welch or mannwhitney.")
    values, labels = as_floats(X, "X", ndim=2), as_labels(y)
    same_length(labels.size, X=values)
    if np.isnan(labels).any():
        raise ValueError(f"{int(np.isnan(labels).sum())} of {labels.size} labels are missing.")
    a, b = of_size_one([values[labels == 1], values[labels == 0]])
    reasons = column_reasons(a, b)
    if test in ("student", "welch"):
        # A perfect separator of two values has ranks to test, but no variance.
        reasons[(reasons == "") & is_constant(a) & is_constant(b)] = "one value in each class: no variance"
    usable = reasons == ""
    chosen = np.full(values.shape[1], "" if test == "auto" else test, dtype=object)
    normal = np.full(values.shape[1], np.nan)
    equal = np.full(values.shape[1], np.nan)
    if test == "auto" and usable.any():
        chosen[usable], normal[usable], equal[usable] = choose_tests(a[:, usable], b[:, usable], alpha)
    statistic = np.full(values.shape[1], np.nan)
    p = np.full(values.shape[1], np.nan)
    for name in ("student", "welch", "mannwhitney"):
        here = usable & (chosen == name)
        if here.any():
            statistic[here], p[here] = run_test(name, a[:, here], b[:, here])
    chosen[~usable] = ""
    return pd.DataFrame(
        {
            "test": chosen.astype(str),
            "statistic": statistic,
            "p": p,
            "reason": reasons.astype(str),
            "normal": pd.array(normal, dtype="boolean"),
            "equal_variance": pd.array(equal, dtype="boolean"),
        },
        index=X.columns if isinstance(X, pd.DataFrame) else None,
    )


def column_reasons(a: Floats, b: Floats) -> NDArray[np.object_]:
    """Why a column cannot be tested between the samples ``a`` and ``b``; empty where it can."""
    both = np.concatenate([a, b])
    reasons = np.full(both.shape[1], "", dtype=object)
    if len(a) < 2 or len(b) < 2:
        reasons[:] = f"fewer than 2 cases in a class ({len(a)} positive, {len(b)} negative)"
        return reasons
    reasons[is_constant(both)] = "constant"
    reasons[np.isinf(both).any(axis=0)] = "infinite values"
    missing = np.isnan(both).sum(axis=0)
    for column in np.flatnonzero(missing):
        reasons[column] = f"{missing[column]} of {len(both)} values are missing"
    return reasons


def is_constant(values: Floats) -> Flags:
    """Columns whose spread is rounding error beside their size (or zero)."""
    with np.errstate(invalid="ignore"):  # infinite values are refused with their own reason
        spread = values.max(axis=0) - values.min(axis=0)
        return spread <= 1e-14 * np.abs(values).max(axis=0)


def unit_of(values: Floats) -> Floats:
    """A power of two for each column of ``values`` (n, d), in which squares neither overflow nor vanish; shape (d,)."""
    largest = np.abs(values).max(axis=0, initial=0)
    return np.where(np.isfinite(largest), np.exp2(np.frexp(largest)[1] - 1.0), 1.0)


def of_size_one(samples: list[Floats]) -> list[Floats]:
    """The samples in the unit of their columns: quotients of moments stay what they are to the last bit."""
    unit = unit_of(np.concatenate(samples))
    return [sample / unit for sample in samples]


def choose_tests(a: Floats, b: Floats, alpha: float) -> tuple[NDArray[np.object_], Floats, Floats]:
    """Names of the tests, whether both classes are normal, whether variances are equal (NaN: not asked)."""
    normal = ~(is_constant(a) | is_constant(b))
    low, high = SHAPIRO_RANGE
    if not all(low <= len(sample) <= high for sample in (a, b)):
        normal[:] = False
    for sample in (a, b):
        if normal.any():
            # Shapiro-Wilk does not depend on offset and unit, but scipy takes a range below 1e-19 for zero,
            # and the energies of numerical residue lie below that.
            columns = sample[:, normal] - sample[:, normal].min(axis=0)
            normal[normal] = looks_normal(columns / columns.max(axis=0), alpha)
    equal = np.full(a.shape[1], NAN)
    if normal.any():
        equal[normal] = scipy.stats.levene(a[:, normal], b[:, normal], axis=0).pvalue >= alpha
    chosen = np.where(normal, np.where(equal == 1, "student", "welch"), "mannwhitney").astype(object)
    return chosen, normal.astype(float), equal


def run_test(name: str, a: Floats, b: Floats) -> tuple[Floats, Floats]:
    """Statistics and two-sided p values of one test on every column of ``a`` against ``b``."""
    if name != "mannwhitney":
        # t does not depend on offset and unit; squares of huge values would overflow, and scipy's own
        # moments warn of a class that has one value.
        both = np.concatenate([a, b])
        both = both / np.abs(both).max(axis=0)
        both = both - both.mean(axis=0)
        moments = [
            part
            for sample in (both[: len(a)], both[len(a) :])
            for part in (sample.mean(axis=0), sample.std(axis=0, ddof=1), len(sample))
        ]
        result = scipy.stats.ttest_ind_from_stats(*moments, equal_var=name == "student")
        return result.statistic, result.pvalue
    ordered = np.sort(np.concatenate([a, b]), axis=0)
    # The exact distribution holds for small classes without ties; asked column by column, so that one
    # feature's ties do not change another's p value.
    exact = (np.diff(ordered, axis=0) > 0).all(axis=0) & (min(len(a), len(b)) <= 8)
    statistic, p = np.empty(a.shape[1]), np.empty(a.shape[1])
    for method, here in (("exact", exact), ("asymptotic", ~exact)):
        if here.any():
            result = scipy.stats.mannwhitneyu(a[:, here], b[:, here], axis=0, method=method)
            statistic[here], p[here] = result.statistic, result.pvalue
    return statistic, p
