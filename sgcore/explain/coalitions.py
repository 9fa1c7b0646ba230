"""Exact Shapley values over all coalitions of features."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from math import factorial

import numpy as np


class Game(ABC):
    """Some rows, a background, and what the model says when only a coalition comes from the row.

    ``work`` is how many numbers one coalition holds at a time.
    """

    n_rows: int
    n_features: int
    work: int

    @abstractmethod
    def outputs(self, coalitions: np.ndarray) -> np.ndarray:
        """Mean probability over the background, (k, n_rows), of (k, n_features) coalitions of bool.

        True: the feature comes from the row; False: from the background row.
        """

    def along(self, order: np.ndarray) -> np.ndarray:
        """Outputs (d - 1, n_rows) while features join in this order, without the first and the last."""
        joined = np.argsort(order)[None, :] < np.arange(1, self.n_features)[:, None]
        outputs = np.empty((self.n_features - 1, self.n_rows))
        for part in batches(self, len(joined)):
            outputs[part] = self.outputs(joined[part])
        return outputs


#: Numbers that a batch of coalitions may hold: 8 MB in double precision, about a processor's cache.
BATCH = 1_000_000


def batches(game: Game, total: int) -> Iterator[slice]:
    """Slices of ``total`` coalitions that keep within the bound, at least one coalition each."""
    size = max(1, BATCH // game.work)
    for start in range(0, total, size):
        yield slice(start, min(start + size, total))


def all_coalitions(n_features: int) -> np.ndarray:
    """(2^d, d) bool, coalition c in row c: feature j is in it where bit j of c is set."""
    return (np.arange(2**n_features)[:, None] >> np.arange(n_features)) & 1 == 1


def shapley_weights(coalitions: np.ndarray) -> np.ndarray:
    """(2^d, d): the weight of each coalition's output in the Shapley value of each feature.

    A feature's marginal contribution to s others weighs s! (d - s - 1)! / d! (Shapley 1953).
    """
    d = coalitions.shape[1]
    sizes = coalitions.sum(axis=1)
    with_s_others = np.array([factorial(s) * factorial(d - s - 1) / factorial(d) for s in range(d)])
    joined = with_s_others[np.maximum(sizes - 1, 0)][:, None]
    left = with_s_others[np.minimum(sizes, d - 1)][:, None]
    return np.where(coalitions, joined, -left)


def exact_values(game: Game) -> tuple[np.ndarray, float]:
    """Shapley values (n, d) and the output of the empty coalition, which is the base.

    Memory: the (2^d, d) weights (0.4 MB at d = 12) beside one batch.
    """
    coalitions = all_coalitions(game.n_features)
    weights = shapley_weights(coalitions)
    values = np.zeros((game.n_rows, game.n_features))
    base = float("nan")
    for part in batches(game, len(coalitions)):
        outputs = game.outputs(coalitions[part])
        if part.start == 0:
            base = float(outputs[0, 0])
        values += outputs.T @ weights[part]
    return values, base
