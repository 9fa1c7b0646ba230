"""The L1 path of a logistic regression, for the LASSO step's other loss."""

from __future__ import annotations

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from sgcore.selection.folds import Split


def logistic_path(X: np.ndarray, y: np.ndarray, alphas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients (len(alphas), d) and intercepts of mean log loss + alpha * |coefficients|.

    Each alpha starts from the solution of the one before it. y : (n,) 0 or 1, both present.
    """
    model = LogisticRegression(
        l1_ratio=1.0, solver="saga", warm_start=True, tol=1e-5, max_iter=20_000, random_state=0
    )
    coefficients, intercepts = np.empty((len(alphas), X.shape[1])), np.empty(len(alphas))
    for row, alpha in enumerate(alphas):
        model.set_params(C=1 / (len(y) * alpha)).fit(X, y)
        coefficients[row], intercepts[row] = model.coef_[0], model.intercept_[0]
    return coefficients, intercepts


def logistic_deviances(X: np.ndarray, y: np.ndarray, split: Split, alphas: np.ndarray) -> np.ndarray:
    """Mean held-out deviance at each alpha, (len(alphas),)."""
    train, held = split
    coefficients, intercepts = logistic_path(X[train], y[train], alphas)
    probabilities = expit(X[held] @ coefficients.T + intercepts)
    return np.asarray([2 * log_loss(y[held], column, labels=[0, 1]) for column in probabilities.T])
