"""Models whose first step is linear: logistic regression and the multilayer perceptron."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from sgcore.explain.coalitions import Game


class SumGame(Game):
    """First layer = bias + sum over features; then rectified layers; then the logistic function.

    What a feature contributes to each unit of the first layer is computed once; a coalition is a sum of
    these, one for the row and one for the background row.

    Parameters
    ----------
    rows : (n, d), background : (m, d), z-scored.
    weights : of each layer, (d, h), (h, h2), ..., (., 1); biases : of each layer, (h,), ..., (1,).
        One layer alone is logistic regression.
    """

    def __init__(
        self,
        rows: np.ndarray,
        background: np.ndarray,
        weights: Sequence[np.ndarray],
        biases: Sequence[np.ndarray],
    ) -> None:
        (self.n_rows, self.n_features), self.n_background = rows.shape, len(background)
        self.work = 2 * self.n_rows * self.n_background * max(part.shape[1] for part in weights)
        # (d, h, n) and (d, h, m): units before rows, so that the pairs of rows of a unit lie together.
        self._rows = weights[0][:, :, None] * rows.T[:, None, :]
        self._background = weights[0][:, :, None] * background.T[:, None, :]
        self._weights, self._biases = list(weights), list(biases)

    def outputs(self, coalitions: np.ndarray) -> np.ndarray:
        ours = np.tensordot(coalitions.astype(float), self._rows, axes=1)
        theirs = np.tensordot((~coalitions).astype(float), self._background, axes=1)
        theirs += self._biases[0][:, None]
        k, units, _ = ours.shape
        layer = (ours[:, :, :, None] + theirs[:, :, None, :]).reshape(k, units, -1)
        for weights, bias in zip(self._weights[1:], self._biases[1:], strict=True):
            np.maximum(layer, 0, out=layer)
            layer = weights.T @ layer + bias[:, None]
        probabilities = expit(layer[:, 0])
        return np.asarray(probabilities.reshape(k, self.n_rows, self.n_background).mean(axis=2))
