"""Exact Shapley values of logistic regression for any number of features."""

from __future__ import annotations

from math import ceil, pi

import numpy as np

#: Error of the integral over frequencies, and how far from the middle a logit may lie.
TOLERANCE = 1e-11
FARTHEST = 1000.0
#: Complex numbers that a batch of nodes may hold: 0.8 MB, what a processor keeps near.
BATCH = 50_000


def logistic_values(
    rows: np.ndarray, background: np.ndarray, weights: np.ndarray, bias: float
) -> np.ndarray | None:
    """Shapley values (n, d) of expit(x @ weights + bias), or None where a logit leaves +-1000.

    The logistic function is a sum of waves, expit(z) = 1/2 + integral over w > 0 of sin(w z) / sinh(pi w)
    (Gradshteyn and Ryzhik 3.981.1), and in a wave a sum of features is a product. With delta_j what
    feature j of the row adds over the background row, and every other feature in the coalition with
    chance q, the mean over coalitions is prod_j (1 - q + q exp(i w delta_j)); a Shapley value is the
    integral of a marginal contribution over q from 0 to 1 (Owen 1972, Management Science 18:64).
    That over q is one of a polynomial, exact by Gauss and Legendre with d / 2 nodes; that over w by the
    trapezoid rule converges exponentially and is carried to 1e-11.

    Parameters
    ----------
    rows : (n, d), background : (m, d), z-scored. weights : (d,).
    """
    rest = background @ weights + bias
    reach = np.array([_reach((row - background) * weights, rest) for row in rows])
    if not (reach <= FARTHEST).all():
        return None
    d = len(weights)
    chances, shares = np.polynomial.legendre.leggauss(ceil(d / 2))
    chances, shares = (chances + 1) / 2, shares / 2
    values = [
        _row((row - background) * weights, rest, farthest, chances, shares)
        for row, farthest in zip(rows, reach, strict=True)
    ]
    return np.array(values).reshape(-1, d)


def _reach(delta: np.ndarray, rest: np.ndarray) -> float:
    """No coalition's logit lies farther out than all features that push it the one way take it."""
    lowest, highest = rest + np.minimum(delta, 0).sum(axis=1), rest + np.maximum(delta, 0).sum(axis=1)
    return float(max(np.abs(lowest).max(), np.abs(highest).max()))


def _row(
    delta: np.ndarray, rest: np.ndarray, reach: float, chances: np.ndarray, shares: np.ndarray
) -> np.ndarray:
    """Values (d,) of one row, of (m, d) contributions over background logits (m,)."""
    digits = -np.log(TOLERANCE)
    # Step h repeats the function at distance 2 pi / h, and its tails fall off as exp(-distance).
    step = 2 * pi / (reach + digits)
    frequencies = step * np.arange(1, ceil((digits + 1) / pi / step) + 1)
    values = _wave_zero(delta, step)
    size = max(1, BATCH // (delta.size * len(chances)))
    for start in range(0, len(frequencies), size):
        w = frequencies[start : start + size]
        turns = np.exp(1j * w[:, None, None] * delta)
        # (d, frequencies, background, chances): features first, for products of all but one.
        factors = 1 + chances * (turns - 1).transpose(2, 0, 1)[..., None]
        others = _all_but_one(factors) @ shares
        waves = np.exp(1j * w[:, None] * rest) * (turns - 1).transpose(2, 0, 1) * others
        values += (waves.imag.mean(axis=2) * (step / np.sinh(pi * w))).sum(axis=1)
    return values


def _wave_zero(delta: np.ndarray, step: float) -> np.ndarray:
    """The rule's half weight at frequency 0, where sin(w z) / sinh(pi w) is z / pi."""
    return np.asarray(step / 2 * delta.mean(axis=0) / pi)


def _all_but_one(factors: np.ndarray) -> np.ndarray:
    """Product over the first axis without each of its members; no division, as a factor may be 0."""
    before = np.ones_like(factors)
    np.cumprod(factors[:-1], axis=0, out=before[1:])
    after = np.ones_like(factors)
    np.cumprod(factors[:0:-1], axis=0, out=after[-2::-1])
    return before * after
