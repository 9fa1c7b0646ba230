"""The exact path against the conditions of its optimum and against coordinate descent."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import lasso_path

from sgcore.selection import paths
from sgcore.selection.homotopy import path_on_grid


def _problem(seed: int, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Columns that share a few sources, centered, and centered labels."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4)) @ rng.normal(size=(4, d)) + 0.5 * rng.normal(size=(n, d))
    y = rng.permutation(np.arange(n) % 2).astype(float)
    return X - X.mean(axis=0), y - y.mean()


def _path(X: np.ndarray, y: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    gram, product = X.T @ X, X.T @ y
    penalties = shares * np.abs(product).max()
    found = path_on_grid(gram, product, penalties)
    return found, penalties, paths._optimal(found, gram, product, penalties, y @ y)


@pytest.mark.parametrize(("n", "d"), [(90, 40), (58, 60), (30, 100), (40, 5), (12, 1)])
def test_every_point_is_an_optimum_with_exact_zeros(n: int, d: int) -> None:
    X, y = _problem(n + d, n, d)
    found, penalties, optimal = _path(X, y, np.geomspace(1, 1e-3, 60))
    assert optimal.all()
    assert not found[:, 0].any()
    some = [5, 20, 45]
    _, theirs, _ = lasso_path(
        np.asfortranarray(X), y, alphas=penalties[some] / n, tol=1e-12, max_iter=1_000_000
    )
    np.testing.assert_allclose(found[:, some], theirs, atol=1e-4 * np.abs(theirs).max())
    assert (np.count_nonzero(found, axis=0) <= min(n - 1, d)).all()


def test_coefficients_leave_without_a_leap() -> None:
    X, y = _problem(3, 60, 30)
    found, _, _ = _path(X, y, np.geomspace(1, 1e-3, 400))
    there = found != 0
    left = (there[:, :-1] & ~there[:, 1:]).sum()
    assert left > 0
    # Between the points that have it a coefficient is linear in the penalty: it changes by no leap.
    steps = np.abs(np.diff(found, axis=1))
    assert steps.max() < 0.1 * np.abs(found).max()


def test_a_column_that_stands_twice_joins_once() -> None:
    X, y = _problem(5, 50, 6)
    shares = np.geomspace(1, 1e-2, 40)
    twice, _, optimal = _path(np.column_stack([X, -X[:, 2]]), y, shares)
    once, _, _ = _path(X, y, shares)
    assert optimal.all()
    assert not (twice[2] * twice[6]).any()
    np.testing.assert_allclose(twice[2] - twice[6], once[2], atol=1e-10)


def test_labels_that_no_column_follows_have_a_path_of_zeros() -> None:
    X = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    found = path_on_grid(X.T @ X, np.zeros(2), np.array([1.0, 0.5, 0.0]))
    assert not found.any()
