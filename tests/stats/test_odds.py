"""Odds ratios: tables by hand, statsmodels, Firth's fit under separation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.stats import f, t

from sgcore.stats import odds_ratios
from sgcore.stats.firth import firth_logistic, is_separated
from tests.stats.reference import reference


def table_2x2(a: int, b: int, c: int, d: int) -> tuple[pd.DataFrame, np.ndarray]:
    """a exposed positives, b exposed negatives, c unexposed positives, d unexposed negatives."""
    exposed = np.repeat([1, 1, 0, 0], [a, b, c, d])
    return pd.DataFrame({"exposed": exposed}), np.repeat([1, 0, 1, 0], [a, b, c, d])


def clustered_by(groups: np.ndarray) -> dict[str, Any]:
    """Options of statsmodels' fit; t and F instead of the normal distribution and chi-square."""
    return {"cov_type": "cluster", "cov_kwds": {"groups": groups}, "use_t": True}


def test_two_by_two_is_the_cross_product_with_woolf_limits():
    X, y = table_2x2(20, 10, 15, 30)
    row = odds_ratios(X, y).iloc[0]
    assert row["odds_ratio"] == pytest.approx(20 * 30 / (10 * 15), rel=1e-8)
    width = 1.959963985 * np.sqrt(1 / 20 + 1 / 10 + 1 / 15 + 1 / 30)
    assert row["ci_low"] == pytest.approx(4 * np.exp(-width), rel=1e-6)
    assert row["ci_high"] == pytest.approx(4 * np.exp(width), rel=1e-6)
    assert row["method"] == "logistic regression, Wald"
    assert row["n"] == 75


def test_firth_on_a_table_with_an_empty_cell_adds_one_half():
    X, y = table_2x2(12, 0, 9, 20)
    row = odds_ratios(X, y).iloc[0]
    assert row["odds_ratio"] == pytest.approx(12.5 * 20.5 / (0.5 * 9.5), rel=1e-6)
    assert row["method"] == "Firth (separation), profile likelihood"
    assert 1 < row["ci_low"] < row["odds_ratio"] < row["ci_high"] < np.inf


def test_firth_agrees_with_brglm2():
    data, expected = reference("firth_cases"), reference("firth_results")
    table = odds_ratios(data[["x", "flag", "noise"]], data["y"], multivariable=True)
    assert list(table["term"]) == list(expected["term"])
    assert table["method"].str.startswith("Firth").all()
    np.testing.assert_allclose(np.log(table["odds_ratio"]), expected["coefficient"], rtol=1e-6)


def test_firth_limits_are_where_p_is_five_percent():
    data = reference("firth_cases")
    y = data["y"].to_numpy(float)
    design = np.column_stack([np.ones(len(y)), data["flag"], data["noise"]])
    fit = firth_logistic(design, y)
    # Moving the null value of a coefficient to its limit makes the likelihood-ratio p equal 1 - level.
    for j in (1, 2):
        for limit in (fit.ci_low[j], fit.ci_high[j]):
            assert _p_at(design, y, j, limit) == pytest.approx(0.05, abs=1e-6)
    assert firth_logistic(design, y, level=0.99).ci_high[1] > fit.ci_high[1]


def _p_at(design: np.ndarray, y: np.ndarray, j: int, value: float) -> float:
    """Likelihood-ratio p of ``beta_j = value`` by a general optimizer."""
    from scipy.optimize import minimize
    from scipy.special import expit, log_expit
    from scipy.stats import chi2

    def objective(beta: np.ndarray) -> float:
        linear = design @ beta
        weight = expit(linear) * expit(-linear)
        logdet = np.linalg.slogdet(design.T @ (design * weight[:, None]))[1]
        return -float(np.where(y == 1, log_expit(linear), log_expit(-linear)).sum() + logdet / 2)

    others = [i for i in range(design.shape[1]) if i != j]

    def held(part: np.ndarray) -> float:
        beta = np.full(design.shape[1], value)
        beta[others] = part
        return objective(beta)

    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 5000, "maxfev": 5000}
    full = minimize(objective, np.zeros(design.shape[1]), method="Nelder-Mead", options=options).fun
    fixed = minimize(held, np.zeros(len(others)), method="Nelder-Mead", options=options).fun
    return float(chi2.sf(2 * (fixed - full), 1))


@pytest.mark.parametrize(
    ("x", "separated"),
    [
        ([1, 2, 3, 4, 5, 6], True),
        ([1, 2, 3, 3, 5, 6], True),
        ([1, 2, 4, 3, 5, 6], False),
        ([6, 5, 4, 3, 2, 1], True),
    ],
)
def test_separation(x, separated):
    y = np.array([0, 0, 0, 1, 1, 1.0])
    design = np.column_stack([np.ones(6), x])
    assert is_separated(design, y) is separated


