"""The scores-fixed null: every permutation by brute force, its size under chance, counts, reasons."""

from __future__ import annotations

from itertools import permutations as orders
from time import perf_counter

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from sgcore.stats import auc
from sgcore.stats.permutation import permutation_p
from sgcore.stats.scores_fixed import scores_fixed_null

GROUPS = np.repeat(list("abcdefgh"), [1, 2, 3, 1, 2, 1, 3, 2])
LABELS = dict(zip("abcdefgh", [1, 0, 0, 1, 1, 0, 0, 1], strict=True))
STRATA = np.repeat(["X", "Y"], [7, 8])
Y = np.array([LABELS[g] for g in GROUPS])


def test_the_null_by_brute_force():
    rng = np.random.default_rng(3)
    scores = np.round(rng.normal(size=(15, 6)) + 0.8 * Y[:, None], 1)
    result = scores_fixed_null(Y, scores, GROUPS, STRATA, permutations=4000, seed=5)
    exact = []
    for first in set(orders([1, 0, 0, 1])):
        for second in set(orders([1, 0, 0, 1])):
            labels = dict(zip("abcdefgh", first + second, strict=True))
            y = np.array([labels[g] for g in GROUPS])
            exact.append(max(auc(y, column).auc for column in scores.T))
    observed = [auc(Y, column).auc for column in scores.T]
    assert result.observed == pytest.approx(max(observed), abs=1e-14)
    assert result.best == int(np.argmax(observed))
    # The same 36 values, each drawn about equally often.
    assert set(np.round(result.null, 12)) == set(np.round(exact, 12))
    share = np.mean(np.array(exact) >= max(observed) - 1e-12)
    assert result.p == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 4000))
    assert result.p_low <= share <= result.p_high
    assert result.p_low <= result.p <= result.p_high
    assert result.p == permutation_p(result.observed, result.null)
    assert result.distinct == 36
    assert result.p_floor == pytest.approx(1 / 36)


def test_one_score_of_independent_cases_agrees_with_the_exact_rank_test():
    rng = np.random.default_rng(4)
    y = np.repeat([0, 1], [9, 8])
    score = rng.normal(size=17) + 0.8 * y
    result = scores_fixed_null(y, score[:, None], permutations=20000)
    exact = mannwhitneyu(score[y == 1], score[y == 0], alternative="greater", method="exact").pvalue
    assert result.p == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20000))
    assert result.chance_median == pytest.approx(0.5, abs=0.02)


def test_p_is_uniform_by_chance_and_small_where_there_is_skill():
    groups, strata = np.repeat(np.arange(24), 2), np.repeat(["A", "B"], 24)
    label = np.tile([0, 1, 0, 1, 1, 0], 4)
    y = np.repeat(label, 2)
    values = []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        own = np.repeat(rng.normal(size=(24, 8)), 2, axis=0)
        scores = own + 0.5 * rng.normal(size=(48, 8))
        values.append(scores_fixed_null(y, scores, groups, strata, permutations=199, seed=seed).p)
    # 300 studies: standard error 1.3 and 2.9 points.
    assert np.mean(np.array(values) <= 0.05) == pytest.approx(0.05, abs=0.04)
    assert np.mean(np.array(values) <= 0.5) == pytest.approx(0.5, abs=0.09)
    assert scores_fixed_null(y, scores + 3 * y[:, None], groups, strata, permutations=199).p == 1 / 200


def test_images_as_patients_would_be_far_too_hopeful():
    groups, label = np.repeat(np.arange(20), 5), np.tile([0, 1], 10)
    y, hits = np.repeat(label, 5), {"patients": 0, "images": 0}
    for seed in range(100):
        rng = np.random.default_rng(seed)
        score = np.repeat(rng.normal(size=20), 5)[:, None] + 0.3 * rng.normal(size=(100, 1))
        for name, given in (("patients", groups), ("images", None)):
            hits[name] += scores_fixed_null(y, score, given, permutations=99, seed=seed).p <= 0.05
    assert hits["patients"] <= 12
    assert hits["images"] >= 15


