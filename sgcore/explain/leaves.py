"""Boosted trees as lists of leaves, each with the range of every feature that leads to it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import logit


@dataclass(frozen=True)
class Leaves:
    """A row reaches leaf l where low[l] < row <= high[l] for all features; its margin is the sum of values.

    Attributes
    ----------
    low, high : (L, d), infinite where a path does not ask for the feature.
    values : (L,) in double precision. offset : the margin before the first tree.
    dtype : precision in which the model compares; rows are rounded to it first.
    """

    low: np.ndarray
    high: np.ndarray
    values: np.ndarray
    offset: float
    dtype: type

    def violations(self, rows: np.ndarray) -> np.ndarray:
        """(d, n, L) of 0 and 1: whether a row's feature keeps it out of a leaf, of (n, d) rows."""
        seen = rows.astype(self.dtype).astype(float)
        inside = (self.low.T[:, None, :] < seen.T[:, :, None]) & (
            seen.T[:, :, None] <= self.high.T[:, None, :]
        )
        return (~inside).astype(np.float32)


def leaves_of(estimator: Any, n_features: int) -> Leaves:
    """Leaves of a fitted ``XGBClassifier`` or ``LGBMClassifier`` of two labels."""
    if type(estimator).__name__ == "XGBClassifier":
        return _of_xgboost(estimator, n_features)
    return _of_lightgbm(estimator, n_features)


def _of_xgboost(estimator: Any, d: int) -> Leaves:
    """Thresholds and leaf values are single precision and stay what they are; sums are double."""
    learner = json.loads(estimator.get_booster().save_raw("json"))["learner"]
    paths: list[tuple[np.ndarray, np.ndarray, float]] = []
    for tree in learner["gradient_booster"]["model"]["trees"]:
        if any(tree["split_type"]):
            raise ValueError("trees that split on categories cannot be explained.")
        conditions = np.array(tree["split_conditions"], dtype=np.float32)
        # XGBoost goes left where value < threshold: value <= the number before it.
        before = np.nextafter(conditions, np.float32(-np.inf)).astype(float)
        stack = [(0, np.full(d, -np.inf), np.full(d, np.inf))]
        while stack:
            node, low, high = stack.pop()
            left, right = tree["left_children"][node], tree["right_children"][node]
            if left == -1:
                # The place of a threshold holds the value of a leaf.
                paths.append((low, high, float(conditions[node])))
                continue
            stack += _halves(low, high, tree["split_indices"][node], before[node], left, right)
    # A number, or since XGBoost 3 a list of one.
    share = float(np.ravel(ast.literal_eval(learner["learner_model_param"]["base_score"]))[0])
    return _leaves(paths, float(logit(share)), np.float32)


def _of_lightgbm(estimator: Any, d: int) -> Leaves:
    """Everything in double precision; the first tree holds the offset."""
    paths: list[tuple[np.ndarray, np.ndarray, float]] = []
    for tree in estimator.booster_.dump_model()["tree_info"]:
        stack = [(tree["tree_structure"], np.full(d, -np.inf), np.full(d, np.inf))]
        while stack:
            node, low, high = stack.pop()
            if "split_feature" not in node:
                paths.append((low, high, float(node["leaf_value"])))
                continue
            if node["decision_type"] != "<=":
                raise ValueError("trees that split on categories cannot be explained.")
            split, threshold = node["split_feature"], node["threshold"]
            stack += _halves(low, high, split, threshold, node["left_child"], node["right_child"])
    return _leaves(paths, 0.0, np.float64)


def _halves(
    low: np.ndarray, high: np.ndarray, feature: int, threshold: float, left: Any, right: Any
) -> Iterator[tuple[Any, np.ndarray, np.ndarray]]:
    """Both children with their ranges: up to the threshold, and above it."""
    up_to, above = high.copy(), low.copy()
    up_to[feature] = min(high[feature], threshold)
    above[feature] = max(low[feature], threshold)
    yield left, low, up_to
    yield right, above, high


def _leaves(paths: list[tuple[np.ndarray, np.ndarray, float]], offset: float, dtype: type) -> Leaves:
    low, high, values = zip(*paths, strict=True)
    return Leaves(np.array(low), np.array(high), np.array(values), offset, dtype)
