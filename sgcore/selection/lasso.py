"""The last step: LASSO with a penalty chosen by patient-grouped cross-validation."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from sklearn.utils.validation import validate_data

from sgcore.selection import paths
from sgcore.selection.base import BinarySelector, binary_labels, check_groups
from sgcore.selection.folds import grouped_folds


class LassoSelector(BinarySelector):
    """Keep the columns with a nonzero LASSO coefficient. Give it z-scored columns.

    Parameters
    ----------
    loss : ``gaussian`` (squared error on labels 0 and 1) or ``logistic`` (deviance).
    rule : ``min`` takes the penalty with the smallest cross-validated error, ``1se`` the largest one
        whose error is within one standard error of it.
    folds : patient-grouped, label-stratified folds; fewer where a class has fewer patients.
    n_alphas : length of the geometric grid, from the penalty that removes everything to a thousandth.
    seed : of the folds and of the logistic solver.

    Attributes
    ----------
    support_, coef_ : shape (d,). ``alpha_`` : the chosen penalty, NaN where none could be chosen.
    curve_ : one row an alpha: ``alpha, error_mean, error_se, alpha_min, alpha_1se, chosen``. The mean is
        over folds, as in scikit-learn's LassoCV; the standard error is their SD over the root of their number.
    alphas_, lasso_path_ : shapes (n_alphas,), (n_alphas, d), the coefficients on all rows.
    note_ : what was given up, or None.
    """

    def __init__(
        self,
        loss: Literal["gaussian", "logistic"] = "gaussian",
        rule: Literal["min", "1se"] = "min",
        folds: int = 5,
        n_alphas: int = 100,
        seed: int = 0,
    ) -> None:
        self.loss = loss
        self.rule = rule
        self.folds = folds
        self.n_alphas = n_alphas
        self.seed = seed

    def fit(self, X: Any, y: Any, groups: Any = None) -> LassoSelector:
        """Choose the penalty on folds by ``groups`` (the patient of each row), and take it on the path of all rows.

        Where a class has fewer than 2 patients nothing is selected and ``note_`` says why.
        """
        X, y = validate_data(self, X, y, dtype=np.float64)
        self._check()
        _, labels = binary_labels(y)
        plan = grouped_folds(labels, check_groups(groups, len(labels)), self.folds, self.seed)
        self.note_ = plan.note
        self._stalled = 0
        target = labels.astype(np.float64)
        self.alphas_ = paths.alpha_grid(X, target, self.n_alphas)
        if not len(plan):
            self.alphas_ = self.alphas_[:0]
            return self._keep(np.zeros(X.shape[1]), np.nan, np.zeros((0, X.shape[1])), empty_curve())
        errors = np.array([self._errors(X, target, train, held) for train, held in plan.splits])
        mean = errors.mean(axis=0)
        se = errors.std(axis=0, ddof=1) / np.sqrt(len(errors))
        best = int(np.argmin(mean))
        # The grid decreases, so the first index within reach is the largest penalty.
        one_se = int(np.argmax(mean <= mean[best] + se[best]))
        chosen = best if self.rule == "min" else one_se
        curve = _curve(self.alphas_, mean, se, best, one_se, chosen)
        path = self._path(X, target, self.alphas_)
        alpha = float(self.alphas_[chosen])
        if self._stalled:
            stop = f"{self._stalled} fits of the path stopped before they converged"
            self.note_ = stop if self.note_ is None else f"{self.note_}; {stop}"
        return self._keep(path.coefficients[:, chosen], alpha, path.coefficients.T, curve)

    def _keep(self, coef: np.ndarray, alpha: float, path: np.ndarray, curve: pd.DataFrame) -> LassoSelector:
        self.coef_, self.alpha_, self.lasso_path_, self.curve_ = coef, alpha, path, curve
        self.support_ = coef != 0
        return self

    def _check(self) -> None:
        if self.loss not in ("gaussian", "logistic"):
            raise ValueError(f"loss is {self.loss!r}; choose gaussian or logistic.")
        if self.rule not in ("min", "1se"):
            raise ValueError(f"rule is {self.rule!r}; choose min or 1se.")
        if self.folds < 2 or self.n_alphas < 2:
            raise ValueError(f"folds is {self.folds}, n_alphas {self.n_alphas}; both need at least 2.")

    def _path(self, X: np.ndarray, y: np.ndarray, alphas: np.ndarray) -> paths.Path:
        if self.loss == "gaussian":
            path = paths.gaussian_path(X, y, alphas)
        else:
            path = paths.logistic_path(X, y, alphas, self.seed)
        self._stalled += path.stalled
        return path

    def _errors(self, X: np.ndarray, y: np.ndarray, train: np.ndarray, held: np.ndarray) -> np.ndarray:
        """Error on the held-out rows at each alpha: mean squared error, or deviance (-2 log likelihood / n)."""
        path = self._path(X[train], y[train], self.alphas_)
        linear = X[held] @ path.coefficients + path.intercepts
        truth = y[held][:, None]
        if self.loss == "gaussian":
            return ((truth - linear) ** 2).mean(axis=0)
        return 2 * (np.logaddexp(0, linear) - truth * linear).mean(axis=0)


def _curve(
    alphas: np.ndarray, mean: np.ndarray, se: np.ndarray, best: Any, one_se: Any, chosen: int
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "alpha": alphas,
            "error_mean": mean,
            "error_se": se,
            "alpha_min": alphas[best],
            "alpha_1se": alphas[one_se],
            "chosen": np.arange(len(alphas)) == chosen,
        }
    )


def empty_curve() -> pd.DataFrame:
    """The curve of a LASSO that could not be cross-validated: the columns without a row."""
    nothing, index = np.zeros(0), np.zeros(0, dtype=int)
    return _curve(nothing, nothing, nothing, index, index, 0)
