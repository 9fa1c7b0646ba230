"""The scores-fixed null: the best of k AUCs against the best of k by chance."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, as_cases, as_floats, check_level, same_length
from sgcore.stats.permutation import exchangeable, permutation_test
from sgcore.stats.placements import group_sums

CHUNK = 1000  # permutations in memory at a time


@dataclass(frozen=True)
class FixedScoresNull:
    """The largest of k AUCs against what it would be by chance; NaN beside a ``reason``.

    ``observed`` is the AUC of candidate number ``best``; ``null`` (m,) the largest AUC of each
    permutation, of which ``chance_median`` and ``chance_95`` are quantiles. ``p_low`` and ``p_high`` are
    Clopper and Pearson's limits for the p that endless permutations would give (Monte Carlo error).
    ``distinct`` counts the assignments of the labels, exactly; p cannot be smaller than ``p_floor``.
    """

    observed: float
    best: int
    p: float
    p_low: float
    p_high: float
    chance_median: float
    chance_95: float
    null: Floats = field(compare=False, repr=False)
    n_candidates: int
    permutations: int
    distinct: int
    n_pos: int
    n_neg: int
    n_patients: int
    n_strata: int
    method: str
    reason: str
    level: float
    seed: int

    @property
    def p_floor(self) -> float:
        """The smallest p that these patients and this number of permutations allow."""
        return max(1 / (self.permutations + 1), 1 / self.distinct) if self.distinct else NAN


def scores_fixed_null(
    y: ArrayLike,
    scores: ArrayLike,
    groups: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    *,
    permutations: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> FixedScoresNull:
    """Is the best of k AUCs more than chance, scores and models being what they are?

    Only the labels of the evaluated patients are permuted; T is the largest of the k AUCs, so that p
    is already corrected for the k that were looked at. It is the valid null for scores made
    elsewhere and for networks that are not trained again.

    Parameters
    ----------
    y : (n,) 0 or 1. scores : (n, k). groups, strata : (n,) patient and stratum (center x subset) of
        each case. AUCs count cases, the labels of whole patients are permuted.
    permutations : number m of random permutations. level : of the Monte Carlo limits of p.

    Returns
    -------
    FixedScoresNull. One class only, missing values, a patient with cases of both classes or in two
    strata, and strata that hold one class each give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length or dimension, labels other than 0 and 1, no candidate, no
        permutation, a bad level.

    References
    ----------
    Ojala M, Garriga GC. J Mach Learn Res 2010;11:1833.
    Phipson B, Smyth GK. Stat Appl Genet Mol Biol 2010;9:39.
    """
    check_level(level)
    cases, table = as_cases(y, groups), as_floats(scores, "scores", ndim=2)
    same_length(cases.y.size, scores=table)
    k = table.shape[1]
    if k == 0 or permutations < 1:
        raise ValueError(f"{k} candidate(s) and {permutations} permutation(s); at least 1 of each is needed.")
    units, problem = exchangeable(cases.y, groups, strata)
    incomplete = int(np.isnan(table).any(axis=0).sum())
    distinct = 0 if units is None else units.distinct
    reason = cases.reason or problem
    if incomplete and not reason:
        reason = f"{incomplete} of {k} candidates lack the score of at least one case"
    if distinct == 1 and not reason:
        reason = "every stratum has one class only: there is nothing to permute"
    observed, best, null, found = NAN, -1, np.zeros(0), (NAN, NAN, NAN, NAN, NAN)
    n_strata = 0 if units is None else int(np.unique(units.strata).size)
    if units is not None and not reason:
        ranks = group_sums(scipy.stats.rankdata(table, axis=0), units.patient_of, units.labels.size)
        sizes = np.bincount(units.patient_of).astype(float)
        aucs = _aucs(units.labels[None, :], ranks, sizes)[0]
        best = int(aucs.argmax())
        observed = float(aucs[best])
        rng = np.random.default_rng(seed)
        null = np.concatenate(
            [
                _aucs(units.draw(rng, min(CHUNK, permutations - start)), ranks, sizes).max(axis=1)
                for start in range(0, permutations, CHUNK)
            ]
        )
        test = permutation_test(observed, null, level)
        found = test.p, test.p_low, test.p_high, test.chance_median, test.chance_95
    return FixedScoresNull(
        observed, best, *found, null, k, permutations, distinct, cases.n_pos, cases.n_neg,
        cases.n_groups, n_strata, f"largest of {k} AUCs, labels of whole patients permuted within strata",
        reason, level, seed,
    )  # fmt: skip


def _aucs(labels: Floats, ranks: Floats, sizes: Floats) -> Floats:
    """AUCs (B, k) of B assignments of the patients' labels (B, P), from the patients' rank sums (P, k).

    The ranks do not depend on the labels: one matrix product gives every rank sum of the positives,
    in halves, hence exact.
    """
    m = (labels @ sizes)[:, None]
    n = sizes.sum() - m
    return (labels @ ranks - m * (m + 1) / 2) / (m * n)
