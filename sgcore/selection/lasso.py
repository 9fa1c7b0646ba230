"""The LASSO step, cross-validated over patient-grouped folds by an exact and fast route."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import Lasso, lars_path_gram, lasso_path
from sklearn.utils.validation import check_is_fitted, validate_data

from sgcore.selection.base import BinarySelector, binary_labels, check_groups
from sgcore.selection.folds import Split, grouped_folds
from sgcore.selection.logistic import logistic_deviances, logistic_path

SMALLEST_ALPHA = 1e-3  # of the largest, as scikit-learn's LassoCV has it


class LassoSelector(BinarySelector):
    """Keep features with a nonzero coefficient at the cross-validated alpha.

    The whole path of a fold comes from LARS on its Gram matrix and is read off, piecewise linear in
    alpha, on one grid for all folds; the coefficients at the chosen alpha come from coordinate descent.
    Both are exact, so alpha and selection are those of ``LassoCV`` with a tight tolerance.

    Parameters
    ----------
    loss : ``gaussian`` on 0/1 labels, or ``logistic``.
    rule : ``min`` takes the alpha with the smallest error, ``1se`` the largest one within one standard
        error of it.
    folds, n_alphas, seed : of the cross-validation and its grid.

    Attributes
    ----------
    support_, coef_ : (d,) which columns stay and their coefficients.
    alpha_ : the chosen alpha; NaN where nothing could be fitted, and ``note_`` says why.
    curve_ : ``alpha, error_mean, error_se, chosen`` (mean squared error, or deviance).
    lasso_path_ : (n_alphas, d) coefficients on all rows, by descending alpha as in ``curve_``.
    """

    def __init__(
        self, loss: str = "gaussian", rule: str = "min", folds: int = 5, n_alphas: int = 100, seed: int = 0
    ) -> None:
        self.loss = loss
        self.rule = rule
        self.folds = folds
        self.n_alphas = n_alphas
        self.seed = seed

    def fit(self, X: Any, y: Any, groups: Any = None) -> LassoSelector:
        """X : (n, d), best z-scored; y : (n,) two labels; groups : (n,) patients, kept together in folds."""
        X, y = validate_data(self, X, y, dtype=np.float64)
        if self.loss not in ("gaussian", "logistic"):
            raise ValueError(f"loss is {self.loss!r}; choose gaussian or logistic.")
        if self.rule not in ("min", "1se"):
            raise ValueError(f"rule is {self.rule!r}; choose min or 1se.")
        classes, labels = binary_labels(y)
        patients = check_groups(groups, len(y))
        self.coef_ = np.zeros(X.shape[1])
        self.support_ = np.zeros(X.shape[1], dtype=bool)
        self.alpha_ = np.nan
        self.curve_ = pd.DataFrame(columns=["alpha", "error_mean", "error_se", "chosen"])
        self.lasso_path_ = np.empty((0, X.shape[1]))
        self.note_: str | None = "one label only" if len(classes) < 2 else None
        if len(classes) < 2:
            return self
        target = labels.astype(np.float64)
        largest = np.abs((X - X.mean(axis=0)).T @ (target - target.mean())).max() / len(target)
        found = grouped_folds(labels, patients, self.folds, self.seed)
        self.note_ = found.note
        if not found.splits or largest <= np.finfo(float).eps:
            self.note_ = found.note or "no feature has any covariance with the label"
            return self
        alphas = np.geomspace(largest, largest * SMALLEST_ALPHA, self.n_alphas)
        gaussian = self.loss == "gaussian"
        errors = np.stack(
            [
                _squared_errors(X, target, split, alphas)
                if gaussian
                else logistic_deviances(X, labels, split, alphas)
                for split in found.splits
            ]
        )
        mean, spread = errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(errors))
        chosen = int(np.argmin(mean))
        if self.rule == "1se":
            chosen = int(np.flatnonzero(mean <= mean[chosen] + spread[chosen])[0])
        self.alpha_ = float(alphas[chosen])
        self.curve_ = pd.DataFrame(
            {
                "alpha": alphas,
                "error_mean": mean,
                "error_se": spread,
                "chosen": np.arange(len(alphas)) == chosen,
            }
        )
        if gaussian:
            self.lasso_path_ = _path(X, target, alphas)
            refit = Lasso(alpha=self.alpha_, tol=1e-9, max_iter=200_000).fit(X, target)
            self.coef_ = refit.coef_
        else:
            self.lasso_path_ = logistic_path(X, labels, alphas)[0]
            self.coef_ = self.lasso_path_[chosen]
        self.support_ = self.coef_ != 0
        return self

    def _get_support_mask(self) -> np.ndarray:
        check_is_fitted(self)
        return self.support_


def _squared_errors(X: np.ndarray, y: np.ndarray, split: Split, alphas: np.ndarray) -> np.ndarray:
    train, held = split
    coefficients = _path(X[train], y[train], alphas)
    predicted = y[train].mean() + (X[held] - X[train].mean(axis=0)) @ coefficients.T
    return np.asarray(((y[held][:, None] - predicted) ** 2).mean(axis=0))


def _path(X: np.ndarray, y: np.ndarray, alphas: np.ndarray) -> np.ndarray:
    """Coefficients on the grid, (len(alphas), d), descending alphas."""
    X, y = X - X.mean(axis=0), y - y.mean()
    with warnings.catch_warnings():
        # LARS gives up on (nearly) collinear columns with this warning; descent then takes over.
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            knots, _, values = lars_path_gram(
                X.T @ y, X.T @ X, n_samples=len(y), method="lasso", alpha_min=alphas[-1]
            )
        except ConvergenceWarning:
            knots = np.empty(0)
    if knots.size == 0 or knots[-1] > alphas[-1] * (1 + 1e-9):
        return np.asarray(lasso_path(X, y, alphas=alphas, tol=1e-9, max_iter=200_000)[1].T)
    # np.interp wants ascending knots; above the first knot every coefficient is zero.
    return np.stack([np.interp(alphas, knots[::-1], row[::-1], right=0.0) for row in values], axis=1)
