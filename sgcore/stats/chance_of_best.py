"""How high the best of k AUCs goes by chance alone, on a set of which only the class counts are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import asin, isnan, pi, sqrt

import numpy as np
import pandas as pd
import scipy

from sgcore.stats._arrays import Floats

#: A class of this size has an AUC so close to normal that the integral replaces the simulation.
LARGE = 60
#: Comparisons of two cases that a simulation makes at most; beyond, the integral replaces it as well.
MOST_COMPARED = 2_000_000_000
_CHUNK_CELLS = 1_000_000
#: Two AUCs nearer than this are one: a share of pairs and a typed number differ in their last binary digit.
_SAME = 1e-12


@dataclass(frozen=True)
class ChanceOfBest:
    """The largest of k AUCs when no candidate knows anything; one value for each of ``candidates``.

    ``median`` and ``upper`` (95th percentile) are of the maximum. ``reached`` is the share of replicates in which it
    is at least ``auc``, NaN without one. ``replicates`` is 0 where an integral took the simulation's place.
    """

    candidates: tuple[int, ...]
    median: tuple[float, ...]
    upper: tuple[float, ...]
    reached: tuple[float, ...] = field(compare=False)
    auc: float
    correlation: float
    n_pos: int
    n_neg: int
    replicates: int
    method: str
    seed: int

    def frame(self) -> pd.DataFrame:
        """One row a number of candidates: ``candidates, median, upper, reached``."""
        names = ("candidates", "median", "upper", "reached")
        return pd.DataFrame({name: getattr(self, name) for name in names})


def chance_of_best(
    n_pos: int,
    n_neg: int,
    candidates: Sequence[int],
    correlations: Sequence[float],
    *,
    auc: float = float("nan"),
    replicates: int = 20_000,
    seed: int = 0,
) -> tuple[ChanceOfBest, ...]:
    """Distribution of the best of k at chance, for several k at once; one result for each of ``correlations``.

    Every case has k standard normal scores with the same correlation between any two, the same in both classes:
    score_j = sqrt(rho) shared + sqrt(1 - rho) own_j. The AUC of each, then the largest of the first k. Where both
    classes have at least ``LARGE`` cases, or a simulation would be too long (``MOST_COMPARED``), the AUCs are normal
    with mean 1/2, variance (m + n + 1) / (12 m n) and, between any two, Spearman's correlation of the scores,
    (6 / pi) asin(rho / 2); the maximum is then an integral.

    Parameters
    ----------
    n_pos, n_neg : independent cases (patients) of each class. candidates : the numbers k, each at least 1.
    correlations : between the scores of any two candidates, 0 to below 1. All are simulated from the same draws.
    auc : whose tail is wanted; of a printed one the smallest that prints so ("0.82" may be 172 of 210 pairs, 0.819).

    Raises
    ------
    ValueError : a class without cases, no candidates, no correlation or one outside [0, 1).
    """
    if min(n_pos, n_neg) < 1:
        raise ValueError(f"{n_pos} positive and {n_neg} negative cases; at least 1 of each is needed.")
    if not candidates or min(candidates) < 1 or replicates < 1:
        raise ValueError("at least 1 candidate and 1 replicate are needed.")
    if not correlations or not all(0 <= rho < 1 for rho in correlations):
        raise ValueError(f"correlations are {list(correlations)}; each lies from 0 to below 1.")
    compared = replicates * max(candidates) * n_pos * n_neg
    if min(n_pos, n_neg) >= LARGE or compared > MOST_COMPARED:
        return tuple(_integral(n_pos, n_neg, candidates, rho, auc, seed) for rho in correlations)
    best = _maxima(n_pos, n_neg, sorted(set(candidates)), correlations, replicates, seed)
    return tuple(
        ChanceOfBest(
            tuple(candidates),
            tuple(float(np.quantile(best[rho, k], 0.5)) for k in candidates),
            tuple(float(np.quantile(best[rho, k], 0.95)) for k in candidates),
            tuple(auc if isnan(auc) else float((best[rho, k] >= auc - _SAME).mean()) for k in candidates),
            auc, rho, n_pos, n_neg, replicates,
            f"simulation of {replicates:,} sets of equally correlated normal scores", seed,
        )
        for rho in correlations
    )  # fmt: skip


def _maxima(
    n_pos: int, n_neg: int, wanted: Sequence[int], correlations: Sequence[float], replicates: int, seed: int
) -> dict[tuple[float, int], Floats]:
    """The largest of the first k AUCs in each replicate (replicates,), by correlation and k."""
    rng = np.random.default_rng(seed)
    most = max(wanted)
    # No candidate knows the classes, so that either may be called positive: the smaller is gone through one by one.
    few, many = sorted((n_pos, n_neg))
    best: dict[tuple[float, int], Floats] = {
        (rho, k): np.empty(replicates) for rho in correlations for k in wanted
    }
    size = max(1, _CHUNK_CELLS // (most * (few + many)))
    for start in range(0, replicates, size):
        rows = min(size, replicates - start)
        # Nearly all of the time is spent on these draws, so that every correlation uses them.
        own = rng.standard_normal((few + many, rows, most), dtype=np.float32)
        shared = rng.standard_normal((few + many, rows, 1), dtype=np.float32)
        for rho in correlations:
            scores = np.float32(sqrt(rho)) * shared + np.float32(sqrt(1 - rho)) * own
            pairs = np.zeros((rows, most), dtype=np.int64)
            for one in scores[:few]:
                pairs += (one > scores[few:]).sum(axis=0, dtype=np.min_scalar_type(many))
            for k in wanted:
                best[rho, k][start : start + rows] = pairs[:, :k].max(axis=1) / (few * many)
    return best


def _integral(
    n_pos: int, n_neg: int, candidates: Sequence[int], correlation: float, auc: float, seed: int
) -> ChanceOfBest:
    """The same for normal AUCs: P(max <= t) = E[Phi((t - sqrt(r) z) / sqrt(1 - r))^k]."""
    spread = sqrt((n_pos + n_neg + 1) / (12 * n_pos * n_neg))
    between = 6 / pi * asin(correlation / 2)
    nodes = np.linspace(-8, 8, 2001)
    weights = np.exp(-(nodes**2) / 2)
    weights /= weights.sum()

    def below(t: float, k: int) -> float:
        z = ((t - 0.5) / spread - sqrt(between) * nodes) / sqrt(1 - between)
        return float(weights @ scipy.special.ndtr(z) ** k)

    def quantile(share: float, k: int) -> float:
        top = 0.5 + 12 * spread
        return min(1.0, float(scipy.optimize.brentq(lambda t: below(t, k) - share, 0.5 - 12 * spread, top)))

    return ChanceOfBest(
        tuple(candidates),
        tuple(quantile(0.5, k) for k in candidates),
        tuple(quantile(0.95, k) for k in candidates),
        tuple(auc if isnan(auc) else 1 - below(auc, k) for k in candidates),
        auc, correlation, n_pos, n_neg, 0, "normal approximation of equally correlated AUCs", seed,
    )  # fmt: skip
