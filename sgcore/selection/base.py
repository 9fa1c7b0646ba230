"""What the selectors share: binary labels, a transform that may be empty, and the rows of the trace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.feature_selection import SelectorMixin
from sklearn.utils import ClassifierTags, Tags, check_consistent_length
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

TRACE_COLUMNS = (
    "feature",
    "step",
    "test",
    "statistic",
    "p",
    "q",
    "partner",
    "rho",
    "coefficient",
    "reason",
)


class BinarySelector(SelectorMixin, BaseEstimator):
    """A selector of columns for a binary question; ``support_`` is learned by ``fit``.

    Keeping no column is an outcome: ``transform`` then returns zero columns, without a warning.
    """

    support_: np.ndarray

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        # Not a classifier, but its labels have two values; scikit-learn has no other tag for this.
        tags.classifier_tags = ClassifierTags(multi_class=False)
        return tags

    def _get_support_mask(self) -> np.ndarray:
        return self.support_

    def _transform(self, X: Any) -> Any:
        if self.support_.any():
            return super()._transform(X)
        return X.iloc[:, :0] if hasattr(X, "iloc") else X[:, :0]


def binary_labels(y: Any) -> tuple[np.ndarray, np.ndarray]:
    """The sorted label values, and the labels as 0 and 1 (the later value is positive), shape (n,).

    One value only is allowed, and is 0: what to do then is the caller's outcome. More than two
    values, or continuous ones, are a ``ValueError`` as scikit-learn defines it.
    """
    labels = column_or_1d(y, warn=True)
    check_classification_targets(labels)
    classes, codes = np.unique(labels, return_inverse=True)
    if len(classes) > 2:
        raise ValueError(
            f"Only binary classification is supported. y has {len(classes)} values: "
            f"{', '.join(str(value) for value in classes[:5])}. Keep two of them."
        )
    return classes, codes


def check_groups(groups: Any, n: int) -> np.ndarray | None:
    """The patient of each row as an array, shape (n,), or ``None``; another length is a ``ValueError``."""
    if groups is None:
        return None
    values = column_or_1d(groups)
    check_consistent_length(values, np.empty(n))
    return values


def feature_names(selector: Any) -> np.ndarray:
    """The names that ``fit`` saw, or ``x0, x1, ...`` as scikit-learn calls unnamed columns."""
    names = getattr(selector, "feature_names_in_", None)
    if names is None:
        return np.asarray([f"x{i}" for i in range(selector.n_features_in_)], dtype=object)
    return np.asarray(names, dtype=object)


def empty_trace(names: np.ndarray) -> pd.DataFrame:
    """A trace in which no step has spoken yet: one row a feature, in the order of the columns."""
    trace = pd.DataFrame({"feature": pd.Series(list(names), dtype=object)})
    for column in TRACE_COLUMNS[1:]:
        numeric = column in ("statistic", "p", "q", "rho", "coefficient")
        trace[column] = np.nan if numeric else pd.Series([None] * len(names), dtype=object)
    return trace
