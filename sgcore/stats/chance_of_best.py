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
_CHUNK_CELLS = 4_000_000


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
    correlation: float,
    *,
    auc: float = float("nan"),
    replicates: int = 10_000,
    seed: int = 0,
) -> ChanceOfBest:
    """Distribution of the best of k at chance, for several k at once.

    Every case has k standard normal scores with the same ``correlation`` between any two, the same in both classes:
    score_j = sqrt(rho) shared + sqrt(1 - rho) own_j. The AUC of each, then the largest of the first k. Where both
    classes have at least ``LARGE`` cases, or a simulation would be too long (``MOST_COMPARED``), the AUCs are normal
    with mean 1/2, variance (m + n + 1) / (12 m n) and, between any two, Spearman's correlation of the scores,
    (6 / pi) asin(rho / 2); the maximum is then an integral.

    Parameters
    ----------
    n_pos, n_neg : independent cases (patients) of each class. candidates : the numbers k, each at least 1.
    correlation : between the scores of any two candidates, 0 to below 1. auc : whose tail is wanted.

    Raises
    ------
    ValueError : a class without cases, no candidates, a correlation outside [0, 1).
    """
    if min(n_pos, n_neg) < 1:
        raise ValueError(f"{n_pos} positive and {n_neg} negative cases; at least 1 of each is needed.")
    if not candidates or min(candidates) < 1 or replicates < 1:
        raise ValueError("at least 1 candidate and 1 replicate are needed.")
    if not 0 <= correlation < 1:
        raise ValueError(f"correlation is {correlation}; it lies from 0 to below 1.")
    compared = replicates * max(candidates) * n_pos * n_neg
    if min(n_pos, n_neg) >= LARGE or compared > MOST_COMPARED:
        return _integral(n_pos, n_neg, candidates, correlation, auc, seed)
    best = _maxima(n_pos, n_neg, sorted(set(candidates)), correlation, replicates, seed)
    found = [best[k] for k in candidates]
    # An AUC that was printed with three digits may lie half a digit below the step of the set that it was.
    reached = [auc if isnan(auc) else float((values >= auc - 5e-4).mean()) for values in found]
    return ChanceOfBest(
        tuple(candidates),
        tuple(float(np.quantile(values, 0.5)) for values in found),
        tuple(float(np.quantile(values, 0.95)) for values in found),
        tuple(reached), auc, correlation, n_pos, n_neg, replicates,
        f"simulation of {replicates:,} sets of equally correlated normal scores", seed,
    )  # fmt: skip


def _maxima(
    n_pos: int, n_neg: int, wanted: Sequence[int], correlation: float, replicates: int, seed: int
) -> dict[int, Floats]:
    """The largest of the first k AUCs in each replicate (replicates,), by k."""
    rng = np.random.default_rng(seed)
    most, cases = max(wanted), n_pos + n_neg
    best: dict[int, Floats] = {k: np.empty(replicates) for k in wanted}
    size = max(1, _CHUNK_CELLS // (most * max(cases, n_pos * n_neg)))
    for start in range(0, replicates, size):
        rows = min(size, replicates - start)
        shared = rng.standard_normal((rows, 1, cases), dtype=np.float32)
        own = rng.standard_normal((rows, most, cases), dtype=np.float32)
        scores = np.float32(sqrt(correlation)) * shared + np.float32(sqrt(1 - correlation)) * own
        positive, negative = scores[:, :, :n_pos, None], scores[:, :, None, n_pos:]
        aucs = np.count_nonzero(positive > negative, axis=(2, 3)) / (n_pos * n_neg)
        for k in wanted:
            best[k][start : start + rows] = aucs[:, :k].max(axis=1)
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
