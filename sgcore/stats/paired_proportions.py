"""Two yes-or-no answers on the same cases: do the two models differ in sensitivity or specificity?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_cases, as_floats, check_level, group_codes, same_length
from sgcore.stats.placements import group_sums
from sgcore.stats.tango import tango_interval

EXACT_BELOW = 25  # discordant pairs
MANY_PATIENTS = 50
EXACT = "McNemar, exact"


@dataclass(frozen=True)
class PairedComparison:
    """Share of ones of a minus that of b, with interval and test; NaN beside a ``reason``.

    ``statistic`` is a chi-square with 1 degree of freedom (NaN where the test is exact). ``only_a``
    and ``only_b`` count the discordant cases, ``both`` and ``neither`` the others, ``n`` all of them;
    ``n_left_out`` the cases that lacked one of the two. ``n_effective`` is the number of independent
    cases worth as much as the ``n`` clustered ones, on which the interval rests.
    """

    difference: float
    ci_low: float
    ci_high: float
    statistic: float
    p: float
    share_a: float
    share_b: float
    only_a: int
    only_b: int
    both: int
    neither: int
    n: int
    n_patients: int
    n_effective: float
    n_left_out: int
    method: str
    reason: str
    level: float

    @property
    def n_discordant(self) -> int:
        return self.only_a + self.only_b


@dataclass(frozen=True)
class OperatingPointComparison:
    """Sensitivity (among the positives) and specificity (among the negatives), a minus b."""

    threshold_a: float
    threshold_b: float
    sensitivity: PairedComparison
    specificity: PairedComparison

    def frame(self) -> pd.DataFrame:
        """One row a measure, its columns the fields of :class:`PairedComparison`."""
        rows = [{"measure": name, **vars(getattr(self, name))} for name in ("sensitivity", "specificity")]
        return pd.DataFrame(rows)


def compare_proportions(
    a: ArrayLike, b: ArrayLike, groups: ArrayLike | None = None, level: float = 0.95
) -> PairedComparison:
    """Compare two proportions on the same cases.

    Every case its own patient: McNemar's test, exact below 25 discordant cases, from there the
    chi-square without continuity correction. Several cases a patient, d_k = only a - only b of the
    m_k cases of patient k, K patients, n cases, difference d = sum d_k / n: with fewer than 50
    patients of varying numbers of cases Durkalski's (sum d_k / m_k)^2 / sum (d_k / m_k)^2; with
    equal numbers, or from 50 patients on, the modified Obuchowski test
    (K - 1) / K (sum d_k)^2 / (sum [(d_k - m_k d)^2 + d_k^2] / 2), as Yang et al. advise. Durkalski's
    weighs patients alike, the difference and the other tests weigh cases alike.

    The interval is Tango's score interval. It inverts McNemar's chi-square, so that both agree there;
    beside the exact test, which is more careful, it can leave out 0 at a p above 1 - ``level``.
    Clustered, the variance K / (K - 1) sum (d_k - m_k d)^2 / n^2 over the unclustered one is the
    design effect, and n over it, at most n, takes the place of n. Where that variance says nothing (no
    discordant case, all of them alike, a single patient), the number of patients does.

    Parameters
    ----------
    a, b : (n,) 0 or 1 for each case, for example "called positive" among the positive cases. Cases
        with a NaN in one of the two are left out and counted.
    groups : (n,) patient of each case.

    Returns
    -------
    PairedComparison. Agreement on every case, or discordant cases that cancel within every patient,
    have p = 1 with that reason. No case, or a missing patient: all NaN; one patient: no p.

    Raises
    ------
    ValueError : arrays of different length, values other than 0, 1 and NaN, a bad level.

    References
    ----------
    McNemar Q. Psychometrika 1947;12:153. Tango T. Stat Med 1998;17:891.
    Durkalski VL et al. Stat Med 2003;22:2417. Obuchowski NA. Stat Med 1998;17:1495.
    Yang Z, Sun X, Hardin JW. Biom J 2010;52:638.
    """
    check_level(level)
    first, second = _answers(a, "a"), _answers(b, "b")
    if first.size != second.size:
        raise ValueError(f"a has {first.size} values where b has {second.size}; give both for every case.")
    codes = group_codes(groups, first.size)
    known = ~(np.isnan(first) | np.isnan(second))
    left_out = int((~known).sum())
    first, second, codes = first[known], second[known], codes[known]
    n, patients = first.size, np.unique(codes[codes >= 0]).size
    reason = ""
    if not n:
        reason = "no case has both answers" if left_out else "no cases"
    elif (codes < 0).any():
        reason = f"the patient of {int((codes < 0).sum())} of {n} cases is missing"
    if reason:
        return _not_compared(n, patients, left_out, reason, level)
    gaps = first - second
    only_a, only_b = int((gaps == 1).sum()), int((gaps == -1).sum())
    if patients == n:
        effective = float(n)
        method, statistic, p, reason = _mcnemar(only_a, only_b)
    else:
        totals = group_sums(np.column_stack([gaps, np.ones(n)]), codes, int(codes.max()) + 1)
        d, m = totals[totals[:, 1] > 0].T
        effective = _effective_size(d, m, gaps)
        method, statistic, p, reason = _clustered_test(d, m, only_a + only_b)
    scale = effective / n
    low, high = tango_interval(only_a * scale, only_b * scale, effective, level)
    both = int((first * second).sum())
    return PairedComparison(
        (only_a - only_b) / n, low, high, statistic, p, float(first.mean()), float(second.mean()),
        only_a, only_b, both, n - both - only_a - only_b, n, patients, effective, left_out, method,
        reason, level,
    )  # fmt: skip


def compare_operating_points(
    y_true: ArrayLike,
    score_a: ArrayLike,
    threshold_a: float,
    score_b: ArrayLike,
    threshold_b: float,
    groups: ArrayLike | None = None,
    level: float = 0.95,
) -> OperatingPointComparison:
    """Compare sensitivity and specificity of two models on the same cases, each at its own threshold.

    Parameters
    ----------
    y_true, score_a, score_b, groups : (n,) label, both scores and the patient of each case. Cases that
        lack a score are left out and counted in the class they belong to.
    threshold_a, threshold_b : a case is called positive at >= threshold.

    Returns
    -------
    OperatingPointComparison; each half as of :func:`compare_proportions`. An absent class, a missing
    label or patient and a NaN threshold give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, a bad level.
    """
    check_level(level)
    cases = as_cases(y_true, groups)
    a, b = as_floats(score_a, "score_a"), as_floats(score_b, "score_b")
    same_length(cases.y.size, score_a=a, score_b=b)
    reason = "" if cases.reason.startswith("one class") else cases.reason
    if not reason and (np.isnan(threshold_a) or np.isnan(threshold_b)):
        reason = "no threshold"

    def among(label: int, name: str) -> PairedComparison:
        here = cases.y == label
        if reason or not here.any():
            why = reason or f"no {name} case"
            return _not_compared(int(here.sum()), cases.groups_with(label), 0, why, level)
        right = [
            np.where(np.isnan(scores[here]), np.nan, (scores[here] >= threshold) == label)
            for scores, threshold in ((a, threshold_a), (b, threshold_b))
        ]
        return compare_proportions(right[0], right[1], cases.codes[here], level)

    return OperatingPointComparison(
        float(threshold_a), float(threshold_b), among(1, "positive"), among(0, "negative")
    )


def _answers(values: ArrayLike, name: str) -> Floats:
    answers = as_floats(values, name)
    wrong = answers[~np.isnan(answers) & (answers != 0) & (answers != 1)]
    if wrong.size:
        raise ValueError(f"{name} must be 0 or 1, or NaN where it is missing; it holds {wrong[0]:g}.")
    return answers


def _mcnemar(only_a: int, only_b: int) -> tuple[str, float, float, str]:
    discordant = only_a + only_b
    if discordant >= EXACT_BELOW:
        statistic = (only_a - only_b) ** 2 / discordant
        return "McNemar, asymptotic", statistic, float(scipy.stats.chi2.sf(statistic, 1)), ""
    if not discordant:
        return EXACT, NAN, 1.0, "the two agree on every case"
    return EXACT, NAN, float(scipy.stats.binomtest(only_a, discordant).pvalue), ""


def _clustered_test(d: Floats, m: Floats, discordant: int) -> tuple[str, float, float, str]:
    patients = d.size
    durkalski = patients < MANY_PATIENTS and m.min() < m.max()
    method = ("Durkalski" if durkalski else "modified Obuchowski") + ", clustered by patient"
    if patients < 2:
        return method, NAN, NAN, f"one patient only, n = {m.sum():.0f}: nothing tells how patients vary"
    if not discordant:
        return method, NAN, 1.0, "the two agree on every case"
    if not d.any():
        return method, NAN, 1.0, f"the {discordant} discordant cases cancel within every patient"
    if durkalski:
        statistic = float((d / m).sum() ** 2 / ((d / m) ** 2).sum())
    else:
        spread = (((d - m * d.sum() / m.sum()) ** 2).sum() + (d**2).sum()) / 2
        statistic = float((patients - 1) / patients * d.sum() ** 2 / spread)
    return method, statistic, float(scipy.stats.chi2.sf(statistic, 1)), ""


def _effective_size(d: Floats, m: Floats, gaps: Floats) -> float:
    """Number of independent cases that would give the difference the variance it has by patient."""
    patients, n = d.size, gaps.size
    plain = gaps.var(ddof=1) / n
    if patients < 2 or plain == 0:
        return float(patients)
    clustered = patients / (patients - 1) * ((d - m * gaps.mean()) ** 2).sum() / n**2
    return n / max(1.0, float(clustered / plain))


def _not_compared(n: int, patients: int, left_out: int, reason: str, level: float) -> PairedComparison:
    return PairedComparison(
        NAN, NAN, NAN, NAN, NAN, NAN, NAN, 0, 0, 0, 0, n, patients, 0.0, left_out, "not compared",
        reason, level,
    )  # fmt: skip
