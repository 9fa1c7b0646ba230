"""Group tests clustered by patient: what they equal without clusters, and that their size is right."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from sgcore.stats import auc, compare_groups
from sgcore.stats.clustered_groups import compare_groups_clustered
from sgcore.stats.clustered_tables import clustered_table_test
from sgcore.stats.clustered_tests import clustered_contrast, univariate_tests_clustered


def cohort(rng: np.random.Generator, patients: int, columns: int = 1) -> tuple[np.ndarray, ...]:
    """Values without a difference, labels of every second patient, 1 to 4 images that correlate at 0.7."""
    groups = np.repeat(np.arange(patients), rng.integers(1, 5, patients))
    own = rng.normal(size=(patients, columns))[groups]
    values = np.sqrt(0.7) * own + np.sqrt(0.3) * rng.normal(size=own.shape)
    return values, groups % 2, groups


def test_singletons_are_welch():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(50, 3)) * [1, 1e150, 1e-12] + [0, 0, 5e-12], np.arange(50) % 2
    table = univariate_tests_clustered(X, y, None, test="mean")
    expected = stats.ttest_ind(X[y == 1][:, [0, 2]], X[y == 0][:, [0, 2]], equal_var=False)
    np.testing.assert_allclose(table.loc[[0, 2], "statistic"], expected.statistic, rtol=1e-9)
    np.testing.assert_allclose(table.loc[[0, 2], "p"], expected.pvalue, rtol=1e-9)
    np.testing.assert_allclose(table.loc[[0, 2], "df"], expected.df, rtol=1e-9)
    assert np.isfinite(table.loc[1, "p"])


def test_singletons_are_brunner_munzel_on_the_logit_scale():
    rng = np.random.default_rng(1)
    y = np.arange(60) % 2
    x = np.round(rng.normal(size=60) * (1 + y) + 0.5 * y, 1)  # with ties
    row = univariate_tests_clustered(x[:, None], y, np.arange(60), test="rank").loc[0]
    plain = stats.brunnermunzel(x[y == 0], x[y == 1])
    a = stats.mannwhitneyu(x[y == 1], x[y == 0]).statistic / 900
    # Brunner and Munzel divide A - 0.5 by the same standard error.
    t = plain.statistic * np.log(a / (1 - a)) * a * (1 - a) / (a - 0.5)
    assert row["statistic"] == pytest.approx(t, rel=1e-10)
    assert 2 * stats.t.sf(abs(plain.statistic), row["df"]) == pytest.approx(plain.pvalue, rel=1e-9)
    assert row["p"] == pytest.approx(2 * stats.t.sf(t, row["df"]), rel=1e-10)


def test_rank_p_is_where_the_auc_interval_reaches_one_half():
    rng = np.random.default_rng(2)
    X, y, groups = cohort(rng, 40, 8)
    X = X + 0.4 * y[:, None]
    table = univariate_tests_clustered(X, y, groups, test="rank")
    for column in range(8):
        at_p = auc(y, X[:, column], groups, level=1 - table.loc[column, "p"], interval="logit-t")
        assert min(abs(at_p.ci_low - 0.5), abs(at_p.ci_high - 0.5)) < 1e-9


def test_mean_equals_least_squares_with_clustered_errors():
    rng = np.random.default_rng(3)
    groups = np.repeat(np.arange(30), rng.integers(1, 5, 30))
    y = (rng.random(groups.size) < 0.5).astype(int)  # patients with images of both classes
    x = rng.normal(size=30)[groups] + rng.normal(size=groups.size)
    got = clustered_contrast(x[:, None], y.astype(float), groups, ranks=False)
    options = {"groups": groups, "use_correction": False}
    fit = sm.OLS(x, sm.add_constant(y)).fit(cov_type="cluster", cov_kwds=options)
    assert got.estimate[0] == pytest.approx(fit.params[1])
    # Without the three factors of the numbers of patients the variance is the plain sandwich.
    n_pos, n_neg, n_any = (np.unique(groups[keep]).size for keep in (y == 1, y == 0, y >= 0))
    crossed = got.variance - got.from_pos - got.from_neg
    plain = (
        got.from_pos * (n_pos - 1) / n_pos
        + got.from_neg * (n_neg - 1) / n_neg
        + crossed * (n_any - 1) / n_any
    )
    assert np.sqrt(plain[0]) == pytest.approx(fit.bse[1], rel=1e-10)


def test_images_repeated_say_nothing_new():
    rng = np.random.default_rng(4)
    x, y = np.exp(rng.normal(size=(40, 2))), np.arange(40) % 2
    once = univariate_tests_clustered(x, y, np.arange(40))
    thrice = univariate_tests_clustered(np.repeat(x, 3, axis=0), np.repeat(y, 3), np.repeat(np.arange(40), 3))
    pd.testing.assert_frame_equal(once, thrice, rtol=1e-9)


def test_swapping_the_classes_and_monotone_maps():
    rng = np.random.default_rng(5)
    X, y, groups = cohort(rng, 30, 4)
    for test in ("mean", "rank"):
        table, swapped = (univariate_tests_clustered(X, labels, groups, test=test) for labels in (y, 1 - y))
        np.testing.assert_allclose(table["statistic"], -swapped["statistic"], rtol=1e-9)
    ranks = univariate_tests_clustered(np.exp(X), y, groups, test="rank")
    np.testing.assert_allclose(ranks["p"], table["p"], rtol=1e-9)


def test_auto_looks_at_the_patients():
    rng = np.random.default_rng(6)
    own, y = rng.exponential(size=50) ** 2, np.arange(50) % 2
    groups = np.repeat(np.arange(50), 3)
    X = np.column_stack([own[groups], rng.normal(size=50)[groups] + 0.01 * rng.normal(size=150)])
    table = univariate_tests_clustered(X, y[groups], groups)
    assert list(table["test"]) == ["clustered-rank", "clustered-mean"]
    assert list(table["normal"]) == [False, True]


@pytest.mark.parametrize("test", ["mean", "rank"])
def test_size_without_a_difference(test):
    rng = np.random.default_rng(7)
    p = np.concatenate([univariate_tests_clustered(*cohort(rng, 60, 10), test=test)["p"] for _ in range(60)])
    # 600 tests at 5%, standard error 0.9 points; by image 20% would be rejected.
    assert 0.03 <= (p < 0.05).mean() <= 0.08


def test_complete_separation_has_the_exact_p_of_the_patients():
    groups = np.repeat(np.arange(9), 2)
    y = (groups >= 5).astype(int)
    x = groups + 0.1 * np.arange(18)
    row = univariate_tests_clustered(x[:, None], y, groups, test="rank").loc[0]
    assert row["test"] == "separation"
    expected = stats.mannwhitneyu(np.arange(5, 9), np.arange(5), method="exact").pvalue
    assert row["p"] == pytest.approx(expected)
    mixed = univariate_tests_clustered([[1.0], [2.0], [3.0], [4.0]], [0, 0, 1, 1], [0, 1, 1, 2], test="rank")
    assert "also within patients" in mixed.loc[0, "reason"]


def test_what_cannot_be_tested():
    rng = np.random.default_rng(8)
    X, y, groups = cohort(rng, 20, 4)
    X[:, 0], X[3, 1], X[3, 2] = 7.0, np.nan, np.inf
    table = univariate_tests_clustered(pd.DataFrame(X, columns=list("abcd")), y, groups)
    assert list(table.index) == list("abcd")
    expected = ["constant", f"1 of {len(y)} values are missing", "infinite values", ""]
    assert list(table["reason"]) == expected
    assert list(table["p"].isna()) == [True, True, True, False]
    one = univariate_tests_clustered(X[:, 3:], y, np.where(y == 1, 99, groups))
    assert one.loc[0, "reason"] == "fewer than 2 patients in a class (1 positive, 10 negative)"
    lost = univariate_tests_clustered(X[:, 3:], y, np.where(groups == 0, np.nan, groups))
    assert lost.loc[0, "reason"].startswith("the patient of")
    flat = univariate_tests_clustered(y[:, None].astype(float), y, groups, test="mean")
    assert flat.loc[0, "reason"] == "the clustered variance is zero"
    with pytest.raises(ValueError, match="choose auto"):
        univariate_tests_clustered(X, y, groups, test="student")
    with pytest.raises(ValueError, match="labels are missing"):
        univariate_tests_clustered(X, np.where(y == 1, np.nan, 0), groups)


@pytest.mark.parametrize("ranks", [True, False])
@pytest.mark.parametrize("patients", range(10, 40))
def test_what_cancels_within_every_patient_has_no_variance(patients, ranks):
    value = np.random.default_rng(patients).normal(size=patients).repeat(2)[:, None]
    y, codes = np.tile([1.0, 0.0], patients), np.arange(patients).repeat(2)
    assert clustered_contrast(value, y, codes, ranks=ranks).variance[0] == 0


def test_a_whole_feature_table_is_fast():
    rng = np.random.default_rng(9)
    X, y, groups = cohort(rng, 55, 1288)
    start = time.perf_counter()
    table = univariate_tests_clustered(X, y, groups)
    assert time.perf_counter() - start < 2
    assert table["p"].notna().all()


def test_table_of_singletons_is_pearson():
    rng = np.random.default_rng(10)
    levels, labels = rng.integers(0, 3, 150), rng.integers(0, 2, 150)
    test, statistic, effect, p = clustered_table_test(levels, labels, np.arange(150))
    expected = stats.chi2_contingency(pd.crosstab(levels, labels), correction=False)
    assert (test, effect) == ("rao-scott", pytest.approx(1))
    assert (statistic, p) == (pytest.approx(expected.statistic), pytest.approx(expected.pvalue))


def test_table_of_repeated_images_is_that_of_the_patients():
    rng = np.random.default_rng(11)
    levels, labels = rng.integers(0, 3, 90), rng.integers(0, 2, 90)
    once = clustered_table_test(levels, labels, np.arange(90))
    four = clustered_table_test(*(np.repeat(part, 4) for part in (levels, labels, np.arange(90))))
    assert four[2] == pytest.approx(4, rel=0.02)
    assert four[3] == pytest.approx(once[3], rel=0.05)


def test_small_tables_permute_patients():
    # Five patients against five, two images each, one group all 1: 2 of C(10, 5) orders are as far apart.
    groups = np.repeat(np.arange(10), 2)
    labels = (groups >= 5).astype(int)
    test, _, _, p = clustered_table_test(labels, labels, groups)
    assert test == "permutation"
    assert p == pytest.approx(2 / 252, abs=0.003)
    assert clustered_table_test(labels, labels, groups)[3] == p


def test_table_size_without_a_difference():
    rng = np.random.default_rng(12)
    rejected = naive = 0
    for _ in range(400):
        values, labels, groups = cohort(rng, 60)
        levels = np.digitize(values[:, 0], [-0.4, 0.4])
        _, statistic, effect, p = clustered_table_test(levels, labels, groups)
        rejected += p < 0.05
        naive += stats.chi2.sf(statistic * effect, 2) < 0.05
    assert 0.03 <= rejected / 400 <= 0.085
    assert naive / 400 > 0.12


def test_a_row_of_the_cohort_table():
    rng = np.random.default_rng(13)
    values, labels, groups = cohort(rng, 40)
    names = np.where(labels == 1, "malignant", "benign")
    result, plain = compare_groups_clustered(values[:, 0], names, groups), compare_groups(values[:, 0], names)
    assert result.test == "clustered-mean"
    assert result.test_name == "Welch's t test, clustered by patient"
    row = univariate_tests_clustered(values, labels, groups).loc[0]
    assert (result.p, result.df) == (row["p"], row["df"])
    assert (result.n, result.smd, result.n_patients) == (plain.n, plain.smd, {"benign": 20, "malignant": 20})
    assert result.smd_high - result.smd_low > 1.2 * (plain.smd_high - plain.smd_low)
    shape = compare_groups_clustered(np.where(values[:, 0] > 0, "oval", "round"), names, groups)
    assert shape.test == "rao-scott"
    assert shape.p > compare_groups(np.where(values[:, 0] > 0, "oval", "round"), names).p


def test_a_row_of_singletons_has_the_plain_interval():
    rng = np.random.default_rng(14)
    values, names = rng.normal(size=60), np.repeat(["a", "b"], 30)
    for column in (values, np.where(values > 0, "oval", "round")):
        clustered, plain = compare_groups_clustered(column, names, None), compare_groups(column, names)
        assert clustered.smd_low == pytest.approx(plain.smd_low)
        assert clustered.smd_high == pytest.approx(plain.smd_high)
        assert clustered.summary == plain.summary


@pytest.mark.parametrize(
    ("values", "labels", "groups", "words"),
    [
        ([3.0, 3.0, 3.0, 3.0], "aabb", "pqrs", "constant"),
        ([1.0, 2.0, 3.0, 4.0], "aaaa", "pqrs", "one group only"),
        ([1.0, 2.0, 4.0, 9.0], "aabb", "ppqr", "fewer than 2 patients in a group (a 1, b 2)"),
        ([1.0, 2.0, 4.0, 9.0], "aabb", ["p", None, "q", "r"], "the patient of 1 of 4 images is missing"),
        ([1.0, 2.0, 4.0, 9.0, 7.0, 8.0], "aabbcc", "pqrstu", "three groups and more"),
    ],
)
def test_rows_without_a_test(values, labels, groups, words):
    result = compare_groups_clustered(values, list(labels), list(groups))
    assert np.isnan(result.p)
    assert result.reason.startswith(words)
    assert result.test_name == ""
