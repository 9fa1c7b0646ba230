"""What the best of k gains by being picked on the patients it is then reported on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, Floats, Ints, as_cases, as_floats, check_level, same_length
from sgcore.stats.newcombe import newcombe_interval

METHOD = "bootstrap bias correction of the pick, Newcombe's method 5 at the estimate"


@dataclass(frozen=True)
class PickBonus:
    """AUC to expect of the best of k candidates; NaN beside a ``reason`` where not estimable.

    ``naive`` is the AUC of ``picked`` (its number) on the patients it was picked on, ``estimate`` the
    mean out-of-bag AUC of the pick, ``bonus`` naive minus estimate. ``monte_carlo_se`` is the error of
    the estimate from the number of replicates; ``skipped`` of them had a class absent out of bag.
    ``pick_counts`` (k,) says how often each candidate was picked, over all ``replicates``.
    """

    estimate: float
    ci_low: float
    ci_high: float
    naive: float
    bonus: float
    picked: int
    n_candidates: int
    replicates: int
    skipped: int
    monte_carlo_se: float
    pick_counts: Ints = field(compare=False, repr=False)
    names: tuple[str, ...] = field(repr=False)
    n_pos: int
    n_neg: int
    method: str
    reason: str
    level: float
    seed: int
    note: str = "the models are fixed and the patients from the same centers: nothing is said of a new center"

    def frame(self) -> pd.DataFrame:
        """One row a candidate, most often picked first: ``candidate, picked, share``."""
        share = self.pick_counts / self.replicates
        table = pd.DataFrame({"candidate": self.names, "picked": self.pick_counts, "share": share})
        return table.sort_values("picked", ascending=False, kind="stable", ignore_index=True)


def pick_bonus(
    y: ArrayLike,
    scores: ArrayLike,
    *,
    replicates: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    names: Sequence[str] | None = None,
) -> PickBonus:
    """Bootstrap bias correction: pick in the bag, evaluate out of it.

    Each replicate draws the patients with replacement within their class, picks the candidate with the
    largest AUC in the bag (the first of equals) and takes its AUC on the patients that were not drawn.

    Parameters
    ----------
    y : (n,) 0 or 1, one entry a patient. scores : (n, k) of k candidates with fixed models; k counts
        every combination that was looked at, also those that were not reported.
    replicates : number of bootstrap replicates. seed : of numpy's default generator.

    Returns
    -------
    PickBonus. The interval is Newcombe's at the estimate with these numbers of patients: the spread of
    the replicates is no interval. One class only, missing values, and a class so small that it is
    never out of the bag give NaN with the reason.

    Raises
    ------
    ValueError : arrays of different length or dimension, labels other than 0 and 1, no candidate, no
        replicate, names of another number, a bad level.

    References
    ----------
    Tsamardinos I, Greasidou E, Borboudakis G. Mach Learn 2018;107:1895 (BBC-CV).
    """
    check_level(level)
    cases, table = as_cases(y, None), as_floats(scores, "scores", ndim=2)
    same_length(cases.y.size, scores=table)
    k = table.shape[1]
    if k == 0 or replicates < 1:
        raise ValueError(f"{k} candidate(s) and {replicates} replicate(s); at least 1 of each is needed.")
    labels = tuple(str(name) for name in (range(k) if names is None else names))
    if len(labels) != k:
        raise ValueError(f"names has {len(labels)} values where scores has {k} candidates.")
    incomplete = int(np.isnan(table).any(axis=0).sum())
    reason = cases.reason
    if incomplete and not reason:
        reason = f"{incomplete} of {k} candidates lack the score of at least one patient"
    if reason:
        return PickBonus(
            NAN, NAN, NAN, NAN, NAN, -1, k, replicates, 0, NAN, np.zeros(k, dtype=np.int64), labels,
            cases.n_pos, cases.n_neg, METHOD, reason, level, seed,
        )  # fmt: skip
    positive, negative = table[cases.positive], table[~cases.positive]
    rng = np.random.default_rng(seed)
    drawn_pos, drawn_neg = (_multiplicities(rng, len(part), replicates) for part in (positive, negative))
    picks = _in_bag_picks(positive, negative, drawn_pos, drawn_neg)
    out_pos, out_neg = (drawn_pos == 0).astype(float), (drawn_neg == 0).astype(float)
    usable = out_pos.any(axis=1) & out_neg.any(axis=1)
    values = np.full(replicates, np.nan)
    for j in np.unique(picks[usable]):
        rows = usable & (picks == j)
        values[rows] = weighted_auc(positive[:, j], negative[:, j], out_pos[rows], out_neg[rows])
    ones = np.ones((1, len(positive))), np.ones((1, len(negative)))
    apparent = np.array([weighted_auc(positive[:, j], negative[:, j], *ones)[0] for j in range(k)])
    picked = int(apparent.argmax())
    naive, counted = float(apparent[picked]), values[usable]
    estimate = low = high = error = NAN
    if not counted.size:
        reason = (
            f"a class was absent out of the bag in all {replicates} replicates "
            f"({cases.n_pos} positive, {cases.n_neg} negative patients)"
        )
    else:
        estimate = float(counted.mean())
        low, high = newcombe_interval(estimate, cases.n_pos, cases.n_neg, level=level)
        error = float(counted.std(ddof=1)) / sqrt(counted.size) if counted.size > 1 else NAN
    return PickBonus(
        estimate, low, high, naive, naive - estimate, picked, k, replicates, int((~usable).sum()), error,
        np.bincount(picks, minlength=k).astype(np.int64), labels, cases.n_pos, cases.n_neg, METHOD, reason,
        level, seed,
    )  # fmt: skip


def _multiplicities(rng: np.random.Generator, size: int, replicates: int) -> Floats:
    """How often each of ``size`` patients is drawn in each bootstrap sample: (replicates, size)."""
    return rng.multinomial(size, np.full(size, 1 / size), size=replicates).astype(float)


def _in_bag_picks(positive: Floats, negative: Floats, drawn_pos: Floats, drawn_neg: Floats) -> Ints:
    """Number of the candidate with the largest in-bag AUC in each replicate, the first of equals."""
    best = np.full(len(drawn_pos), -1.0)
    picks = np.zeros(len(drawn_pos), dtype=np.int64)
    for j in range(positive.shape[1]):
        value = weighted_auc(positive[:, j], negative[:, j], drawn_pos, drawn_neg)
        better = value > best
        best[better], picks[better] = value[better], j
    return picks


def weighted_auc(positive: Floats, negative: Floats, weight_pos: Floats, weight_neg: Floats) -> Floats:
    """AUCs (B,) of one score under B sets of weights of its cases; ties count one half.

    ``positive`` (m,) and ``negative`` (n,) are the scores, ``weight_pos`` (B, m) and ``weight_neg``
    (B, n) whole numbers, so that every sum is exact and equal AUCs compare as equal.
    """
    order = np.argsort(negative)
    below = np.zeros((len(weight_neg), negative.size + 1))
    np.cumsum(weight_neg[:, order], axis=1, out=below[:, 1:])
    ranked = negative[order]
    first, last = (np.searchsorted(ranked, positive, side=side) for side in ("left", "right"))
    # Weight of the negatives that each positive exceeds, twice: half the ties are on either side.
    exceeded = below[:, first] + below[:, last]
    return np.einsum("bm,bm->b", weight_pos, exceeded) / (2 * weight_pos.sum(axis=1) * below[:, -1])
