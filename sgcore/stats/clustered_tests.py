"""Group tests where patients have several images: the patient, not the image, is what is sampled."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Literal

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Floats, Ints, as_floats, as_labels, group_codes, same_length
from sgcore.stats.placements import ROUNDING, group_sums, placements
from sgcore.stats.univariate import choose_tests, column_reasons

ClusteredTest = Literal["auto", "mean", "rank"]
CLUSTERED_TEST_NAMES = {
    "clustered-mean": "Welch's t test, clustered by patient",
    "clustered-rank": "Brunner-Munzel test (logit), clustered by patient",
    "separation": "exact test of the patients, complete separation",
}
NO_VARIANCE = 1e-24  # of values that reach 1: less is rounding


def univariate_tests_clustered(
    X: ArrayLike | pd.DataFrame,
    y: ArrayLike,
    groups: ArrayLike | None,
    *,
    test: ClusteredTest = "auto",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Test each column of ``X`` between the two classes, clustered by patient.

    ``mean`` tests the difference of the class means, ``rank`` the AUC of the column, A, against 0.5:
    t = difference / SE and t = logit(A) A (1 - A) / SE. SE^2 is Obuchowski's clustered variance: the
    sums over a patient's images of x - mean (or of placement - A) are the independent terms, with the
    factors I10 / (I10 - 1), I01 / (I01 - 1) and I / (I - 1) on the numbers of patients with positive,
    negative and any images; t has Satterthwaite's degrees of freedom on those numbers. ``rank`` is thus
    the test that belongs to the ``logit-t`` interval of :func:`sgcore.stats.auc`: p < 0.05 just where
    the 95% interval leaves out 0.5 (from 5 patients a class on). Where every image is its own patient,
    ``mean`` is exactly Welch's t test, and ``rank`` has exactly the variance and the degrees of freedom
    of Brunner and Munzel's test, taken to the logit scale. Unlike Mann and Whitney's, its null
    hypothesis is an AUC of 0.5, whatever the spreads. A column that separates the classes has no such
    variance; its p is the exact chance 2 / C(I, I10) that an ordering of the patients does so.

    Of tests at 5% in 2000 simulated data sets (60 patients, 1 to 4 images, correlation 0.7;
    benchmarks/clustered_tests.py) ``rank`` rejected in 4.2 to 5.1%, ``mean`` in 3.7 to 6.7%; A - 0.5 over
    its SE 5.2 to 6.7%, Datta and Satten's rank sum 4.5 to 7.3%, least squares with clustered errors and
    I - 1 degrees of freedom 3.9 to 7.2%, Mann-Whitney by image 19 to 23%.

    Parameters
    ----------
    X : (n, d) features. y : (n,) 0 or 1. groups : (n,) patient of each row.
    test : ``auto`` takes ``mean`` where Shapiro-Wilk finds the patients' means normal in both classes
        (p >= alpha), else ``rank``. Images of one patient are no sample for Shapiro-Wilk.

    Returns
    -------
    DataFrame, one row a column of X in its order: ``test`` (a key of ``CLUSTERED_TEST_NAMES``),
    ``statistic`` (t), ``df``, two-sided ``p``, ``reason`` (why p is NaN; empty otherwise), ``normal``.

    Raises
    ------
    ValueError : shapes that do not fit, labels other than 0 and 1, a missing label, an unknown test.

    References
    ----------
    Obuchowski NA. Biometrics 1997;53:567. Brunner E, Munzel U. Biom J 2000;42:17.
    """
    if test not in ("auto", "mean", "rank"):
        raise ValueError(f"test is {test!r}; choose auto, mean or rank.")
    values, labels = as_floats(X, "X", ndim=2), as_labels(y)
    same_length(labels.size, X=values)
    if np.isnan(labels).any():
        raise ValueError(f"{int(np.isnan(labels).sum())} of {labels.size} labels are missing.")
    codes = group_codes(groups, labels.size)
    reasons = column_reasons(values[labels == 1], values[labels == 0])
    patients = _patient_reason(labels, codes)
    if patients:
        reasons[reasons == ""] = patients
    usable = np.flatnonzero(reasons == "")
    chosen = np.full(values.shape[1], "", dtype=object)
    numbers = np.full((values.shape[1], 4), np.nan)  # statistic, df, p, normal
    if usable.size:
        columns = _scaled(values[:, usable])
        if test == "auto":
            normal = normal_by_patient(columns, labels, codes, alpha)
            numbers[usable, 3] = normal
        else:
            normal = np.full(usable.size, test == "mean")
        for name, here in (("clustered-mean", normal), ("clustered-rank", ~normal)):
            if here.any():
                result = _test(name, columns[:, here], labels, codes)
                chosen[usable[here]], reasons[usable[here]] = result.test, result.reason
                numbers[usable[here], :3] = np.column_stack([result.statistic, result.df, result.p])
    return pd.DataFrame(
        {
            "test": chosen.astype(str),
            "statistic": numbers[:, 0],
            "df": numbers[:, 1],
            "p": numbers[:, 2],
            "reason": reasons.astype(str),
            "normal": pd.array(numbers[:, 3], dtype="boolean"),
        },
        index=X.columns if isinstance(X, pd.DataFrame) else None,
    )


