"""Models whose parts are products over features: a kernel at a support vector, a leaf of a tree."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import expit

from sgcore.explain.coalitions import Game


class ProductGame(Game):
    """Margin = offset + sum over parts l of weight_l * prod over features j of k_jl(value of j).

    A coalition takes the product over its features from the row, the rest from the background row, so
    that the margins of all rows with all background rows are one matrix product a coalition.

    Parameters
    ----------
    rows : (d, n, L) and background : (d, m, L), what a feature adds to the exponent of a part.
    product : makes the product out of the sum of what features add: ``np.exp`` of logarithms, or for
        indicators ``== 0`` of counted violations.
    weights : (L,). offset, slope : the probability is expit(slope * margin + offset).
    """

    def __init__(
        self,
        rows: np.ndarray,
        background: np.ndarray,
        product: Callable[[np.ndarray], np.ndarray],
        weights: np.ndarray,
        offset: float,
        slope: float = 1.0,
    ) -> None:
        self.n_features, self.n_rows, parts = rows.shape
        self.n_background = background.shape[1]
        self.work = (self.n_rows + self.n_background) * parts + self.n_rows * self.n_background
        self._rows, self._background = rows, background
        self._product, self._weights, self._offset = product, slope * weights, offset

    def outputs(self, coalitions: np.ndarray) -> np.ndarray:
        ours = self._product(_sums(coalitions, self._rows))
        theirs = self._product(_sums(~coalitions, self._background)) * self._weights
        margins = np.matmul(ours, theirs.transpose(0, 2, 1), dtype=float)
        margins += self._offset
        return np.asarray(expit(margins, out=margins).mean(axis=2))


def _sums(coalitions: np.ndarray, parts: np.ndarray) -> np.ndarray:
    """Sum over each coalition's features of (d, n, L) parts, (k, n, L)."""
    d, n, length = parts.shape
    return (coalitions.astype(parts.dtype) @ parts.reshape(d, -1)).reshape(len(coalitions), n, length)
