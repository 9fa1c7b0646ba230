"""Cramer's V against scipy, known formulas, and what it promises: coverage, and p that is uniform by chance."""

from __future__ import annotations

from itertools import combinations
from math import sqrt

import numpy as np
import pytest
from scipy.stats import chi2_contingency, ncx2
from scipy.stats.contingency import association

from sgcore.stats import cramers_v


def _columns(table):
    """Two columns whose cross table is ``table``."""
    rows, columns = np.indices(np.shape(table))
    counts = np.ravel(table)
    return np.repeat(rows.ravel(), counts), np.repeat(columns.ravel(), counts)


@pytest.mark.parametrize(
    "table", [[[12, 3], [4, 11]], [[9, 1], [2, 7], [5, 5]], [[3, 0, 2], [1, 8, 2], [4, 4, 9]]]
)
def test_the_plain_v_is_scipys_and_the_corrected_one_bergsmas(table):
    found = cramers_v(*_columns(table), permutations=99)
    assert found.plain == pytest.approx(association(table, method="cramer"))
    (r, c), n = np.shape(table), np.sum(table)
    phi2 = chi2_contingency(table, correction=False).statistic / n
    excess = max(0, phi2 - (r - 1) * (c - 1) / (n - 1))
    room = min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1
    assert found.estimate == pytest.approx(sqrt(excess / room))
    assert (found.n, found.levels) == (n, (r, c))


def test_the_interval_has_the_statistic_at_its_tails():
    table = [[30, 12], [14, 25]]
    found = cramers_v(*_columns(table), permutations=9)
    statistic = chi2_contingency(table, correction=False).statistic
    n = np.sum(table)
    assert ncx2.cdf(statistic, 1, n * found.ci_low**2) == pytest.approx(0.975)
    assert ncx2.cdf(statistic, 1, n * found.ci_high**2) == pytest.approx(0.025)


def test_an_even_table_has_an_interval_from_zero_that_is_no_narrower_than_chance():
    found = cramers_v(*_columns([[10, 10], [10, 10]]), permutations=9)
    assert (found.estimate, found.ci_low) == (0, 0)
    assert ncx2.cdf(1, 1, 40 * found.ci_high**2) == pytest.approx(0.025)


def test_p_is_that_of_all_permutations():
    one, other = _columns([[4, 1], [1, 3]])
    observed = chi2_contingency([[4, 1], [1, 3]], correction=False).statistic
    reached = []
    for chosen in combinations(range(9), int((other == 1).sum())):
        again = np.isin(np.arange(9), chosen)
        table = [[np.sum((one == r) & (again == c)) for c in (False, True)] for r in (0, 1)]
        reached.append(chi2_contingency(table, correction=False).statistic >= observed - 1e-9)
    assert cramers_v(one, other, permutations=19_999).p == pytest.approx(np.mean(reached), abs=0.01)


def test_columns_that_tell_each_other_have_v_1():
    groups = np.repeat(list("abc"), 8)
    found = cramers_v(groups, groups, permutations=199)
    assert found.estimate == pytest.approx(1)
    assert found.p == pytest.approx(1 / 200)
    assert found.ci_high == 1


def test_it_does_not_matter_which_column_is_first_or_what_levels_are_called():
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 4, 80), rng.integers(0, 2, 80)
    found, turned = cramers_v(one, other), cramers_v(other, one)
    named = cramers_v(np.array(list("wxyz"))[one], other.astype(bool))
    for name in ("estimate", "plain", "ci_low", "ci_high"):
        assert getattr(found, name) == pytest.approx(getattr(turned, name))
        assert getattr(found, name) == pytest.approx(getattr(named, name))
    assert found.p == pytest.approx(turned.p, abs=0.03)
    assert found.levels == (4, 2)


def test_chance_reaches_its_limit_in_one_of_twenty():
    rng = np.random.default_rng(5)
    found = [cramers_v(rng.integers(0, 3, 90), rng.integers(0, 2, 90), permutations=199) for _ in range(200)]
    beyond = np.mean([each.estimate > each.chance_95 for each in found])
    low = np.mean([each.p <= 0.05 for each in found])
    assert 0.01 < beyond < 0.1
    assert 0.01 < low < 0.1


def test_the_interval_holds_the_truth():
    rng = np.random.default_rng(7)
    shares = np.array([0.35, 0.5, 0.7])
    mean = shares.mean()
    truth = sqrt(((shares - mean) ** 2).mean() / (mean * (1 - mean)))
    held = 0
    for _ in range(300):
        groups = rng.integers(0, 3, 150)
        found = cramers_v(groups, rng.random(150) < shares[groups], permutations=1)
        held += found.ci_low <= truth <= found.ci_high
    assert held / 300 > 0.92


def test_missing_values_are_left_out_and_counted():
    whole = cramers_v(["a", "b"] * 10, ["x", "x", "y", "y"] * 5)
    holes = cramers_v(["a", "b"] * 10 + [None, "a"], ["x", "x", "y", "y"] * 5 + ["x", np.nan])
    assert holes.n_missing == 2
    assert (holes.n, holes.estimate, holes.p) == (whole.n, whole.estimate, whole.p)


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (["a", "a"], ["x", "y"], "one column has a single level"),
        (["a", None], [None, "y"], "no patient has both values"),
        ([], [], "no patient has both values"),
    ],
)
def test_where_there_is_nothing_to_compare_a_reason_stands(one, other, reason):
    found = cramers_v(one, other)
    assert np.isnan([found.estimate, found.p, found.ci_low]).all()
    assert found.reason == reason


def test_two_patients_have_no_corrected_v():
    found = cramers_v(["a", "b"], ["x", "y"])
    assert np.isnan(found.estimate)
    assert (found.plain, found.p) == (1, 1)


def test_callers_faults_are_told():
    with pytest.raises(ValueError, match="has 1 values"):
        cramers_v(["a"], ["x", "y"])
    with pytest.raises(ValueError, match="permutations is 0"):
        cramers_v(["a"], ["x"], permutations=0)
    with pytest.raises(ValueError, match="level is 95"):
        cramers_v(["a"], ["x"], level=95)