def test_more_candidates_raise_what_chance_reaches():
    rng = np.random.default_rng(6)
    y, scores = np.repeat([0, 1], 15), rng.normal(size=(30, 48))
    medians = [scores_fixed_null(y, scores[:, :k]).chance_median for k in (1, 8, 48)]
    assert medians[0] < 0.55 < medians[1] < medians[2]


def test_a_transform_and_a_shift_of_the_scale_change_nothing():
    rng = np.random.default_rng(7)
    scores = rng.normal(size=(15, 3))
    plain = scores_fixed_null(Y, scores, GROUPS, STRATA)
    other = scores_fixed_null(Y, np.exp(3 * scores), GROUPS, STRATA)
    np.testing.assert_array_equal(plain.null, other.null)
    assert plain == other
    assert scores_fixed_null(Y, np.ones((15, 2)), GROUPS, STRATA).p == 1
    assert scores_fixed_null(Y, np.ones((15, 2)), GROUPS, STRATA).observed == 0.5


def test_seconds_for_ten_thousand_permutations():
    rng = np.random.default_rng(8)
    groups = np.repeat(np.arange(29), 2)[:55]
    y, strata = (groups % 2), np.repeat(["A", "B", "C"], [20, 20, 15])
    start = perf_counter()
    result = scores_fixed_null(y, rng.normal(size=(55, 240)), groups, strata, permutations=10000)
    assert perf_counter() - start < 10
    assert result.null.shape == (10000,)
    assert (result.n_patients, result.n_strata, result.n_candidates) == (28, 3, 240)


def test_distinct_permutations_of_a_large_study_are_counted_exactly():
    y = np.arange(1000) % 2
    result = scores_fixed_null(y, np.arange(1000.0)[:, None], permutations=9)
    assert result.distinct > 10**6
    # C(2n, n) is even and holds every prime between n and 2n.
    assert all(result.distinct % prime == 0 for prime in (2, 503, 997))


@pytest.mark.parametrize(
    ("y", "groups", "strata", "reason"),
    [
        ([], None, None, "no cases"),
        ([1, 1], None, None, "one class only (all positive), n = 2"),
        ([0, np.nan], None, None, "the label of 1 of 2 cases is missing"),
        ([0, 1], ["a", None], None, "the patient of 1 of 2 cases is missing"),
        ([0, 1], None, ["A", None], "the stratum of 1 of 2 cases is missing"),
        ([0, 1, 1], ["a", "a", "b"], None, "1 of 2 patients have cases of both classes; their labels"),
        ([0, 0, 1], ["a", "a", "b"], [1, 2, 2], "1 of 2 patients have cases in several strata; their labels"),
        ([0, 0, 1], None, ["A", "A", "B"], "every stratum has one class only: there is nothing to permute"),
    ],
)
def test_reasons(y, groups, strata, reason):
    result = scores_fixed_null(y, np.ones((len(y), 2)), groups, strata)
    assert np.isnan([result.observed, result.p, result.p_low, result.chance_median, result.chance_95]).all()
    assert result.reason.startswith(reason)
    assert result.null.size == 0


def test_missing_scores():
    result = scores_fixed_null([0, 1], [[1, np.nan], [2, 1]])
    assert result.reason == "1 of 2 candidates lack the score of at least one case"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: scores_fixed_null([0, 1], np.ones((3, 1))), "scores has 3"),
        (lambda: scores_fixed_null([0, 1], np.ones((2, 0))), "0 candidate"),
        (lambda: scores_fixed_null([0, 1], np.ones((2, 1)), permutations=0), "0 permutation"),
        (lambda: scores_fixed_null([0, 1], np.ones((2, 1)), strata=["A"]), "strata has 1"),
        (lambda: scores_fixed_null([0, 1], np.ones((2, 1)), level=5), "level"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
