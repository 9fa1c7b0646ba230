"""Coefficients along a grid of penalties: the exact piecewise linear LASSO path, and the logistic one."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, lasso_path

# Smallest over largest penalty of a grid, as in scikit-learn's LassoCV.
GRID_DEPTH = 1e-3
TOLERANCE = 1e-9
MAX_ITER = 100_000
# liblinear also shrinks the intercept; on a column of this height the effect is negligible.
INTERCEPT_SCALING = 100.0


@dataclass(frozen=True)
class Path:
    """Coefficients (d, n_alphas) and intercepts (n_alphas,) on a grid; ``stalled`` fits did not converge."""

    coefficients: np.ndarray
    intercepts: np.ndarray
    stalled: int = 0


def alpha_grid(X: np.ndarray, y: np.ndarray, n_alphas: int) -> np.ndarray:
    """Penalties from the smallest that gives no feature at all down to a thousandth of it, shape (n_alphas,).

    The same start serves the Gaussian and the logistic loss, whose gradients at zero coefficients are
    equal. ``X`` (n, d) and ``y`` (n,) as given; both are centered here.
    """
    largest = float(np.abs((X - X.mean(axis=0)).T @ (y - y.mean())).max()) / len(y)
    largest = max(largest, float(np.finfo(np.float64).resolution))
    return np.geomspace(largest, largest * GRID_DEPTH, n_alphas)


def gaussian_path(X: np.ndarray, y: np.ndarray, alphas: np.ndarray) -> Path:
    """The LASSO on a decreasing grid, its zeros exact.

    Where a point of the exact path misses the optimum (collinear columns), coordinate descent computes it.
    """
    # It brings numba, which nothing else that is loaded here needs.
    from sgcore.selection.homotopy import path_on_grid

    center, mean = X.mean(axis=0), y.mean()
    Z, target = X - center, y - mean
    gram, product = Z.T @ Z, Z.T @ target
    penalties = alphas * len(y)
    coefficients = path_on_grid(gram, product, penalties)
    missed = ~_optimal(coefficients, gram, product, penalties, target @ target)
    stalled = 0
    if missed.any():
        with _counted() as warned:
            _, coefficients[:, missed], _ = lasso_path(
                np.asfortranarray(Z),
                target,
                alphas=alphas[missed],
                coef_init=np.nan_to_num(coefficients[:, missed][:, 0]),
                tol=TOLERANCE,
                max_iter=MAX_ITER,
            )
        stalled = len(warned)
    return Path(coefficients, mean - center @ coefficients, stalled)


def logistic_path(X: np.ndarray, y: np.ndarray, alphas: np.ndarray, seed: int) -> Path:
    """L1-penalized logistic regression on the grid; an ``alpha`` is 1 / (n C)."""
    coefficients = np.zeros((X.shape[1], len(alphas)))
    intercepts = np.zeros(len(alphas))
    stalled = 0
    for index, alpha in enumerate(alphas):
        model = LogisticRegression(
            C=1 / (len(y) * alpha),
            l1_ratio=1,
            solver="liblinear",
            intercept_scaling=INTERCEPT_SCALING,
            tol=1e-6,
            max_iter=1000,
            random_state=seed,
        )
        with _counted() as warned:
            model.fit(X, y)
        stalled += len(warned)
        coefficients[:, index] = model.coef_[0]
        intercepts[index] = model.intercept_[0]
    return Path(coefficients, intercepts, stalled)


@contextmanager
def _counted() -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings of a solver that stopped early; its caller reports their number."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        yield caught


def _optimal(
    coefficients: np.ndarray, gram: np.ndarray, product: np.ndarray, penalties: np.ndarray, size: float
) -> np.ndarray:
    """Whether each point of the path is feasible in the dual and its duality gap is below ``TOLERANCE * size``.

    ``size`` is the squared length of the centered labels: the stopping rule of coordinate descent. A test
    of each sign alone would trip over coefficients of 1e-17 that rounding leaves where a feature drops out.
    """
    gradient = product[:, None] - gram @ coefficients
    # Comparisons with NaN are false: a point that LARS could not compute is no optimum.
    feasible = (np.abs(gradient) <= penalties + 1e-9 * penalties[0]).all(axis=0)
    gap = (np.abs(coefficients) * penalties - coefficients * gradient).sum(axis=0)
    return np.asarray(feasible & (gap <= TOLERANCE * size))
