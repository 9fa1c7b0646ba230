"""The within-center AUC: its pairs, its variance, its reasons."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import auc, newcombe_interval, within_center_auc


def study(rng: np.random.Generator, patients: int = 60, images: int = 2) -> tuple[np.ndarray, ...]:
    """Three centers of different prevalence and level of the score, ``images`` a patient."""
    center = rng.integers(0, 3, patients)
    label = (rng.random(patients) < np.array([0.3, 0.5, 0.7])[center]).astype(int)
    own = 0.8 * label + 1.5 * center + rng.normal(size=patients)
    score = np.repeat(own, images) + 0.7 * rng.normal(size=patients * images)
    return (*(np.repeat(v, images) for v in (label, center, np.arange(patients))), score)


def test_pairs_written_out():
    y, center, groups, score = study(np.random.default_rng(0))
    right = pairs = 0.0
    for i in np.flatnonzero(y == 1):
        for j in np.flatnonzero((y == 0) & (center == center[i])):
            right += (score[i] > score[j]) + 0.5 * (score[i] == score[j])
            pairs += 1
    result = within_center_auc(y, score, center, groups)
    assert result.auc == pytest.approx(right / pairs, abs=1e-13)
    assert sum(count for _, _, count in result.per_center) == pairs


def test_one_center_is_the_plain_auc():
    y, _, groups, score = study(np.random.default_rng(1))
    for patients in (None, groups):
        result, plain = within_center_auc(y, score, ["A"] * len(y), patients), auc(y, score, patients)
        assert result.auc == plain.auc
        for field in ("variance", "ci_low", "ci_high", "design_effect", "df"):
            assert getattr(result, field) == pytest.approx(getattr(plain, field), rel=1e-11, nan_ok=True)
        assert (result.n_pos, result.n_groups, result.groups_neg) == (
            plain.n_pos,
            plain.n_groups,
            plain.groups_neg,
        )


def test_a_score_that_only_tells_centers_apart_is_worth_nothing():
    rng = np.random.default_rng(2)
    center = np.repeat([0, 1], 200)
    y = (rng.random(400) < np.where(center == 0, 0.2, 0.8)).astype(int)
    score = 10.0 * center + rng.normal(size=400)
    assert auc(y, score).auc > 0.75
    result = within_center_auc(y, score, center)
    assert result.ci_low < 0.5 < result.ci_high


def test_shifting_a_center_changes_nothing():
    y, center, groups, score = study(np.random.default_rng(3))
    shifted = within_center_auc(y, score + 100 * center, center, groups)
    assert shifted == within_center_auc(y, score, center, groups)


def test_variance_agrees_with_a_patient_bootstrap():
    rng = np.random.default_rng(4)
    y, center, groups, score = study(rng, patients=90)
    result = within_center_auc(y, score, center, groups)
    images = np.arange(len(y)).reshape(90, 2)
    values = []
    for _ in range(1000):
        draw = images[rng.integers(0, 90, 90)].ravel()
        values.append(within_center_auc(y[draw], score[draw], center[draw]).auc)
    assert np.std(values) == pytest.approx(result.se, rel=0.12)
    assert result.design_effect > 1.2


def test_variance_agrees_with_replicated_studies():
    estimates, errors = [], []
    for seed in range(400):
        y, center, groups, score = study(np.random.default_rng(1000 + seed))
        result = within_center_auc(y, score, center, groups)
        estimates.append(result.auc)
        errors.append(result.variance)
    assert np.sqrt(np.mean(errors)) == pytest.approx(np.std(estimates), rel=0.12)


def test_centers_of_one_class_are_named_and_left_out():
    y = [0, 1, 0, 1, 0, 1, 1, 1]
    score = [0.1, 0.4, 0.3, 0.2, 0.5, 0.6, 0.9, 0.8]
    result = within_center_auc(y, score, list("AAAABBCC"))
    assert result.left_out == ("C",)
    assert [name for name, _, _ in result.per_center] == ["A", "B"]
    assert (result.n_pos, result.n_neg) == (3, 3)
    assert result.auc == pytest.approx((3 + 1) / 5)
    low, high = newcombe_interval(0.8, [2, 1], [2, 1], weights=[0.8, 0.2])
    assert (result.ci_low, result.ci_high) == pytest.approx((low, high))
    assert "Newcombe" in result.method


@pytest.mark.parametrize(
    ("y", "score", "center", "words"),
    [
        ([0, 1], [1, 2], ["A", "B"], "no center has both classes (2 center(s), n = 2)"),
        ([1, 1], [1, 2], ["A", "A"], "one class only (all positive), n = 2"),
        ([0, 1], [1, np.nan], ["A", "A"], "the score of 1 of 2 cases is missing"),
        ([0, 1], [1, 2], ["A", None], "the center of 1 of 2 cases is missing"),
    ],
)
def test_reasons(y, score, center, words):
    result = within_center_auc(y, score, center)
    assert np.isnan(result.auc)
    assert result.reason == words


def test_wrong_lengths_are_refused():
    with pytest.raises(ValueError, match="centers has 1"):
        within_center_auc([0, 1], [1, 2], ["A"])