def test_separation_by_a_combination_only():
    rng = np.random.default_rng(0)
    X = pd.DataFrame(rng.normal(size=(40, 2)), columns=["a", "b"])
    y = (X["a"] + X["b"] > 0).astype(int)
    assert set(odds_ratios(X, y)["method"]) == {"logistic regression, Wald"}
    assert set(odds_ratios(X, y, multivariable=True)["method"]) == {"Firth (separation), profile likelihood"}


def test_multivariable_and_clustered_equal_statsmodels():
    rng = np.random.default_rng(1)
    groups = np.repeat(np.arange(60), 2)
    X = pd.DataFrame({"age": 60 + 10 * np.repeat(rng.normal(size=60), 2), "ratio": rng.normal(size=120)})
    y = (rng.random(120) < 1 / (1 + np.exp(-0.05 * (X["age"] - 60) - X["ratio"]))).astype(int)
    model = sm.Logit(y.to_numpy(), sm.add_constant(X.to_numpy()))
    for patients, options, df in ((None, {}, np.inf), (groups, clustered_by(groups), 60 - 3)):
        fit = model.fit(disp=False, **options)
        table = odds_ratios(X, y, patients, multivariable=True)
        np.testing.assert_allclose(np.log(table["odds_ratio"]), fit.params[1:], rtol=1e-6)
        # statsmodels would take patients - 1 degrees of freedom, without the parameters.
        np.testing.assert_allclose(table["p"], 2 * t.sf(np.abs(fit.tvalues[1:]), df), rtol=1e-5)
        width = t.isf(0.025, df) * fit.bse[1:]
        limits = np.column_stack([fit.params[1:] - width, fit.params[1:] + width])
        np.testing.assert_allclose(np.log(table[["ci_low", "ci_high"]]), limits, rtol=1e-5)
    assert table["method"].str.endswith("Wald t, clustered by patient").all()


def test_singleton_patients_are_not_clustered():
    X, y = table_2x2(20, 10, 15, 30)
    pd.testing.assert_frame_equal(odds_ratios(X, y, np.arange(75)), odds_ratios(X, y))


def test_words_become_levels_against_the_first():
    rng = np.random.default_rng(2)
    shape = rng.choice(["oval", "irregular", "round"], 90)
    y = rng.integers(0, 2, 90)
    table = odds_ratios(pd.DataFrame({"shape": shape}), y)
    assert list(table["term"]) == ["shape: oval (vs irregular)", "shape: round (vs irregular)"]
    a, b = (y[shape == "oval"] == 1).sum(), (y[shape == "oval"] == 0).sum()
    c, d = (y[shape == "irregular"] == 1).sum(), (y[shape == "irregular"] == 0).sum()
    assert table.loc[0, "odds_ratio"] == pytest.approx(a * d / (b * c), rel=1e-6)
    ordered = pd.Categorical(shape, categories=["round", "oval", "irregular"])
    assert odds_ratios(pd.DataFrame({"shape": ordered}), y).loc[0, "term"] == "shape: oval (vs round)"


def test_units_do_not_matter():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=80), rng.integers(0, 2, 80)
    table = odds_ratios(pd.DataFrame({"x": x, "scaled": 1e-6 * x + 5}), y)
    assert table.loc[1, "p"] == pytest.approx(table.loc[0, "p"], rel=1e-6)


