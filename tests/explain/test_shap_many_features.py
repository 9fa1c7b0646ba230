"""More than twelve features: the integral of logistic regression, and sampled permutations."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.explain import EXACT_UP_TO, explain_scores, shap_values
from sgcore.explain.coalitions import exact_values
from sgcore.explain.logistic import logistic_values
from sgcore.explain.permutations import sampled_values
from sgcore.explain.sum_game import SumGame
from tests.explain.fitted import fitted


def _network(d=6, n=4):
    rng = np.random.default_rng(7)
    weights, biases = (
        [rng.normal(size=(d, 5)), rng.normal(size=(5, 1))],
        [rng.normal(size=5), rng.normal(size=1)],
    )
    return SumGame(rng.normal(size=(n, d)), rng.normal(size=(3, d)), weights, biases)


@pytest.mark.parametrize(("d", "scale"), [(1, 1.0), (2, 1.0), (7, 0.2), (12, 1.0), (12, 5.0), (4, 60.0)])
def test_the_integral_of_logistic_regression_is_the_sum_over_coalitions(d, scale):
    rng = np.random.default_rng(d)
    rows, background = rng.normal(size=(3, d)), rng.normal(size=(5, d))
    weights = scale * rng.normal(size=d)
    expected, _ = exact_values(SumGame(rows, background, [weights[:, None]], [np.array([0.4])]))
    np.testing.assert_allclose(logistic_values(rows, background, weights, 0.4), expected, rtol=0, atol=1e-10)


def test_logistic_regression_is_exact_beyond_twelve_features_too():
    model, rows, background = fitted("LR", 15)
    result = explain_scores(model, rows, background, seed=0)
    assert result.exact
    assert "integral" in result.method
    z, z_background = (model.estimator[0].transform(part) for part in (rows, background))
    estimator = model.estimator[-1]
    game = SumGame(z, z_background, [estimator.coef_.T], [estimator.intercept_])
    np.testing.assert_allclose(result.values, exact_values(game)[0], rtol=0, atol=1e-10)


def test_a_logit_too_far_out_for_the_integral_is_sampled_and_said_to_be():
    model, rows, background = fitted("LR", 15)
    rows = rows.copy()
    rows[0, 0] = 1e9
    result = explain_scores(model, rows, background, seed=0, pairs=4)
    assert not result.exact
    assert result.method == "sampled, 4 pairs of permutations"


@pytest.mark.parametrize("name", ["SVM", "XGBoost", "LightGBM", "MLP"])
def test_beyond_twelve_features_values_are_sampled_and_add_up(name):
    model, rows, background = fitted(name, EXACT_UP_TO + 1)
    result = explain_scores(model, rows, background, seed=0, pairs=5)
    assert not result.exact
    assert result.method == "sampled, 5 pairs of permutations"
    np.testing.assert_allclose(result.base + result.values.sum(axis=1), model.score(rows), rtol=0, atol=1e-6)
    assert result.mc_error.max() > 0
    again = explain_scores(model, rows, background, seed=0, pairs=5)
    np.testing.assert_array_equal(again.values, result.values)
    other = explain_scores(model, rows, background, seed=1, pairs=5)
    assert np.abs(other.values - result.values).max() > 0


@pytest.mark.parametrize("name", ["SVM", "XGBoost", "LightGBM", "MLP"])
def test_sampled_values_are_near_the_exact_ones(name, monkeypatch):
    model, rows, background = fitted(name)
    exact = explain_scores(model, rows, background, seed=0)
    monkeypatch.setattr(shap_values, "EXACT_UP_TO", 3)
    sampled = explain_scores(model, rows, background, seed=0, pairs=200)
    assert not sampled.exact
    assert (np.abs(sampled.values - exact.values) <= 5 * sampled.mc_error + 1e-12).all()
    assert sampled.mc_error.max() < 0.02


def test_the_monte_carlo_error_is_the_spread_of_repeated_draws():
    game = _network()
    truth, base = exact_values(game)
    draws = [sampled_values(game, seed=seed, pairs=20) for seed in range(200)]
    values, errors = np.array([draw[0] for draw in draws]), np.array([draw[1] for draw in draws])
    spread, said = values.std(axis=0, ddof=1), np.sqrt((errors**2).mean(axis=0))
    real = spread > 1e-9
    assert real.sum() > 12
    np.testing.assert_allclose(spread[real] / said[real], 1, atol=0.25)
    # Unbiased: 200 draws' mean is within five of its standard errors everywhere.
    assert (np.abs(values.mean(axis=0) - truth)[real] <= 5 * spread[real] / np.sqrt(200)).all()
    assert all(draw[2] == base for draw in draws)


def test_two_features_need_no_luck():
    """A pair of permutations of two features is all of them."""
    game = _network(d=2)
    values, errors, _ = sampled_values(game, seed=0, pairs=2)
    np.testing.assert_allclose(values, exact_values(game)[0], rtol=0, atol=1e-14)
    np.testing.assert_allclose(errors, 0, atol=1e-14)


def test_one_pair_has_no_error():
    with pytest.raises(ValueError, match="two pairs"):
        sampled_values(_network(), seed=0, pairs=1)
