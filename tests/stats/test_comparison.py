"""Differences of AUCs: pROC's paired and unpaired tests, clustered ones, identities, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.stats import auc, compare_auc
from tests.stats.reference import reference


@pytest.fixture(scope="module")
def asah() -> pd.DataFrame:
    return reference("asah")


def test_paired_asah(asah):
    result = compare_auc(asah["outcome"], asah["wfns"], asah["s100b"])
    assert result.z == pytest.approx(2.20898359144, abs=5e-12)
    assert result.p == pytest.approx(0.02717578223, abs=5e-12)
    assert result.delta == pytest.approx(0.8236788618 - 0.7313685637, abs=1e-9)
    assert result.ci_low > 0
    assert np.isnan(result.df)


def test_unpaired_asah(asah):
    result = compare_auc(asah["outcome"], asah["wfns"], asah["s100b"], y_true_b=asah["outcome"])
    assert result.z == pytest.approx(1.4349064, abs=5e-8)
    assert result.df == pytest.approx(206.66106, abs=5e-6)
    assert result.p == pytest.approx(0.15282538, abs=5e-9)


def test_clustered_asah(asah):
    groups = np.arange(len(asah)) // 3
    result = compare_auc(asah["outcome"], asah["wfns"], asah["s100b"], groups)
    assert result.z == pytest.approx(1.907973184638, abs=5e-12)
    assert result.n_patients == 38
    alone = [auc(asah["outcome"], asah[name], groups).variance for name in ("wfns", "s100b")]
    assert (sum(alone) - result.variance) / 2 == pytest.approx(0.00147963888923, abs=5e-15)


@pytest.mark.parametrize("set_number", range(1, 201))
def test_agrees_with_proc(set_number):
    cases = reference("proc_cases")
    here, other = cases.query("set == @set_number"), cases[cases["set"] == set_number % 200 + 1]
    expected = reference("proc_results").query("set == @set_number").iloc[0]
    paired = compare_auc(here["y"], here["a"], here["b"])
    covariance = (expected["variance_a"] + expected["variance_b"] - paired.variance) / 2
    assert covariance == pytest.approx(expected["covariance"], abs=1e-13)
    unpaired = compare_auc(here["y"], here["a"], other["b"], y_true_b=other["y"])
    for result, z, p in ((paired, "z", "p"), (unpaired, "other_t", "other_p")):
        if np.isnan(expected[z]) or result.variance == 0:
            assert result.reason
            continue
        assert result.z == pytest.approx(expected[z], rel=1e-9, abs=1e-12)
        assert result.p == pytest.approx(expected[p], rel=1e-8, abs=1e-15)
    if unpaired.variance > 0:
        assert unpaired.df == pytest.approx(expected["other_df"], rel=1e-9)


def test_reference_sets_are_not_all_degenerate():
    results = reference("proc_results")
    assert results["kind"].value_counts().tolist() == [25] * 8
    assert results["z"].notna().sum() == 200
    assert results["other_t"].notna().sum() == 199
    assert (results["variance_a"] > 0).sum() == 168


@pytest.mark.parametrize("unpaired", [False, True])
def test_swapping_flips_the_signs(unpaired):
    rng = np.random.default_rng(0)
    y, groups = np.arange(40) % 2, np.arange(40) // 3
    a, b = rng.normal(size=40) + y, rng.normal(size=40).round(1)
    if unpaired:
        one = compare_auc(y, a, b, groups, y, groups + 100)
        two = compare_auc(y, b, a, groups + 100, y, groups)
    else:
        one, two = compare_auc(y, a, b, groups), compare_auc(y, b, a, groups)
    assert two.delta == -one.delta
    assert two.z == pytest.approx(-one.z, rel=1e-12)
    assert (two.ci_low, two.ci_high) == pytest.approx((-one.ci_high, -one.ci_low), rel=1e-12)
    assert two.p == pytest.approx(one.p, rel=1e-12)
    assert (two.auc_a, two.auc_b) == (one.auc_b, one.auc_a)


def test_a_monotone_transform_is_no_difference():
    rng = np.random.default_rng(0)
    y, score = np.arange(40) % 2, rng.normal(size=40)
    result = compare_auc(y, score, np.exp(score), np.arange(40) // 3)
    assert (result.delta, result.z, result.p) == (0, 0, 1)
    assert result.reason == "both scores rank every case alike"


def test_rankings_that_differ_within_patients_are_not_called_alike():
    y, patients = np.repeat([1, 0, 1, 0], 2), np.repeat(list("abcd"), 2)
    a = np.array([3, 1, 2, 0, 5, 6, 1, 0.0])
    result = compare_auc(y, a, a[[1, 0, 2, 3, 4, 5, 6, 7]], patients)
    assert (result.delta, result.p) == (0, 1)
    assert "alike" not in result.reason
    assert result.reason


def test_difference_without_variance_says_so():
    y = np.arange(20) % 2
    result = compare_auc(y, y, -y)
    assert result.delta == 1
    assert np.isnan([result.z, result.p, result.ci_low]).all()
    assert result.reason == "the variance of the difference is zero"


def test_cases_scored_by_one_only_are_left_out_and_counted():
    rng = np.random.default_rng(0)
    y, groups = np.arange(40) % 2, np.arange(40) // 2
    a, b = rng.normal(size=40) + y, rng.normal(size=40)
    a[3], b[7] = np.nan, np.nan
    keep = ~np.isin(np.arange(40), (3, 7))
    result, kept = compare_auc(y, a, b, groups), compare_auc(y[keep], a[keep], b[keep], groups[keep])
    assert result.n_left_out == 2
    assert result.n_cases == 38
    assert result.z == kept.z


def test_no_common_case():
    result = compare_auc([0, 1], [1, np.nan], [np.nan, 1])
    assert result.reason == "no case is scored by both"
    assert result.n_left_out == 2


def test_shared_patients_are_refused_unpaired():
    y, score = np.arange(20) % 2, np.arange(20.0)
    result = compare_auc(y, score, score, [f"P{i}" for i in range(20)], y, [f"P{i}" for i in range(18, 38)])
    assert np.isnan([result.delta, result.p, result.ci_low]).all()
    assert result.reason.startswith("2 patient(s) are on both sides")


def test_one_patient_in_a_class():
    paired = compare_auc([0, 0, 0, 1], [1, 2, 3, 2.5], [1, 2, 3, 4])
    assert paired.delta == pytest.approx(-1 / 3)
    assert "fewer than 2 patients" in paired.reason
    unpaired = compare_auc([0, 0, 0, 1], [1, 2, 3, 2.5], [1, 2, 3, 4], y_true_b=[0, 1, 0, 1])
    assert unpaired.reason.startswith("a: fewer than 2 patients")
    assert np.isnan(unpaired.p)


@pytest.mark.parametrize("side", ["a", "b"])
def test_one_class_only(side):
    y, other = [0, 1, 0, 1], [1, 1, 1, 1]
    first, second = (other, y) if side == "a" else (y, other)
    result = compare_auc(first, [1, 2, 3, 4], [1, 2, 3, 4], y_true_b=second)
    assert result.reason == f"{side}: one class only (all positive), n = 4"
    assert compare_auc(other, [1, 2, 3, 4], [4, 3, 2, 1]).reason == "one class only (all positive), n = 4"


def test_groups_must_be_given_consistently():
    with pytest.raises(ValueError, match="both sides"):
        compare_auc([0, 1], [1, 2], [1, 2], [0, 1], [0, 1])
    with pytest.raises(ValueError, match="groups_b belongs"):
        compare_auc([0, 1], [1, 2], [1, 2], groups_b=[0, 1])
    with pytest.raises(ValueError, match="score_b has 3"):
        compare_auc([0, 1], [1, 2], [1, 2, 3])
