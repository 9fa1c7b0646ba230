"""Boosted trees: a leaf is a product of indicators, and a feature that joins touches few leaves."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from sgcore.explain.leaves import Leaves
from sgcore.explain.product_game import ProductGame


class LeafGame(ProductGame):
    """Margin = offset + sum of the values of the leaves that no feature keeps the row out of.

    ``rows`` (n, d) and ``background`` (m, d), z-scored.
    """

    def __init__(self, leaves: Leaves, rows: np.ndarray, background: np.ndarray) -> None:
        super().__init__(
            leaves.violations(rows), leaves.violations(background), _unviolated, leaves.values, leaves.offset
        )
        asked = np.isfinite(leaves.low) | np.isfinite(leaves.high)
        self._touched = [np.flatnonzero(column) for column in asked.T]

    def along(self, order: np.ndarray) -> np.ndarray:
        """As of any game, but only leaves on whose path the joining feature lies are looked at again."""
        ours = np.zeros(self._rows.shape[1:], dtype=self._rows.dtype)
        theirs = self._background.sum(axis=0)
        margins = self._offset + self._margins(ours, theirs, slice(None))
        outputs = np.empty((self.n_features - 1, self.n_rows))
        for place, feature in enumerate(order[:-1]):
            leaves = self._touched[feature]
            margins -= self._margins(ours, theirs, leaves)
            # Counts of violations: small whole numbers, exact however they are added up.
            ours[:, leaves] += self._rows[feature][:, leaves]
            theirs[:, leaves] -= self._background[feature][:, leaves]
            margins += self._margins(ours, theirs, leaves)
            outputs[place] = expit(margins).mean(axis=1)
        return outputs

    def _margins(self, ours: np.ndarray, theirs: np.ndarray, leaves: np.ndarray | slice) -> np.ndarray:
        """(n, m) what some leaves add to the margins of all pairs of rows."""
        weighted = self._product(theirs[:, leaves]) * self._weights[leaves]
        return np.asarray(self._product(ours[:, leaves]) @ weighted.T)


def _unviolated(counts: np.ndarray) -> np.ndarray:
    return (counts == 0).astype(float)
