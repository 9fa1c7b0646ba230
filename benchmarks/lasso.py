"""Time of the LASSO step against scikit-learn's LassoCV on the same patient-grouped folds.

Prints both times, their ratio, the largest relative difference of the cross-validation curves, and
whether alpha and the selected features agree.
"""

from __future__ import annotations

import time
import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LassoCV

from sgcore.selection import FeatureSelector, LassoSelector, grouped_folds

TOLERANCE = 1e-9
REPEATS = 5


def cohort(n: int, d: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """z-scored correlated features (n, d) of patients with two images each, a tenth of them informative."""
    rng = np.random.default_rng(seed)
    patients = np.arange(n) // 2
    y = patients % 2
    X = rng.normal(size=(n, 20)) @ rng.normal(size=(20, d)) + 4 * rng.normal(size=(n, d))
    X[:, : d // 10] += 2.0 * y[:, None]
    return (X - X.mean(axis=0)) / X.std(axis=0), y, patients


def compare(n: int, d: int) -> None:
    X, y, patients = cohort(n, d)
    started = time.perf_counter()
    for _ in range(REPEATS):
        ours = LassoSelector().fit(X, y, groups=patients)
    own = (time.perf_counter() - started) / REPEATS
    splits = list(grouped_folds(y, patients, 5, 0).splits)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ConvergenceWarning)
        started = time.perf_counter()
        theirs = LassoCV(alphas=ours.alphas_, cv=splits, tol=TOLERANCE, max_iter=100_000).fit(X, y)
        other = time.perf_counter() - started
    error = theirs.mse_path_.mean(axis=1)
    difference = np.abs(ours.curve_["error_mean"].to_numpy() / error - 1).max()
    same = ours.alpha_ == theirs.alpha_ and np.array_equal(ours.support_, theirs.coef_ != 0)
    print(
        f"{n} x {d}: LassoSelector {own:.3f} s, LassoCV {other:.3f} s, ratio {other / own:.1f}; "
        f"largest curve difference {difference:.1e}; alpha and selection "
        f"{'equal' if same else 'DIFFER'}; LassoCV fits that did not converge: {len(caught)}"
    )


def whole_selection(n: int, d: int, p_threshold: float, rho: float) -> None:
    X, y, patients = cohort(n, d)
    started = time.perf_counter()
    for _ in range(REPEATS):
        fit = FeatureSelector(p_threshold=p_threshold, rho=rho).fit(X, y, groups=patients)
    seconds = (time.perf_counter() - started) / REPEATS
    print(f"FeatureSelector {n} x {d}, p < {p_threshold:g}, rho {rho:g}: {seconds:.3f} s, {fit.counts_}")


if __name__ == "__main__":
    compare(130, 24)
    compare(130, 130)
    whole_selection(130, 1288, 0.05, 0.9)
    whole_selection(130, 1288, 1.0, 1.0)