@dataclass(frozen=True)
class Contrast:
    """Difference of the class means, or AUC, of each column (d,), with its clustered variance.

    ``from_pos`` and ``from_neg`` are the variances of the two class means (or class placements).
    """

    estimate: Floats
    variance: Floats
    from_pos: Floats
    from_neg: Floats
    df: Floats


def clustered_contrast(values: Floats, y: Floats, codes: Ints, *, ranks: bool) -> Contrast:
    """The contrast of the columns of ``values`` (n, d); at least 2 patients in each class."""
    positive, negative = values[y == 1], values[y == 0]
    if ranks:
        auc, v10, v01 = placements(y, values)
        estimate, d1, d0 = auc, v10 - auc, v01 - auc
    else:
        means = positive.mean(axis=0), negative.mean(axis=0)
        estimate, d1, d0 = means[0] - means[1], positive - means[0], means[1] - negative
    codes_pos, codes_neg = codes[y == 1], codes[y == 0]
    n_pos, n_neg, n_any = (np.unique(c).size for c in (codes_pos, codes_neg, codes))
    total = int(codes.max()) + 1
    e1 = group_sums(d1, codes_pos, total) / len(positive)
    e0 = group_sums(d0, codes_neg, total) / len(negative)
    from_pos = n_pos / (n_pos - 1) * (e1**2).sum(axis=0)
    from_neg = n_neg / (n_neg - 1) * (e0**2).sum(axis=0)
    crossed = 2 * n_any / (n_any - 1) * (e1 * e0).sum(axis=0)
    spread = from_pos**2 / (n_pos - 1) + from_neg**2 / (n_neg - 1)
    df = np.divide((from_pos + from_neg) ** 2, spread, out=np.full(spread.shape, np.nan), where=spread > 0)
    variance = from_pos + from_neg + crossed
    # Of parts that cancel rounding alone is left.
    variance[np.abs(variance) <= ROUNDING * (from_pos + from_neg)] = 0.0
    return Contrast(estimate, variance, from_pos, from_neg, df)


def normal_by_patient(values: Floats, y: Floats, codes: Ints, alpha: float) -> np.ndarray:
    """Whether Shapiro-Wilk finds the patients' means of each column normal in both classes."""
    means = []
    for label in (1, 0):
        _, own = np.unique(codes[y == label], return_inverse=True)
        counts = np.bincount(own)
        means.append(group_sums(values[y == label], own, counts.size) / counts[:, None])
    return choose_tests(means[0], means[1], alpha)[1] == 1


@dataclass(frozen=True)
class _Tested:
    test: np.ndarray
    statistic: Floats
    df: Floats
    p: Floats
    reason: np.ndarray


def _test(name: str, values: Floats, y: Floats, codes: Ints) -> _Tested:
    ranks = name == "clustered-rank"
    contrast = clustered_contrast(values, y, codes, ranks=ranks)
    d = values.shape[1]
    test, reason = np.full(d, name, dtype=object), np.full(d, "", dtype=object)
    statistic, p, df = np.full(d, np.nan), np.full(d, np.nan), contrast.df.copy()
    some = contrast.variance > NO_VARIANCE
    shift = contrast.estimate
    if ranks:
        inside = np.clip(shift, 1e-12, 1 - 1e-12)  # at 0 and 1 there is no variance to divide by
        shift = np.log(inside / (1 - inside)) * inside * (1 - inside)
    statistic[some] = shift[some] / np.sqrt(contrast.variance[some])
    p[some] = 2 * scipy.stats.t.sf(np.abs(statistic[some]), df[some])
    reason[~some] = "the clustered variance is zero"
    df[~some] = np.nan
    if ranks:
        separated = (contrast.estimate == 0) | (contrast.estimate == 1)
        n_pos, n_neg, n_any = (np.unique(c).size for c in (codes[y == 1], codes[y == 0], codes))
        if n_pos + n_neg == n_any:
            test[separated], reason[separated] = "separation", ""
            p[separated] = 2 / comb(n_any, n_pos)
        else:
            reason[separated] = "the classes separate, also within patients who have both"
    test[reason != ""] = ""
    return _Tested(test, statistic, df, p, reason)


def _scaled(values: Floats) -> Floats:
    """Columns around 0 that reach 1: t does not depend on offset and unit, squares of huge values overflow."""
    centered = values / np.abs(values).max(axis=0)
    centered = centered - centered.mean(axis=0)
    return centered / np.abs(centered).max(axis=0)


def _patient_reason(y: Floats, codes: Ints) -> str:
    if (codes < 0).any():
        return f"the patient of {int((codes < 0).sum())} of {y.size} cases is missing"
    counts = [np.unique(codes[y == label]).size for label in (1, 0)]
    if min(counts) < 2:
        return f"fewer than 2 patients in a class ({counts[0]} positive, {counts[1]} negative)"
    return ""
