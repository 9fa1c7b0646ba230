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
    thresholds = _thresholds(estimator, rows.shape[1])
    explainer = tree_explainer(
        {
            "trees": [
                _tree(each.tree_, thresholds, len(estimator.estimators_)) for each in estimator.estimators_
            ]
        },
        _ranks(background, thresholds),
        feature_perturbation="interventional",
    )
    ranks = _ranks(rows, thresholds)
    # Additivity is checked by the caller, against the model itself.
    values = np.empty(rows.shape)
    for start in range(0, len(rows), ROWS):
        block = slice(start, start + ROWS)
        values[block] = explainer.shap_values(ranks[block], check_additivity=False)
    return values, float(np.ravel(explainer.expected_value)[0])


# shap keeps thresholds in single precision, where one that lies between two neighboring values of a feature rounds
# to one of them, and the tree takes another way. Ranks among all thresholds of a feature are compared alike and are
# small whole numbers, which single precision holds.


def _thresholds(estimator: Any, d: int) -> list[np.ndarray]:
    """Thresholds of each of ``d`` features in all trees, ascending."""
    features = np.concatenate([each.tree_.feature for each in estimator.estimators_])
    thresholds = np.concatenate([each.tree_.threshold for each in estimator.estimators_])
    return [np.unique(thresholds[features == feature]) for feature in range(d)]


def _ranks(rows: np.ndarray, thresholds: list[np.ndarray]) -> np.ndarray:
    """How many thresholds each value exceeds; scikit-learn compares values in single precision."""
    single = rows.astype(np.float32).astype(float)
    return np.column_stack(
        [np.searchsorted(own, single[:, feature]) for feature, own in enumerate(thresholds)]
    ).astype(float)


def _tree(tree: Any, thresholds: list[np.ndarray], n_trees: int) -> dict[str, np.ndarray]:
    """A tree as shap takes it, with ranks for thresholds; its leaves have their part of the forest's probability."""
    ranks = np.zeros(tree.node_count)
    for feature, own in enumerate(thresholds):
        here = tree.feature == feature
        ranks[here] = np.searchsorted(own, tree.threshold[here])
    counts = tree.value[:, 0, :]
    return {
        "children_left": tree.children_left,
        "children_right": tree.children_right,
        "children_default": tree.children_left,
        "features": tree.feature,
        "thresholds": ranks,
        "values": (counts[:, 1] / counts.sum(axis=1) / n_trees)[:, None],
        "node_sample_weight": tree.weighted_n_node_samples,
    }


def _library() -> Any:
    with warnings.catch_warnings():
        # shap's plots, which are loaded with it, use what matplotlib will drop; Python itself hides this kind.
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        from shap import TreeExplainer
    return TreeExplainer
