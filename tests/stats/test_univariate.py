"""All features at once give what each gives alone; features that cannot be tested say why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sgcore.stats import univariate_tests


@pytest.fixture
def features() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    y = rng.permutation(np.arange(60) % 2)
    X = pd.DataFrame(
        {
            "normal": rng.normal(size=60) + y,
            "wide": rng.normal(size=60) * np.where(y == 1, 4, 1),
            "skewed": np.exp(2 * rng.normal(size=60)) + y,
            "ties": rng.poisson(1, 60),
            "tiny": 1e-17 * rng.normal(size=60),
            "huge": 1e150 * rng.normal(size=60),
        }
    )
    return X, y


@pytest.mark.parametrize("unit", [2.0**-700, 2.0**1000])
def test_the_unit_of_a_feature_does_not_matter(features, unit):
    X, y = features[0][["normal", "wide", "skewed"]], features[1]
    pd.testing.assert_frame_equal(univariate_tests(X * unit, y), univariate_tests(X, y), rtol=1e-12)


def test_values_at_the_end_of_all_numbers(features):
    x, y = features[0][["normal"]].to_numpy(), features[1]
    huge = x / np.abs(x).max() * 1.7e308
    pd.testing.assert_frame_equal(univariate_tests(huge, y), univariate_tests(x, y), rtol=1e-9)
    huge[0] = np.inf
    assert univariate_tests(huge, y).loc[0, "reason"] == "infinite values"


def alone(x: np.ndarray, y: np.ndarray) -> tuple[str, float]:
    a, b = x[y == 1], x[y == 0]
    if min(stats.shapiro(a).pvalue, stats.shapiro(b).pvalue) < 0.05:
        return "mannwhitney", stats.mannwhitneyu(a, b, method="asymptotic").pvalue
    equal = bool(stats.levene(a, b).pvalue >= 0.05)
    return ("student" if equal else "welch"), stats.ttest_ind(a, b, equal_var=equal).pvalue


def test_each_column_as_if_alone(features):
    X, y = features
    table = univariate_tests(X, y)
    assert list(table.index) == list(X.columns)
    assert list(table.columns[:4]) == ["test", "statistic", "p", "reason"]
    for name in X:
        test, p = alone(X[name].to_numpy(float), y)
        assert table.loc[name, "test"] == test
        assert table.loc[name, "p"] == pytest.approx(p, rel=1e-9)
    assert set(table["test"]) == {"student", "welch", "mannwhitney"}
    assert table.loc["normal", "statistic"] > 0


@pytest.mark.parametrize("test", ["student", "welch", "mannwhitney"])
def test_a_chosen_test_is_used_throughout(features, test):
    X, y = features
    table = univariate_tests(X, y, test=test)
    assert set(table["test"]) == {test}
    assert table["normal"].isna().all()


def test_scale_does_not_matter(features):
    X, y = features
    np.testing.assert_allclose(univariate_tests(1000 * X, y)["p"], univariate_tests(X, y)["p"], rtol=1e-9)


def test_small_classes_use_the_exact_distribution_where_there_are_no_ties():
    y = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0])
    X = np.column_stack([np.arange(9.0) ** 3, np.arange(9.0).round(-1), [3, 1, 4, 1, 5, 9, 2, 6, 5]])
    table = univariate_tests(X, y, test="mannwhitney")
    for column, method in ((0, "exact"), (1, "asymptotic"), (2, "asymptotic")):
        expected = stats.mannwhitneyu(X[y == 1, column], X[y == 0, column], method=method)
        assert table.loc[column, "p"] == pytest.approx(expected.pvalue)


def test_features_that_cannot_be_tested():
    rng = np.random.default_rng(0)
    y = np.arange(30) % 2
    X = rng.normal(size=(30, 6))
    X[:, 0] = 7.0
    X[4, 1] = np.nan
    X[4, 2] = np.inf
    X[:, 3] = 0.1 + 1e-17 * X[:, 3]
    X[:, 4] = y
    table = univariate_tests(X, y)
    expected = ["constant", "1 of 30 values are missing", "infinite values", "constant", "", ""]
    assert list(table["reason"]) == expected
    np.testing.assert_array_equal(table["p"].isna(), [reason != "" for reason in expected])
    assert table.loc[4, "test"] == "mannwhitney"  # a perfect separator has ranks
    assert table.loc[4, "p"] < 1e-6
    assert univariate_tests(X, y, test="welch").loc[4, "reason"] == "one value in each class: no variance"


def test_a_class_with_one_value_only_is_not_normal():
    y = np.arange(40) % 2
    x = np.where(y == 1, 3.0, np.random.default_rng(0).normal(size=40))
    table = univariate_tests(np.column_stack([x, x]), y)
    assert set(table["test"]) == {"mannwhitney"}
    assert univariate_tests(x[:, None], y, test="student")["p"].notna().all()


def test_too_few_cases():
    table = univariate_tests(np.arange(6.0).reshape(3, 2), [1, 0, 0])
    assert set(table["reason"]) == {"fewer than 2 cases in a class (1 positive, 2 negative)"}
    two = univariate_tests([[1.0], [2.0], [3.0], [5.0]], [0, 0, 1, 1])
    assert two.loc[0, "test"] == "mannwhitney"


def test_noise_is_found_at_the_level_of_the_test():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(130, 1288))
    X[:, ::2] = np.exp(X[:, ::2])
    p = univariate_tests(X, rng.integers(0, 2, 130))["p"]
    assert 0.035 <= (p < 0.05).mean() <= 0.065


def test_refusals():
    with pytest.raises(ValueError, match="X has 2 values"):
        univariate_tests(np.ones((2, 2)), [0, 1, 1])
    with pytest.raises(ValueError, match="dimension"):
        univariate_tests(np.ones(3), [0, 1, 1])
    with pytest.raises(ValueError, match="choose auto"):
        univariate_tests(np.ones((2, 2)), [0, 1], test="t")
    with pytest.raises(ValueError, match="labels are missing"):
        univariate_tests(np.ones((2, 2)), [0, np.nan])
