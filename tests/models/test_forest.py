"""The forest that makes its trees itself is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from sgcore.models import fit_classifier
from sgcore.models.forest import Forest


@pytest.mark.parametrize("missing", [False, True])
@pytest.mark.parametrize(("n", "d"), [(90, 6), (40, 1), (130, 17)])
def test_every_tree_and_score_is_the_same_to_the_last_bit(n: int, d: int, missing: bool) -> None:
    rng = np.random.default_rng(n)
    X, y = rng.normal(size=(n, d)), rng.permutation(np.arange(n) % 2)
    X[rng.random(size=X.shape) < 0.05 * missing] = np.nan
    settings = {"n_estimators": 40, "min_samples_leaf": 3, "random_state": n}
    ours, theirs = Forest(**settings).fit(X, y), RandomForestClassifier(**settings).fit(X, y)
    for values in (X, rng.normal(size=(25, d))):
        assert np.array_equal(ours.predict_proba(values), theirs.predict_proba(values))
        assert np.array_equal(ours.predict(values), theirs.predict(values))
    for a, b in zip(ours.estimators_, theirs.estimators_, strict=True):
        assert a.get_params() == b.get_params()
        for name in ("feature", "threshold", "impurity", "children_left", "weighted_n_node_samples", "value"):
            assert np.array_equal(getattr(a.tree_, name), getattr(b.tree_, name))
        assert np.array_equal(a.predict_proba(np.nan_to_num(X)), b.predict_proba(np.nan_to_num(X)))
        assert (a.n_classes_, a.max_features_, a.classes_.tolist()) == (
            b.n_classes_, b.max_features_, b.classes_.tolist()
        )  # fmt: skip


def test_missing_values_are_still_seen() -> None:
    rng = np.random.default_rng(1)
    X, y, groups = rng.normal(size=(30, 2)), np.arange(30) % 2, np.arange(30)
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="contains NaN"):
        fit_classifier("LR", X, y, groups, seed=0, folds=2)
