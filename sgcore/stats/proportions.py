"""Proportions with intervals, plain and clustered by patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, as_floats, check_level, group_codes
from sgcore.stats.placements import group_sums

ProportionMethod = Literal["wilson", "clopper-pearson"]
NAMES = {"wilson": "Wilson", "clopper-pearson": "Clopper-Pearson"}


@dataclass(frozen=True)
class Proportion:
    """A proportion, its interval, and what it counts; NaN beside a ``reason`` where n is 0.

    ``n_effective`` is the number of independent cases worth as much as the ``n`` clustered ones.
    """

    estimate: float
    ci_low: float
    ci_high: float
    successes: int
    n: int
    n_groups: int
    n_effective: float
    method: str
    reason: str
    level: float


def proportion(
    successes: int, n: int, level: float = 0.95, method: ProportionMethod = "wilson"
) -> Proportion:
    """A proportion of ``n`` independent cases with Wilson's or Clopper and Pearson's interval.

    Raises
    ------
    ValueError : counts that are no counts, a bad level, an unknown method.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209. Clopper CJ, Pearson ES. Biometrika 1934;26:404.
    """
    if n != int(n) or successes != int(successes) or not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} is not a proportion.")
    return _interval(int(successes), int(n), n_groups=int(n), effective=float(n), level=level, method=method)


def clustered_proportion(
    values: ArrayLike,
    groups: ArrayLike | None,
    level: float = 0.95,
    method: ProportionMethod = "wilson",
) -> Proportion:
    """Proportion of ones among clustered 0/1 ``values`` (n,), interval on the effective sample size.

    The variance is that of a ratio of patient totals, sum (y_i - p m_i)^2 k / (k - 1) / n^2 for k
    patients with m_i cases; over p (1 - p) / (n - 1) it is the design effect, and n over the design
    effect, at most n, takes the place of n in the interval. Where that variance says nothing (p is 0
    or 1, a single patient), the number of patients takes it. Singletons give exactly the plain interval.

    Raises
    ------
    ValueError : arrays of different length, values other than 0 and 1 (NaN included).

    References
    ----------
    Rao JNK, Scott AJ. Biometrics 1992;48:577.
    """
    hits = as_floats(values, "values")
    if not np.isin(hits, (0, 1)).all():
        raise ValueError("values must be 0 or 1, without missing ones.")
    codes = group_codes(groups, hits.size)
    if (codes < 0).any():
        raise ValueError(f"the patient of {int((codes < 0).sum())} of {hits.size} cases is missing.")
    effective = float(effective_sizes(hits[:, None], codes)[0]) if hits.size else 0.0
    patients = np.unique(codes).size
    return _interval(
        int(hits.sum()), hits.size, n_groups=patients, effective=effective, level=level, method=method
    )


def effective_sizes(hits: Floats, codes: Ints) -> Floats:
    """Effective sample sizes (k,) of the proportions of the columns of 0/1 ``hits`` (n, k), n > 0."""
    n = len(hits)
    codes = np.unique(codes, return_inverse=True)[1]
    sizes = np.bincount(codes)
    patients = sizes.size
    if patients == n:
        return np.full(hits.shape[1], float(n))
    p = hits.mean(axis=0)
    residuals = group_sums(hits, codes, patients) - p * sizes[:, None]
    effective = np.full(hits.shape[1], float(patients))
    defined = (p > 0) & (p < 1) & (patients > 1)
    variance = patients / max(1, patients - 1) * (residuals**2).sum(axis=0) / n**2
    effect = variance[defined] * (n - 1) / (p * (1 - p))[defined]
    effective[defined] = n / np.maximum(1.0, effect)
    return effective


def confidence(
    estimate: ArrayLike, effective: ArrayLike, level: float, method: ProportionMethod
) -> tuple[Floats, Floats]:
    """Interval of proportions on (effective) sample sizes, elementwise."""
    from statsmodels.stats.proportion import proportion_confint

    p, size = np.asarray(estimate, dtype=float), np.asarray(effective, dtype=float)
    kind = {"wilson": "wilson", "clopper-pearson": "beta"}[method]
    low, high = proportion_confint(p * size, size, alpha=1 - level, method=kind)
    # Rounding must not push an interval past its own estimate or out of [0, 1].
    return np.minimum(np.maximum(low, 0.0), p), np.maximum(np.minimum(high, 1.0), p)


def _interval(
    successes: int, n: int, *, n_groups: int, effective: float, level: float, method: ProportionMethod
) -> Proportion:
    check_level(level)
    if method not in NAMES:
        raise ValueError(f"method is {method!r}; choose wilson or clopper-pearson.")
    name = NAMES[method] + (", clustered by patient" if n_groups < n else "")
    if n == 0:
        return Proportion(NAN, NAN, NAN, 0, 0, 0, 0.0, name, "no cases", level)
    low, high = confidence(successes / n, effective, level, method)
    return Proportion(
        successes / n, float(low), float(high), successes, n, n_groups, effective, name, "", level
    )
