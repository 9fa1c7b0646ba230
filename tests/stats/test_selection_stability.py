"""Nogueira's stability: its definition written out, known limits, pairwise form, Monte Carlo coverage."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sgcore.stats.selection_stability import stability


def written_out(z: np.ndarray) -> tuple[float, float]:
    """phi by the unbiased variances of the features, and v by loops over the paper's sums."""
    m, d = z.shape
    k = [int(row.sum()) for row in z]
    kbar = sum(k) / m
    chance = (kbar / d) * (1 - kbar / d)
    phi = 1 - np.mean(np.var(z, axis=0, ddof=1)) / chance
    p = [sum(z[i][f] for i in range(m)) / m for f in range(d)]
    each = []
    for i in range(m):
        overlap = sum(z[i][f] * p[f] for f in range(d)) / d
        correction = phi / 2 * (2 * kbar * k[i] / d**2 - k[i] / d - kbar / d + 1)
        each.append((overlap - k[i] * kbar / d**2 + correction) / chance)
    center = sum(each) / m
    return float(phi), 4 / m**2 * sum((value - center) ** 2 for value in each)


def kuncheva(z: np.ndarray) -> float:
    """Mean over pairs of (shared - k^2 / d) / (k - k^2 / d), for selections of one size k."""
    k, d = z[0].sum(), z.shape[1]
    return float(np.mean([(a @ b - k**2 / d) / (k - k**2 / d) for a, b in combinations(z, 2)]))


@pytest.mark.parametrize("seed", range(6))
def test_the_definition(seed):
    rng = np.random.default_rng(seed)
    z = (rng.random((int(rng.integers(2, 30)), 17)) < rng.random(17)).astype(float)
    z[0] = 0
    result = stability(z)
    phi, variance = written_out(z)
    assert (result.phi, result.variance) == pytest.approx((phi, variance), rel=1e-12)
    assert result.n_empty >= 1
    half = 1.959963985 * np.sqrt(variance)
    limits = max(-1 / (len(z) - 1), phi - half), min(1, phi + half)
    assert (result.ci_low, result.ci_high) == pytest.approx(limits)


@pytest.mark.parametrize("seed", range(4))
def test_selections_of_one_size_give_kunchevas_index(seed):
    rng = np.random.default_rng(seed)
    z = np.zeros((12, 20))
    for row in z:
        row[rng.choice(20, 5, replace=False, p=np.linspace(1, 3, 20) / 40)] = 1
    assert stability(z).phi == pytest.approx(kuncheva(z), rel=1e-12)


def test_identical_selections_are_perfectly_stable():
    result = stability(np.tile([1, 0, 1, 0, 0], (10, 1)))
    assert (result.phi, result.ci_low, result.ci_high) == pytest.approx((1, 1, 1), abs=1e-12)
    assert result.variance == pytest.approx(0, abs=1e-24)
    assert result.mean_size == 2


@pytest.mark.parametrize("m", [2, 5, 40])
def test_the_lower_bound(m):
    # Each feature in exactly half of the draws.
    z = np.array([[1, 0], [0, 1]] * m)
    assert stability(z).phi == pytest.approx(-1 / (2 * m - 1))
    assert stability(z).ci_low == pytest.approx(-1 / (2 * m - 1))


def test_random_selections_are_near_zero():
    rng = np.random.default_rng(1)
    values = [stability(rng.random((50, 60)) < 0.2).phi for _ in range(50)]
    assert abs(np.mean(values)) < 0.005
    # Sizes that differ widely do not pass for stability.
    sizes = rng.choice([3, 30], size=(100, 1)) / 60
    assert abs(stability(rng.random((100, 60)) < sizes).phi) < 0.02


def test_interval_covers_the_stability_of_endless_draws():
    rng = np.random.default_rng(2)
    chance = np.r_[0.9, 0.7, 0.6, np.full(37, 0.05)]
    q = chance.mean()
    truth = 1 - np.mean(chance * (1 - chance)) / (q * (1 - q))
    hits = 0
    for _ in range(500):
        result = stability(rng.random((100, 40)) < chance)
        hits += result.ci_low <= truth <= result.ci_high
    # 500 replicates: standard error 1 point.
    assert 0.915 <= hits / 500 <= 0.98


def test_order_of_draws_and_features_does_not_matter():
    rng = np.random.default_rng(3)
    z = rng.random((20, 9)) < 0.3
    shuffled = z[rng.permutation(20)][:, rng.permutation(9)]
    first, second = stability(z), stability(shuffled)
    assert (first.phi, first.variance) == pytest.approx((second.phi, second.variance))
    # Selecting and leaving out are the same thing seen from two sides.
    assert stability(~z).phi == pytest.approx(first.phi)


def test_an_empty_draw_counts():
    z = np.tile([1, 0, 0, 0], (9, 1))
    with_empty = stability(np.vstack([z, np.zeros(4)]))
    assert with_empty.phi < stability(z).phi
    assert (with_empty.n_empty, with_empty.n_draws) == (1, 10)
    assert with_empty.frequency[0] == pytest.approx(0.9)


def test_frequencies():
    result = stability([[1, 0, 1], [1, 0, 0], [1, 1, 0], [0, 0, 0]], names=["a", "b", "c"])
    table = result.frame()
    assert list(table["feature"]) == ["a", "b", "c"]
    assert list(table["frequency"]) == [0.75, 0.25, 0.25]
    assert (table["draws"] == 4).all()
    assert "Monte Carlo error" in result.method


@pytest.mark.parametrize(
    ("z", "reason"),
    [
        (np.zeros((5, 3)), "all 5 draws select nothing"),
        (np.ones((5, 3)), "all 5 draws select all 3 features"),
        (np.eye(3)[:1], "1 draw(s), at least 2 are needed"),
        (np.zeros((0, 3)), "0 draw(s), at least 2 are needed"),
        ([[1, 0], [np.nan, 1]], "1 of 2 draws have missing values"),
        ([[1], [0], [1], [0]], "one feature only, selected in 2 of 4 draws"),
        ([[1], [1]], "one feature only, selected in 2 of 2 draws"),
    ],
)
def test_reasons(z, reason):
    result = stability(z)
    assert np.isnan([result.phi, result.ci_low, result.variance]).all()
    assert result.reason == reason
    assert len(result.frequency) == result.n_features


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: stability([[0, 2], [1, 0]]), "it holds 2"),
        (lambda: stability([0, 1]), "dimension"),
        (lambda: stability(np.zeros((3, 0))), "no feature"),
        (lambda: stability(np.eye(2), names=["a"]), "names has 1"),
        (lambda: stability(np.eye(2), level=0), "level"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
