"""Pruning of features that say the same: absolute Spearman correlation above a limit."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from sklearn.utils.validation import check_is_fitted, validate_data

from sgcore.selection.base import BinarySelector, binary_labels


class CorrelationFilter(BinarySelector):
    """Keep one of each set of features whose absolute Spearman correlation exceeds ``rho``.

    Features are visited from the smallest p to the largest (equal or missing p: in the order of the
    columns). A feature stays unless it exceeds ``rho`` with one that already stayed, so the result
    does not depend on the order of the columns, and a feature that was itself dropped drops no other.

    Parameters
    ----------
    rho : limit of the absolute correlation; exactly at the limit both stay.

    Attributes
    ----------
    support_ : shape (d,), which columns stay.
    partner_ : shape (d,), the number of the column that made each one drop, -1 for those that stay;
        among several, the one it is most correlated with.
    rho_ : shape (d,), the signed correlation with that partner, NaN for those that stay.
    """

    def __init__(self, rho: float = 0.9) -> None:
        self.rho = rho

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = False
        return tags

    def fit(self, X: Any, y: Any = None, *, p: Any = None, groups: Any = None) -> CorrelationFilter:
        """Find the columns to keep.

        ``p`` has shape (d,) and orders the visit; without it the p of a Mann-Whitney U test of ``y``
        is computed, and without ``y`` the columns are visited as they stand. ``groups`` is accepted
        so that all selectors are fitted alike; correlation ignores it.
        """
        X = validate_data(self, X, dtype=np.float64)
        if not 0 <= self.rho <= 1:
            raise ValueError(f"rho is {self.rho}; it must be between 0 and 1.")
        order = np.argsort(self._p(X, y, p), kind="stable")
        correlation = spearman(X)
        strength = np.abs(correlation)
        self.support_ = np.zeros(X.shape[1], dtype=bool)
        self.partner_ = np.full(X.shape[1], -1)
        self.rho_ = np.full(X.shape[1], np.nan)
        for column in order:
            kept = np.flatnonzero(self.support_)
            if len(kept):
                nearest = kept[np.argmax(strength[column, kept])]
                if strength[column, nearest] > self.rho:
                    self.partner_[column] = nearest
                    self.rho_[column] = correlation[column, nearest]
                    continue
            self.support_[column] = True
        return self

    def _get_support_mask(self) -> np.ndarray:
        check_is_fitted(self)
        return self.support_

    @staticmethod
    def _p(X: np.ndarray, y: Any, p: Any) -> np.ndarray:
        if p is not None:
            values = np.asarray(p, dtype=np.float64)
            if values.shape != (X.shape[1],):
                raise ValueError(f"p has shape {values.shape}; X has {X.shape[1]} columns.")
            return np.where(np.isnan(values), np.inf, values)
        if y is None:
            return np.zeros(X.shape[1])
        from sgcore.stats import univariate_tests

        classes, labels = binary_labels(y)
        if len(classes) < 2:
            return np.zeros(X.shape[1])
        values = univariate_tests(X, labels, test="mannwhitney")["p"].to_numpy(dtype=np.float64)
        return np.where(np.isnan(values), np.inf, values)


def spearman(X: np.ndarray) -> np.ndarray:
    """Spearman correlations of all columns, shape (d, d); 0 with a constant column, whose rank says nothing."""
    ranks = scipy.stats.rankdata(X, axis=0)
    ranks -= ranks.mean(axis=0)
    length = np.sqrt((ranks**2).sum(axis=0))
    ranks /= np.where(length > 0, length, 1.0)
    # Rounding may leave 1 + 1e-16, which would exceed a limit of exactly 1.
    return np.clip(np.round(ranks.T @ ranks, 12), -1.0, 1.0)
