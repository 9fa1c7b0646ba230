"""Trees: single precision, thresholds that a value meets exactly, trees without a split, one tree."""

from __future__ import annotations

import numpy as np
import pytest
from lightgbm import LGBMClassifier
from scipy.special import logit
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

from sgcore.explain import explain_scores
from sgcore.explain.leaves import leaves_of
from sgcore.models import Fitted, fit_classifier
from tests.explain.fitted import by_definition, fitted, library


def _unscaled(model, X, y):
    """A fitted classifier whose z-scores are the features themselves, to the last bit."""
    scaler = StandardScaler().fit(X)
    scaler.mean_, scaler.scale_ = np.zeros(X.shape[1]), np.ones(X.shape[1])
    return Fitted(Pipeline([("scale", scaler), ("model", model.fit(X, y))]))


def _data(n=60, d=3):
    rng = np.random.default_rng(5)
    X = rng.normal(size=(n, d))
    return X, (X[:, 0] + 0.5 * rng.normal(size=n) > 0).astype(int)


def _beside(leaves, single):
    """Rows at every threshold of the trees and next to it, in the precision that is asked for."""
    rows = []
    step = np.float32 if single else np.float64
    for j in range(leaves.high.shape[1]):
        for threshold in np.unique(leaves.high[np.isfinite(leaves.high[:, j]), j]):
            for value in (
                threshold,
                np.nextafter(step(threshold), step(np.inf)),
                np.nextafter(step(threshold), step(-np.inf)),
                np.nextafter(threshold, np.inf),
                np.nextafter(threshold, -np.inf),
            ):
                row = np.full(leaves.high.shape[1], 0.1)
                row[j] = value
                rows.append(row)
    return np.array(rows)


@pytest.mark.parametrize("kind", [XGBClassifier, LGBMClassifier])
@pytest.mark.parametrize("n_estimators", [1, 30])
def test_leaves_say_what_the_model_says_at_its_thresholds(kind, n_estimators):
    quiet = {"verbosity": -1} if kind is LGBMClassifier else {}
    X, y = _data()
    model = kind(n_estimators=n_estimators, max_depth=3, n_jobs=1, **quiet).fit(X, y)
    leaves = leaves_of(model, 3)
    rows = _beside(leaves, single=kind is XGBClassifier)
    assert len(rows) > 4
    margins = (leaves.violations(rows).sum(axis=0) == 0) @ leaves.values + leaves.offset
    tolerance = 1e-5 if kind is XGBClassifier else 1e-12
    np.testing.assert_allclose(margins, logit(model.predict_proba(rows)[:, 1].astype(float)), atol=tolerance)


def test_xgboost_sends_a_value_that_rounds_to_its_threshold_to_the_other_side():
    X, y = _data()
    fitted_one = _unscaled(XGBClassifier(n_estimators=1, max_depth=1, n_jobs=1), X, y)
    leaves = leaves_of(fitted_one.estimator[-1], 3)
    below = leaves.high[np.isfinite(leaves.high)].item()
    # The threshold itself, and a double below it that rounds to it in single precision.
    threshold = float(np.nextafter(np.float32(below), np.float32(np.inf)))
    value = np.nextafter(threshold, -np.inf)
    assert np.float32(value) == np.float32(threshold)
    rows = np.full((2, 3), 0.1)
    split = np.flatnonzero(np.isfinite(leaves.high).any(axis=0))[0]
    rows[0, split], rows[1, split] = below, value
    low, high = fitted_one.score(rows)
    assert high - low > 0.05
    result = explain_scores(fitted_one, rows, rows[:1], seed=0)
    np.testing.assert_allclose(result.values[1, split], high - low, atol=1e-6)
    np.testing.assert_allclose(result.values[0], 0, atol=1e-12)


def test_a_forest_rounds_rows_and_background_alike():
    X, y = _data()
    from sklearn.ensemble import RandomForestClassifier

    X = X.astype(np.float32).astype(float)
    forest = _unscaled(RandomForestClassifier(n_estimators=5, random_state=0), X, y)
    tree = forest.estimator[-1].estimators_[0].tree_
    threshold = np.float32(tree.threshold[0])
    # Rounds down to the number at or below the threshold, and so goes left.
    at = (
        float(threshold) if threshold <= tree.threshold[0] else float(np.nextafter(threshold, np.float32(-9)))
    )
    gap = float(np.nextafter(np.float32(at), np.float32(9))) - at
    rows = np.repeat(X[:1], 3, axis=0)
    rows[:, tree.feature[0]] = [at + 0.4 * gap, at - gap, at + 2 * gap]
    result = explain_scores(forest, rows[::-1], rows, seed=0)
    expected = by_definition(forest.score, rows[::-1], rows)
    np.testing.assert_allclose(result.values, expected, atol=1e-6)


def test_a_forest_tells_values_apart_that_single_precision_only_just_does():
    """A threshold between two neighbors would round to one of them: features of a tiny spread have many such."""
    from sklearn.ensemble import RandomForestClassifier

    rng = np.random.default_rng(3)
    X = 1 + rng.integers(0, 30, size=(60, 3)) * 2.0**-23
    y = rng.permutation(np.arange(60) % 2)
    forest = _unscaled(RandomForestClassifier(n_estimators=20, random_state=0), X, y)
    result = explain_scores(forest, X, X[:10], seed=0)
    expected = by_definition(forest.score, X, X[:10])
    np.testing.assert_allclose(result.values, expected, atol=1e-6)


@pytest.mark.parametrize("name", ["RF", "XGBoost", "LightGBM"])
def test_trees_that_never_split_give_the_base_alone(name):
    y = np.array([0, 1, 0, 1, 1, 1])
    model = fit_classifier(name, np.ones((6, 2)), y, np.arange(6), seed=0, folds=2)
    rows = np.array([[1.0, 1.0], [5.0, -3.0]])
    result = explain_scores(model, rows, np.ones((4, 2)), seed=0)
    np.testing.assert_allclose(result.values, 0, atol=1e-12)
    np.testing.assert_allclose(result.base, model.score(rows), atol=1e-6)


def test_treeshap_alone_would_not_give_the_shapley_values_of_the_probability():
    """Why boosted trees go over coalitions: it stretches the margin's values, pair by pair."""
    shap = library()

    model, rows, background = fitted("LightGBM")
    scaler, trees = model.estimator
    stretched = shap.TreeExplainer(trees, scaler.transform(background), model_output="probability")
    theirs = stretched.shap_values(scaler.transform(rows))
    expected = by_definition(model.score, rows, background)
    np.testing.assert_allclose(theirs.sum(axis=1), expected.sum(axis=1), atol=1e-6)
    assert np.abs(theirs - expected).max() > 1e-3
    np.testing.assert_allclose(explain_scores(model, rows, background, seed=0).values, expected, atol=1e-9)
