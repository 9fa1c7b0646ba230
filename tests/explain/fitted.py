"""Small fitted classifiers, and Shapley values by their definition."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cache
from itertools import combinations
from math import factorial
from types import ModuleType

import numpy as np

from sgcore.explain import draw_background
from sgcore.models import Fitted, fit_classifier


@cache
def fitted(name: str, d: int = 4, n: int = 80) -> tuple[Fitted, np.ndarray, np.ndarray]:
    """A classifier of two interacting features, rows that it has not seen (6, d), a background (9, d)."""
    rng = np.random.default_rng(d)
    X = rng.normal(loc=3, scale=np.arange(1, d + 1), size=(n + 6, d))
    z = (X - 3) / np.arange(1, d + 1)
    signal = 1.5 * z[:, 0] + (z[:, 1] * z[:, -1] if d > 1 else 0)
    y = (signal + rng.normal(size=n + 6) > 0).astype(int)
    patients = np.arange(n) // 2
    model = fit_classifier(name, X[:n], y[:n], patients, seed=1, folds=3)
    return model, X[n:], X[draw_background(patients, seed=0, size=9)]


def by_definition(
    score: Callable[[np.ndarray], np.ndarray], rows: np.ndarray, background: np.ndarray
) -> np.ndarray:
    """(n, d): the weighted mean of what a feature adds to every subset of the others."""
    d = rows.shape[1]

    def output(row: np.ndarray, subset: tuple[int, ...]) -> float:
        mixed = background.copy()
        mixed[:, list(subset)] = row[list(subset)]
        return float(score(mixed).mean())

    values = np.zeros(rows.shape)
    for i, row in enumerate(rows):
        known = {s: output(row, s) for size in range(d + 1) for s in combinations(range(d), size)}
        for j in range(d):
            for subset, without in known.items():
                if j not in subset:
                    weight = factorial(len(subset)) * factorial(d - len(subset) - 1) / factorial(d)
                    values[i, j] += weight * (known[tuple(sorted((*subset, j)))] - without)
    return values


def library() -> ModuleType:
    """shap, whose plots use what matplotlib will drop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import shap
    return shap
