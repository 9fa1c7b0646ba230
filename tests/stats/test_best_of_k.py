"""The pick bonus: the algorithm written out on the same draws, chance candidates, one candidate, reasons."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from scipy.stats import norm

from sgcore.stats import auc, newcombe_interval
from sgcore.stats.best_of_k import pick_bonus


def by_pairs(y: np.ndarray, score: np.ndarray) -> float:
    difference = score[y == 1][:, None] - score[y == 0][None, :]
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))


def written_out(y: np.ndarray, scores: np.ndarray, replicates: int, seed: int) -> tuple[list, list, int]:
    """Picks, out-of-bag AUCs and skipped replicates, patient by patient, on the same random draws."""
    rng = np.random.default_rng(seed)
    positive, negative = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    draws = [
        rng.multinomial(len(part), np.full(len(part), 1 / len(part)), size=replicates)
        for part in (positive, negative)
    ]
    picks, values, skipped = [], [], 0
    for b in range(replicates):
        times = np.zeros(len(y), dtype=int)
        times[positive], times[negative] = draws[0][b], draws[1][b]
        bag, out = np.repeat(np.arange(len(y)), times), np.flatnonzero(times == 0)
        inside = [by_pairs(y[bag], scores[bag, j]) for j in range(scores.shape[1])]
        picks.append(int(np.argmax(np.round(inside, 12))))
        if np.unique(y[out]).size < 2:
            skipped += 1
        else:
            values.append(by_pairs(y[out], scores[out, picks[-1]]))
    return picks, values, skipped


@pytest.mark.parametrize(("sizes", "k", "decimals"), [((9, 12), 5, 8), ((2, 3), 4, 8), ((6, 7), 6, 0)])
def test_the_algorithm_written_out(sizes, k, decimals):
    rng = np.random.default_rng(7)
    y = np.repeat([1, 0], sizes)
    scores = np.round(rng.normal(size=(len(y), k)) + 0.5 * y[:, None], decimals)
    result = pick_bonus(y, scores, replicates=150, seed=3)
    picks, values, skipped = written_out(y, scores, 150, 3)
    assert result.estimate == pytest.approx(np.mean(values), abs=1e-12)
    assert result.skipped == skipped
    assert list(result.pick_counts) == [picks.count(j) for j in range(k)]
    apparent = [by_pairs(y, scores[:, j]) for j in range(k)]
    assert result.naive == pytest.approx(max(apparent))
    assert result.picked == int(np.argmax(np.round(apparent, 12)))
    assert result.bonus == pytest.approx(result.naive - np.mean(values))
    assert result.monte_carlo_se == pytest.approx(np.std(values, ddof=1) / np.sqrt(len(values)))
    assert (result.ci_low, result.ci_high) == newcombe_interval(result.estimate, *sizes)


def test_chance_candidates_are_seen_through():
    naive, estimates = [], []
    for seed in range(25):
        rng = np.random.default_rng(seed)
        y = np.repeat([0, 1], (14, 15))
        result = pick_bonus(y, rng.normal(size=(29, 48)), replicates=300, seed=seed)
        naive.append(result.naive)
        estimates.append(result.estimate)
        assert result.bonus > 0.05
    # The truth is 0.5; 25 studies of 29 patients have a standard error of about 0.015.
    assert np.mean(naive) > 0.70
    assert np.mean(estimates) == pytest.approx(0.5, abs=0.05)


def test_one_candidate_has_no_bonus():
    rng = np.random.default_rng(0)
    y = np.repeat([0, 1], 40)
    score = rng.normal(size=80) + y
    result = pick_bonus(y, score[:, None])
    assert result.naive == pytest.approx(auc(y, score).auc)
    assert abs(result.bonus) < 4 * result.monte_carlo_se
    assert list(result.pick_counts) == [2000]


def test_a_candidate_far_ahead_has_no_bonus():
    rng = np.random.default_rng(1)
    y = np.repeat([0, 1], 60)
    scores = rng.normal(size=(120, 10))
    scores[:, 4] += np.sqrt(2) * norm.ppf(0.9) * y
    result = pick_bonus(y, scores, names=[f"m{j}" for j in range(10)])
    assert result.picked == 4
    assert result.frame().loc[0, "candidate"] == "m4"
    assert result.frame()["share"].sum() == pytest.approx(1)
    assert result.frame().loc[0, "share"] > 0.99
    assert abs(result.bonus) < 0.01


def test_more_candidates_more_bonus():
    rng = np.random.default_rng(2)
    y = np.repeat([0, 1], 20)
    scores = rng.normal(size=(40, 64)) + 0.3 * y[:, None]
    bonuses = [pick_bonus(y, scores[:, :k]).bonus for k in (1, 8, 64)]
    assert bonuses[0] < bonuses[1] < bonuses[2]


def test_a_monotone_transform_and_copies_change_nothing():
    rng = np.random.default_rng(4)
    y = np.repeat([0, 1], 15)
    scores = rng.normal(size=(30, 6)) + 0.4 * y[:, None]
    plain = pick_bonus(y, scores)
    assert pick_bonus(y, np.exp(scores)).estimate == plain.estimate
    copied = pick_bonus(y, np.column_stack([scores, scores]))
    assert copied.estimate == plain.estimate
    assert list(copied.pick_counts[6:]) == [0] * 6
    assert pick_bonus(y, scores, seed=1).estimate != plain.estimate
    assert "nothing is said of a new center" in plain.note


def test_perfect_candidates():
    y = np.repeat([0, 1], 10)
    result = pick_bonus(y, np.column_stack([y, y * 2.0]))
    assert (result.estimate, result.naive, result.bonus, result.ci_high) == (1, 1, 0, 1)
    assert result.ci_low == pytest.approx(newcombe_interval(1.0, 10, 10)[0])


def test_fast_enough_to_wait_for():
    rng = np.random.default_rng(5)
    y = (np.arange(130) % 2).astype(int)
    start = perf_counter()
    pick_bonus(y, rng.normal(size=(130, 240)))
    assert perf_counter() - start < 15


@pytest.mark.parametrize(
    ("y", "scores", "reason"),
    [
        ([1, 1, 1], np.ones((3, 2)), "one class only (all positive), n = 3"),
        ([0, 1, np.nan], np.ones((3, 2)), "the label of 1 of 3 cases is missing"),
        ([0, 1], [[1, np.nan], [1, 2]], "1 of 2 candidates lack the score of at least one patient"),
        (
            [0, 0, 0, 1],
            np.arange(8).reshape(4, 2),
            "a class was absent out of the bag in all 100 replicates (1 positive, 3 negative patients)",
        ),
    ],
)
def test_reasons(y, scores, reason):
    result = pick_bonus(y, scores, replicates=100)
    assert np.isnan([result.estimate, result.ci_low, result.bonus]).all()
    assert result.reason == reason


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pick_bonus([0, 1], [[1], [2], [3]]), "scores has 3"),
        (lambda: pick_bonus([0, 1], [1, 2]), "dimension"),
        (lambda: pick_bonus([0, 1], np.ones((2, 0))), "0 candidate"),
        (lambda: pick_bonus([0, 1], np.ones((2, 1)), replicates=0), "0 replicate"),
        (lambda: pick_bonus([0, 1], np.ones((2, 1)), names=["a", "b"]), "names has 2"),
        (lambda: pick_bonus([0, 1], np.ones((2, 1)), level=2), "level"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
