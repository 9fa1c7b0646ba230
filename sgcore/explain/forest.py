"""SHAP values of a random forest, by the library that walks its trees."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

#: Rows at a time: shap's compiled code prints a progress bar in calls that take longer than ten seconds.
ROWS = 32


def forest_values(estimator: Any, rows: np.ndarray, background: np.ndarray) -> tuple[np.ndarray, float]:
    """Exact Shapley values (n, d) of a ``RandomForestClassifier``'s second label, and the base.

    A forest's probability is the mean over its trees, so that interventional TreeSHAP (Lundberg et al.
    2020, Nature Machine Intelligence 2:56) is exact on this scale for any number of features.
    """
    tree_explainer = _library()
    # scikit-learn compares in single precision; shap rounds the rows by itself, but not the background.
    explainer = tree_explainer(
        estimator, _single(background), feature_perturbation="interventional", model_output="probability"
    )
    # Additivity is checked by the caller, against the model itself.
    values = np.empty(rows.shape)
    for start in range(0, len(rows), ROWS):
        block = slice(start, start + ROWS)
        values[block] = explainer.shap_values(_single(rows[block]), check_additivity=False)[..., 1]
    return values, float(np.ravel(explainer.expected_value)[1])


def _single(rows: np.ndarray) -> np.ndarray:
    return rows.astype(np.float32).astype(float)


def _library() -> Any:
    with warnings.catch_warnings():
        # shap's plots, which are loaded with it, use what matplotlib will drop; Python itself hides this kind.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        from shap import TreeExplainer
    return TreeExplainer
