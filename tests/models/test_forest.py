"""The forest that makes its trees itself is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier

from sgcore.models import fit_classifier
from sgcore.models.forest import Forest


@pytest.mark.parametrize("seed", [0, 7])
def test_every_tree_and_score_is_the_same_to_the_last_bit(seed: int) -> None:
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(90, 6)), rng.integers(0, 2, 90)
    settings = {"n_estimators": 40, "min_samples_leaf": 3, "random_state": seed}
    ours, theirs = Forest(**settings).fit(X, y), RandomForestClassifier(**settings).fit(X, y)
    assert np.array_equal(ours.predict_proba(X), theirs.predict_proba(X))
    for a, b in zip(ours.estimators_, theirs.estimators_, strict=True):
        assert a.get_params() == b.get_params()
        assert np.array_equal(a.tree_.threshold, b.tree_.threshold)


def test_missing_values_are_still_seen() -> None:
    rng = np.random.default_rng(1)
    X, y, groups = rng.normal(size=(30, 2)), np.arange(30) % 2, np.arange(30)
    X[3, 1] = np.nan
    with pytest.raises(ValueError, match="contains NaN"):
        fit_classifier("LR", X, y, groups, seed=0, folds=2)