def test_what_cannot_be_fitted_says_why():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=40), np.arange(40) % 2
    X = pd.DataFrame(
        {"x": x, "double": 2 * x, "same": 1.0, "word": "only", "gap": np.where(x > 1.5, np.nan, x)}
    )
    alone = odds_ratios(X, y).set_index("variable")
    assert list(alone["reason"]) == ["", "", "constant", "constant", ""]
    assert alone.loc["gap", "n_missing"] == (x > 1.5).sum() > 0
    together = odds_ratios(X[["x", "double", "same"]], y, multivariable=True)
    assert list(together["reason"]) == ["", "collinear with the terms before it", "constant"]
    assert odds_ratios(X[["x"]], np.ones(40)).loc[0, "reason"] == "one class only (all positive), n = 40"
    crowded = odds_ratios(X[["x"]], y, np.arange(40) // 20)
    assert "too few for clustered errors" in crowded.loc[0, "reason"]
    with pytest.raises(ValueError, match="no column"):
        odds_ratios(X[[]], y)
    with pytest.raises(ValueError, match="X has 40 values"):
        odds_ratios(X, y[:-1])


def _levels(n: int = 240, seed: int = 3) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, n)
    X = pd.DataFrame({"level": rng.choice(list("abcd"), n), "x": rng.normal(size=n) + 0.5 * y})
    return X, y, np.repeat(np.arange(n // 2), 2)


@pytest.mark.parametrize("clustered", [False, True])
def test_levels_of_a_variable_are_tested_together_as_statsmodels_does(clustered):
    X, y, groups = _levels()
    table = odds_ratios(X, y, groups if clustered else None, multivariable=True)
    dummies = pd.get_dummies(X, columns=["level"], drop_first=True, dtype=float)
    model = sm.Logit(y, sm.add_constant(dummies)).fit(
        disp=False, **(clustered_by(groups) if clustered else {})
    )
    terms = [name for name in dummies if name.startswith("level")]
    wald = model.wald_test(np.eye(5)[[model.params.index.get_loc(term) for term in terms]], scalar=True)
    expected = f.sf(wald.statistic, 3, 120 - 5) if clustered else wald.pvalue
    levels = table[table["variable"] == "level"]
    np.testing.assert_allclose(levels["p_variable"], expected, rtol=1e-5)
    single = table[table["variable"] == "x"].iloc[0]
    assert single["p_variable"] == pytest.approx(single["p"], rel=1e-9)


def test_under_separation_the_levels_are_tested_by_the_penalized_likelihood_ratio():
    X, y = table_2x2(12, 0, 9, 20)
    row = odds_ratios(X, y).iloc[0]
    assert row["method"].startswith("Firth")
    assert row["p_variable"] == pytest.approx(row["p"], rel=1e-6)


def test_many_levels_of_noise_are_found_no_more_often_than_five_percent():
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        X = pd.DataFrame({"level": rng.choice(list("abcdef"), 120)})
        hits += odds_ratios(X, rng.integers(0, 2, 120))["p_variable"].iloc[0] < 0.05
    # Binomial: 200 draws at 5% stay below 20 with probability 0.998; the smallest p of five levels does not.
    assert hits < 20


def test_under_separation_a_patient_counts_once_however_many_images_it_has():
    X, y = table_2x2(4, 0, 16, 20)
    patients = np.arange(len(y))
    once = odds_ratios(X, y).iloc[0]
    four = np.repeat(patients, 4)
    often = odds_ratios(X.iloc[four], y[four], four).iloc[0]
    assert often["method"] == "Firth (separation), profile likelihood, each patient counts once"
    for name in ("odds_ratio", "ci_low", "ci_high", "p", "p_variable"):
        assert often[name] == pytest.approx(once[name], rel=1e-6)


def test_firth_converges_with_a_level_that_a_single_case_has():
    n = 120
    y = np.arange(n) % 2
    level = np.random.default_rng(0).choice(["hypo", "iso"], n).astype(object)
    level[3] = "not recorded"
    table = odds_ratios(pd.DataFrame({"echo": level}), y)
    assert (table["reason"] == "").all()
    assert table["p"].between(0, 1).all()
    design = np.column_stack([np.ones(n), level == "iso", level == "not recorded"]).astype(float)
    fit = firth_logistic(design, y.astype(float))
    np.testing.assert_allclose(np.log(table["odds_ratio"]), fit.coefficients[1:], atol=1e-6)


def test_an_infinite_value_is_not_missing():
    rng = np.random.default_rng(5)
    X = pd.DataFrame({"x": rng.normal(size=40), "endless": np.where(np.arange(40) < 2, np.inf, 1.0)})
    y = np.arange(40) % 2
    alone = odds_ratios(X, y).set_index("variable")
    assert alone.loc["endless", "reason"] == "2 of 40 values are infinite"
    assert alone.loc["endless", "n_missing"] == 0
    together = odds_ratios(X, y, multivariable=True).set_index("variable")
    assert together.loc["endless", "reason"] == "2 of 40 values are infinite"
    # The case stays for the others.
    assert together.loc["x", "n"] == 40
    assert together.loc["x", "odds_ratio"] == pytest.approx(alone.loc["x", "odds_ratio"], rel=1e-9)


def test_without_a_value_nothing_is_said_of_classes():
    X = pd.DataFrame({"gone": np.full(40, np.nan), "x": np.arange(40.0)})
    y = np.arange(40) % 2
    assert odds_ratios(X[["gone"]], y)["reason"].iloc[0] == "no complete case: each of the 40 lacks a value"
    together = odds_ratios(X, y, multivariable=True)
    assert set(together["reason"]) == {"no complete case: each of the 40 lacks a value"}
    one = odds_ratios(X[["x"]].where(y[:, None] == 1), y)
    assert one["reason"].iloc[0] == "one class only among the 20 complete cases"


@pytest.mark.parametrize("separated", [False, True])
@pytest.mark.parametrize("multivariable", [False, True])
def test_without_limits_the_variables_are_tested_alike(separated, multivariable):
    rng = np.random.default_rng(4)
    y = np.arange(60) % 2
    X = pd.DataFrame({"a": rng.normal(size=60), "b": rng.choice(["x", "y", "z"], 60)})
    if separated:
        X.loc[y == 0, "b"] = "x"
    groups = np.repeat(np.arange(40), [1, 2] * 20)
    whole = odds_ratios(X, y, groups, multivariable=multivariable)
    without = odds_ratios(X, y, groups, multivariable=multivariable, limits=False)
    assert whole["method"].str.contains("Firth").any() == separated
    left_out = ["ci_low", "ci_high", "p"]
    pd.testing.assert_frame_equal(whole.drop(columns=left_out), without.drop(columns=left_out))
    assert without[left_out].isna().all(axis=None)
