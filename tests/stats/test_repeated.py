"""The mean AUC of repeated cross-validation and its interval."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from sgcore import stats


def _scores(
    rng: np.random.Generator, patients: int = 60, images: int = 3, repeats: int = 5, effect: float = 1.0
):
    y = np.repeat(np.arange(patients) % 2, images)
    own = np.repeat(rng.normal(size=patients), images) + effect * y
    noise = rng.normal(size=(patients * images, repeats)) * 0.3
    return y, own[:, None] + noise, np.repeat(np.arange(patients), images)


def test_one_repeat_is_the_clustered_auc() -> None:
    y, scores, groups = _scores(np.random.default_rng(1), repeats=1)
    one, plain = stats.repeated_auc(y, scores, groups), stats.auc(y, scores[:, 0], groups)
    assert (one.auc, one.variance) == (plain.auc, pytest.approx(plain.variance))
    assert (one.ci_low, one.ci_high) == (pytest.approx(plain.ci_low), pytest.approx(plain.ci_high))


def test_equal_repeats_add_nothing() -> None:
    y, scores, groups = _scores(np.random.default_rng(2), repeats=1)
    twenty = stats.repeated_auc(y, np.repeat(scores, 20, axis=1), groups)
    assert twenty.variance == pytest.approx(stats.auc(y, scores[:, 0], groups).variance)
    assert twenty.lowest == twenty.highest == pytest.approx(twenty.auc)


def test_the_mean_is_that_of_the_repeats_and_their_range_is_told() -> None:
    y, scores, groups = _scores(np.random.default_rng(3))
    result = stats.repeated_auc(y, scores, groups)
    each = [stats.auc(y, column).auc for column in scores.T]
    assert result.auc == pytest.approx(np.mean(each))
    assert (result.lowest, result.highest) == (min(each), max(each))
    assert result.n_patients == 60
    assert "clustered by patient" in result.method


def test_the_interval_holds_the_expected_auc() -> None:
    """Models that are given (the noise of a repeat does not depend on the patients): the interval covers."""
    rng = np.random.default_rng(4)
    # AUC of a normal shift of 1 with variance 1 + 0.3^2 in both classes.
    truth = float(norm.cdf(1 / np.sqrt(2 * (1 + 0.3**2))))
    held = 0
    for _ in range(300):
        y, scores, groups = _scores(rng, patients=40, images=2, repeats=4)
        result = stats.repeated_auc(y, scores, groups)
        held += result.ci_low <= truth <= result.ci_high
    assert 0.915 <= held / 300 <= 0.985


@pytest.mark.parametrize(
    ("y", "scores", "words"),
    [
        ([1, 1], [[0.1], [0.2]], "one class only"),
        ([0, 1, 0, 1], [[0.1], [np.nan], [0.2], [0.3]], "1 of 4 cases lack a score"),
    ],
)
def test_what_cannot_be_estimated_has_a_reason(y, scores, words) -> None:
    result = stats.repeated_auc(y, scores)
    assert np.isnan(result.auc)
    assert words in result.reason


def test_no_repeat_is_refused() -> None:
    with pytest.raises(ValueError, match="no repeat"):
        stats.repeated_auc([0, 1], np.zeros((2, 0)))
