"""Rows of a cohort table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sgcore.stats import compare_groups, standardized_means, standardized_shares

SLEEP = {  # Student's sleep data: extra hours under two drugs (R's data set `sleep`)
    "1": [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
    "2": [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
}


def test_student_of_the_sleep_data():
    result = compare_groups(SLEEP["1"] + SLEEP["2"], ["1"] * 10 + ["2"] * 10)
    assert (result.kind, result.test) == ("continuous", "student")
    assert result.statistic == pytest.approx(1.8608, abs=5e-5)
    assert result.p == pytest.approx(0.07919, abs=5e-6)  # R: t.test(extra ~ group, var.equal = TRUE)
    assert result.summary["1"] == "0.8 ± 1.8"
    assert result.n == {"1": 10, "2": 10}
    assert result.smd == pytest.approx((2.33 - 0.75) / np.sqrt((1.789**2 + 2.002**2) / 2), abs=1e-3)
    assert result.smd_low < result.smd < result.smd_high


def test_welch_and_mann_whitney_are_chosen():
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b"], 60)
    wide = np.r_[rng.normal(size=60), 5 * rng.normal(size=60)]
    assert compare_groups(wide, labels).test == "welch"
    skewed = compare_groups(np.exp(2 * wide), labels)
    assert skewed.test == "mannwhitney"
    assert skewed.test_name == "Mann-Whitney U test"
    assert "[" in skewed.summary["a"]


@pytest.mark.parametrize("unit", [2.0**-700, 2.0**1000])
@pytest.mark.parametrize("groups", [2, 3])
def test_the_unit_of_a_value_does_not_matter(unit, groups):
    rng = np.random.default_rng(1)
    labels, values = np.repeat(list("abc")[:groups], 20), rng.normal(size=20 * groups)
    plain, scaled = compare_groups(values, labels), compare_groups(values * unit, labels)
    assert (scaled.test, scaled.p) == (plain.test, pytest.approx(plain.p, rel=1e-12))
    assert scaled.smd == pytest.approx(plain.smd, rel=1e-12, nan_ok=True)


def test_chi_square_and_fisher():
    # Agresti's tea tasting, and the same proportions in a table large enough for chi-square.
    tea = pd.DataFrame(
        {"said": ["milk"] * 4 + ["tea"] * 4, "was": ["milk"] * 3 + ["tea"] + ["milk"] + ["tea"] * 3}
    )
    small = compare_groups(tea["said"], tea["was"])
    assert small.test == "fisher"
    assert small.p == pytest.approx(0.4857, abs=5e-5)
    large = compare_groups(np.tile(tea["said"], 5), np.tile(tea["was"], 5))
    assert large.test == "chi-square"
    assert large.statistic == pytest.approx(10.0)
    assert large.p == pytest.approx(stats.chi2.sf(10, 1))
    assert large.summary["milk"] == "milk 15 (75.0%); tea 5 (25.0%)"


def test_fisher_beyond_two_by_two_is_repeatable_and_close_to_exact():
    # Job satisfaction of Agresti 2002, table 2.8: R's fisher.test gives p = 0.7827.
    counts = np.array([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]])
    rows, columns = (np.repeat(index, counts.ravel()) for index in np.indices((4, 4)).reshape(2, -1))
    result = compare_groups(rows, columns, kind="categorical")
    assert result.test == "fisher"
    assert result.p == pytest.approx(0.7827, abs=0.015)
    assert compare_groups(rows, columns, kind="categorical").p == result.p


def test_three_groups():
    rng = np.random.default_rng(0)
    labels = np.repeat(["train", "validation", "external"], 40)
    values = rng.normal(size=120)
    result = compare_groups(values, labels)
    assert result.test == "anova"
    samples = [values[labels == name] for name in ("external", "train", "validation")]
    assert result.p == pytest.approx(stats.f_oneway(*samples).pvalue)
    assert result.difference.reason == "only between two groups"
    assert compare_groups(np.exp(2 * values), labels).test == "kruskal"
    ordered = pd.Categorical(labels, categories=["train", "validation", "external"])
    assert list(compare_groups(values, ordered).n) == ["train", "validation", "external"]


def test_missing_values_are_counted():
    result = compare_groups([1.0, 2.0, np.nan, 4.0, 5.0, 7.0], list("aaabbb"))
    assert result.n == {"a": 2, "b": 3}
    assert result.n_missing == {"a": 1, "b": 0}
    sex = compare_groups(["F", None, "M", "F"], list("aabb"))
    assert sex.n_missing == {"a": 1, "b": 0}


def test_kind_is_found_out():
    assert compare_groups([0, 1, 0, 1], list("aabb")).kind == "categorical"
    assert compare_groups([True, False, True, True], list("aabb")).kind == "categorical"
    assert compare_groups([0, 1, 2, 1], list("aabb")).kind == "continuous"
    assert compare_groups([0, 1, 2, 1], list("aabb"), kind="categorical").kind == "categorical"
    with_gap = compare_groups([0, 1, np.nan, 1], list("aabb"))
    assert with_gap.summary["a"] == "0 1 (50.0%); 1 1 (50.0%)"


@pytest.mark.parametrize(
    ("values", "labels", "words"),
    [
        ([3.0, 3.0, 3.0, 3.0], "aabb", "constant"),
        (["F"] * 4, "aabb", "constant"),
        ([1.0, 2.0, 3.0], "aaa", "one group only"),
        ([1.0, 2.0, 3.0], "aab", "fewer than 2 values in a group"),
        ([1.0, 2.0, np.inf, 4.0], "aabb", "infinite values"),
        (["F", "M", None], "aab", "no value in a group"),
        ([None, None], "ab", "no value in a group"),
    ],
)
def test_nothing_to_test(values, labels, words):
    result = compare_groups(values, list(labels))
    assert np.isnan(result.p)
    assert result.reason == words
    assert result.test_name == ""
    assert set(result.summary) == set(labels)


def test_refusals():
    with pytest.raises(ValueError, match="1 of 2 group labels are missing"):
        compare_groups([1, 2], ["a", None])
    with pytest.raises(ValueError, match="must be numbers"):
        compare_groups(["x", "y"], ["a", "b"], kind="continuous")
    with pytest.raises(ValueError, match="choose continuous"):
        compare_groups([1, 2], ["a", "b"], kind="ordinal")


def test_standardized_difference_of_two_shares():
    result = standardized_shares([[30, 20], [10, 30]])  # 25% against 60% of the second level
    assert result.estimate == pytest.approx(0.35 / np.sqrt((0.25 * 0.75 + 0.6 * 0.4) / 2))
    width = 1.959964 * np.sqrt(90 / (40 * 50) + result.estimate**2 / (2 * 90))
    assert result.ci_high == pytest.approx(result.estimate + width, rel=1e-6)


def test_standardized_difference_identities():
    a, b = np.array(SLEEP["1"]), np.array(SLEEP["2"])
    assert standardized_means(a, b).estimate == pytest.approx(-standardized_means(b, a).estimate)
    assert standardized_means(10 * a + 3, 10 * b + 3).estimate == pytest.approx(
        standardized_means(a, b).estimate
    )
    table = np.array([[12, 5], [3, 9], [6, 6]])
    assert standardized_shares(table[::-1]).estimate == pytest.approx(standardized_shares(table).estimate)
    assert standardized_shares([[5, 10], [7, 14]]).estimate == pytest.approx(0, abs=1e-12)
    assert standardized_shares([[5, 0], [0, 5]]).reason == "a level separates the groups"
    assert standardized_means([1, 1], [2, 2]).reason == "no spread within the groups"
