"""Rows without a score, empty selections, and values that would not add up."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sgcore.domain import CLASSIFIERS
from sgcore.errors import UsageError
from sgcore.explain import ExplanationError, explain_scores
from sgcore.models import Fitted
from tests.explain.fitted import fitted


@pytest.mark.parametrize("name", CLASSIFIERS)
@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf, 1e300])
def test_a_row_without_a_score_has_a_reason_and_no_values(name, broken):
    model, rows, background = fitted(name)
    damaged = rows.copy()
    damaged[1, 2] = broken
    result = explain_scores(model, damaged, background, seed=0)
    assert np.isnan(result.values[1]).all()
    assert np.isnan(result.mc_error[1]).all()
    assert np.isnan(result.output[1])
    assert "has no score" in result.reasons[1]
    others = [0, 2, 3, 4, 5]
    assert not any(result.reasons[i] for i in others)
    whole = explain_scores(model, rows, background, seed=0)
    np.testing.assert_allclose(result.values[others], whole.values[others], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_without_a_row_that_has_a_score_there_is_the_base_alone(name):
    model, rows, background = fitted(name)
    for none in (rows[:0], np.full((2, 4), np.nan)):
        result = explain_scores(model, none, background, seed=0)
        np.testing.assert_allclose(result.base, model.score(background).mean(), atol=1e-6)
        assert result.values.shape == none.shape
        assert np.isnan(result.values).all()


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_row_far_out_is_explained(name):
    model, rows, background = fitted(name)
    far = rows[:2].copy()
    far[0, 0] = 1e30
    result = explain_scores(model, far, background, seed=0)
    assert np.isfinite(result.values).all()


def test_an_empty_selection_has_its_constant_score():
    result = explain_scores(0.25, np.empty((3, 0)), np.empty((2, 0)), seed=0)
    assert result.values.shape == (3, 0)
    assert result.base == 0.25
    np.testing.assert_array_equal(result.output, 0.25)
    assert "no feature was selected" in result.method
    assert result.frame(["a", "b", "c"], []).empty
    with pytest.raises(ValueError, match="constant score"):
        explain_scores(0.25, np.ones((3, 1)), np.ones((2, 1)), seed=0)


@pytest.mark.parametrize("name", ["LR", "RF"])
def test_values_that_do_not_add_up_are_an_error_with_the_numbers(name):
    model, rows, background = fitted(name)

    class Shifted(Fitted):
        def score(self, X):
            # The background's mean is right; the third row's own score is not.
            return super().score(X) + 2e-6 * (np.arange(len(X)) == 2) * (len(X) == len(rows))

    with pytest.raises(
        ExplanationError, match=r"1 of 6 rows: in row 2 .* base and values make 0\.\d{9}, .* says 0\.\d{9}"
    ):
        explain_scores(Shifted(model.estimator), rows, background, seed=0)


def test_a_base_that_is_not_the_mean_of_the_background_is_an_error():
    model, rows, background = fitted("SVM")

    class Shifted(Fitted):
        def score(self, X):
            return super().score(X) + 2e-6

    with pytest.raises(ExplanationError, match="their base is"):
        explain_scores(Shifted(model.estimator), rows, background, seed=0)


def test_a_background_must_be_there_and_have_scores():
    model, rows, background = fitted("LR")
    with pytest.raises(ValueError, match="one row at least"):
        explain_scores(model, rows, background[:0], seed=0)
    with pytest.raises(ValueError, match="4 features"):
        explain_scores(model, rows, background[:, :3], seed=0)
    with pytest.raises(ValueError, match="has no score"):
        explain_scores(model, rows, np.full((1, 4), np.nan), seed=0)


def test_other_models_are_refused_by_name():
    _, rows, background = fitted("LR")
    model = make_pipeline(StandardScaler(), GaussianNB()).fit(background, np.arange(9) % 2)
    with pytest.raises(UsageError, match="GaussianNB"):
        explain_scores(Fitted(model), rows, background, seed=0)


def test_settings_that_the_formulas_do_not_know_are_refused():
    model, rows, background = fitted("MLP")
    network = model.estimator[-1]
    network.activation = "tanh"
    try:
        with pytest.raises(UsageError, match="tanh"):
            explain_scores(model, rows, background, seed=0)
    finally:
        network.activation = "relu"
