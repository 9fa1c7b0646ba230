"""Permutation nulls: the labels of whole patients, permuted within center and subset."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb, prod

import numpy as np
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, as_floats, as_labels, check_level, group_codes
from sgcore.stats.proportions import confidence


@dataclass(frozen=True)
class Exchangeable:
    """Patients whose labels may change places: ``labels`` (P,) and ``strata`` (P,) of each patient.

    ``patient_of`` (n,) is the patient of each case.
    """

    labels: Floats
    strata: Ints
    patient_of: Ints

    @property
    def distinct(self) -> int:
        """How many different assignments of the labels there are, exactly: product of binomials."""
        sizes = np.bincount(self.strata)
        positives = np.bincount(self.strata, weights=self.labels)
        return prod(comb(int(n), int(m)) for n, m in zip(sizes, positives, strict=True))

    def draw(self, rng: np.random.Generator, times: int) -> Floats:
        """Labels of the patients (times, P), permuted within each stratum."""
        drawn = np.tile(self.labels, (times, 1))
        for stratum in np.unique(self.strata):
            members = np.flatnonzero(self.strata == stratum)
            drawn[:, members] = rng.permuted(drawn[:, members], axis=1)
        return drawn


@dataclass(frozen=True)
class PermutationTest:
    """An observed statistic against its permutation null; NaN where ``observed`` is NaN.

    ``reached`` permutations are at least as large as ``observed``.
    ``p_low`` and ``p_high`` are Clopper and Pearson's limits for the p that endless permutations would
    give (Monte Carlo error); ``chance_median`` and ``chance_95`` quantiles of the ``null`` (m,).
    """

    observed: float
    reached: int
    p: float
    p_low: float
    p_high: float
    chance_median: float
    chance_95: float
    null: Floats = field(compare=False, repr=False)
    permutations: int
    level: float


def exchangeable(
    y: Floats, groups: ArrayLike | None, strata: ArrayLike | None
) -> tuple[Exchangeable | None, str]:
    """The patients and their labels, or why these cannot be exchanged."""
    codes = group_codes(groups, y.size)
    where = np.zeros(y.size, dtype=np.int64) if strata is None else group_codes(strata, y.size, "strata")
    for values, what in ((np.isnan(y), "label"), (codes < 0, "patient"), (where < 0, "stratum")):
        if values.any():
            return None, f"the {what} of {int(values.sum())} of {y.size} cases is missing"
    patients, first = np.unique(codes, return_index=True)
    counts, positives = np.bincount(codes), np.bincount(codes, weights=y)
    stratum = where[first]
    elsewhere = np.unique(codes[where != stratum[codes]]).size
    mixed = int(((positives > 0) & (positives < counts)).sum())
    for number, words in ((mixed, "cases of both classes"), (elsewhere, "cases in several strata")):
        if number:
            who = f"{number} of {patients.size} patients have {words}"
            return None, f"{who}; their labels cannot be exchanged"
    return Exchangeable(y[first], stratum, codes), ""


def distinct_text(distinct: int) -> str:
    """The number of distinct permutations in words, exact while it limits what p can be."""
    return f"{distinct:,}" if distinct <= 10**6 else "more than a million"


def distinct_permutations(
    y: ArrayLike, groups: ArrayLike | None = None, strata: ArrayLike | None = None
) -> int:
    """How many assignments of the patients' labels within their strata there are, exactly; 0 where none.

    Parameters and errors as in :func:`permute_patient_labels`, whose draws are among these.
    """
    units, _ = exchangeable(as_labels(y), groups, strata)
    return 0 if units is None else units.distinct


def permute_patient_labels(
    y: ArrayLike, groups: ArrayLike | None, strata: ArrayLike | None, rng: np.random.Generator
) -> Floats:
    """Labels (n,) after the patients of each stratum have exchanged theirs.

    A patient's cases keep one label; cases, scores, features and strata stay where they are. The number
    of positive patients of a stratum is kept, that of positive images is not.

    Parameters
    ----------
    y, groups, strata : (n,) label, patient and stratum (center x subset) of each case; without groups
        every case is a patient, without strata there is one stratum.
    rng : the generator that draws; it is advanced.

    Raises
    ------
    ValueError : arrays of different length, missing values, and a patient with cases of both classes
        or in two strata: its label is not one that another patient could have.

    References
    ----------
    Ojala M, Garriga GC. J Mach Learn Res 2010;11:1833.
    """
    units, reason = exchangeable(as_labels(y), groups, strata)
    if units is None:
        raise ValueError(f"the labels cannot be permuted: {reason}.")
    return units.draw(rng, 1)[0][units.patient_of]


def permutation_p(observed: float, null: ArrayLike) -> float:
    """p = (1 + #{T* >= T}) / (m + 1) of an observed statistic T and its (m,) random permutations T*.

    Never 0: the observed labels are one of the permutations. NaN where ``observed`` is NaN.

    Raises
    ------
    ValueError : a null with missing values; a permutation that failed has to be run again, or counted
        as what it was (an empty selection is a constant score with an AUC of 0.5).

    References
    ----------
    Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39.
    """
    draws = as_floats(null, "null")
    missing = int(np.isnan(draws).sum())
    if missing:
        raise ValueError(f"{missing} of {draws.size} values of null are missing; run them again.")
    return NAN if np.isnan(observed) else (1 + int((draws >= observed).sum())) / (draws.size + 1)


def permutation_test(observed: float, null: ArrayLike, level: float = 0.95) -> PermutationTest:
    """An observed statistic T against m random permutations: p, its Monte Carlo limits, and the null.

    Raises
    ------
    ValueError : a null with missing values or without a permutation, a bad level.
    """
    check_level(level)
    draws = as_floats(null, "null")
    if not draws.size:
        raise ValueError("the null has no permutation; at least 1 is needed.")
    p = permutation_p(observed, draws)
    p_low = p_high = NAN
    reached = int((draws >= observed).sum())
    if not np.isnan(observed):
        share = reached / draws.size
        p_low, p_high = (float(x) for x in confidence(share, draws.size, level, "clopper-pearson"))
    median, high = float(np.median(draws)), float(np.quantile(draws, 0.95))
    return PermutationTest(observed, reached, p, p_low, p_high, median, high, draws, int(draws.size), level)
