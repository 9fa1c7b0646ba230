"""SHAP values of all six classifiers against the definition, and the properties that define them."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.domain import CLASSIFIERS
from sgcore.explain import coalitions, explain_scores, shap_values
from sgcore.models import fit_classifier
from tests.explain.fitted import by_definition, fitted, library

#: XGBoost scores in single precision; shap keeps a forest's leaves in it.
TOLERANCE = {"XGBoost": 1e-6, "RF": 1e-6}


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("d", [1, 4])
def test_values_are_those_of_the_definition(name, d):
    model, rows, background = fitted(name, d)
    result = explain_scores(model, rows, background, seed=0)
    expected = by_definition(model.score, rows, background)
    assert np.abs(expected).max() > 0.05
    np.testing.assert_allclose(result.values, expected, rtol=0, atol=TOLERANCE.get(name, 1e-9))
    np.testing.assert_allclose(result.base, model.score(background).mean(), rtol=0, atol=1e-6)
    np.testing.assert_allclose(result.base + result.values.sum(axis=1), model.score(rows), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(result.output, model.score(rows))
    assert result.exact
    assert result.method.startswith("exact")
    assert (result.mc_error == 0).all()
    assert result.n_background == 9


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_one_background_row_will_do(name):
    model, rows, background = fitted(name)
    result = explain_scores(model, rows, background[:1], seed=0)
    expected = by_definition(model.score, rows, background[:1])
    np.testing.assert_allclose(result.values, expected, rtol=0, atol=TOLERANCE.get(name, 1e-9))


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_row_that_is_the_background_owes_nothing_to_any_feature(name):
    model, rows, _ = fitted(name)
    result = explain_scores(model, rows[:1], np.repeat(rows[:1], 3, axis=0), seed=0)
    np.testing.assert_allclose(result.values, 0, atol=1e-12)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_feature_that_never_differs_adds_nothing(name):
    model, rows, background = fitted(name)
    same_rows, same_background = rows.copy(), background.copy()
    same_rows[:, 1] = same_background[:, 1] = rows[0, 1]
    result = explain_scores(model, same_rows, same_background, seed=0)
    np.testing.assert_allclose(result.values[:, 1], 0, atol=1e-12)
    assert np.abs(result.values[:, 0]).max() > 0.05


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_equal_rows_have_equal_values_and_the_seed_changes_nothing(name):
    model, rows, background = fitted(name)
    first = explain_scores(model, np.vstack([rows, rows[:2]]), background, seed=0)
    np.testing.assert_allclose(first.values[-2:], first.values[:2], rtol=0, atol=1e-12)
    again = explain_scores(model, np.vstack([rows, rows[:2]]), background, seed=99)
    np.testing.assert_array_equal(first.values, again.values)


@pytest.mark.parametrize("name", ["LR", "SVM"])
def test_a_feature_and_its_copy_share_equally(name):
    _, rows, background = fitted(name)
    rng = np.random.default_rng(0)
    X = rng.normal(loc=3, size=(60, 3))
    y = (X[:, 0] + rng.normal(size=60) > 3).astype(int)
    twice = [0, 1, 2, 0]
    model = fit_classifier(name, X[:, twice], y, np.arange(60), seed=0, folds=3)
    values = explain_scores(model, rows[:, :3][:, twice], background[:, :3][:, twice], seed=0).values
    assert np.abs(values[:, 0]).max() > 0.02
    np.testing.assert_allclose(values[:, 0], values[:, 3], rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_shap_itself_agrees(name):
    shap = library()

    model, rows, background = fitted(name)
    exact = shap.explainers.Exact(model.score, shap.maskers.Independent(background))
    theirs = exact(rows[:3])
    ours = explain_scores(model, rows[:3], background, seed=0)
    np.testing.assert_allclose(ours.values, theirs.values, rtol=0, atol=1e-6)
    np.testing.assert_allclose(ours.base, theirs.base_values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", ["LR", "SVM", "XGBoost", "LightGBM", "MLP"])
def test_blocks_of_rows_and_coalitions_change_nothing(name, monkeypatch):
    model, rows, background = fitted(name)
    whole = explain_scores(model, rows, background, seed=0)
    monkeypatch.setattr(coalitions, "BATCH", 1)
    monkeypatch.setattr(shap_values, "BLOCK", 1)
    pieces = explain_scores(model, rows, background, seed=0)
    np.testing.assert_allclose(pieces.values, whole.values, rtol=0, atol=1e-12)


def test_the_table_names_image_and_feature():
    model, rows, background = fitted("LR")
    rows = rows[:3].copy()
    rows[1, 2] = np.nan
    result = explain_scores(model, rows, background, seed=0)
    table = result.frame(["I1", "I2", "I3"], ["a", "b", "c", "d"])
    assert list(table.columns) == ["image_id", "feature", "shap_value", "mc_error"]
    assert list(table["image_id"].unique()) == ["I1", "I3"]
    cell = table[(table["image_id"] == "I3") & (table["feature"] == "c")]
    assert cell["shap_value"].item() == result.values[2, 2]
