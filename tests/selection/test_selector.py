"""The four steps together, and the fate of every feature."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest

from sgcore.config import SelectionConfig
from sgcore.selection import CorrelationFilter, FeatureSelector, UnivariateFilter


def _table(seed=0, n=90, d=40):
    rng = np.random.default_rng(seed)
    patients = np.repeat(np.arange(n // 2), 2)
    y = patients % 2
    X = rng.normal(size=(n, d))
    X[:, 0] += 1.2 * y
    X[:, 1] = 3 * X[:, 0] + 0.05 * rng.normal(size=n)
    X[:, 2] -= y
    X[:, 3] = 5.0
    X[:, 4] += 1.5 * y
    frame = pd.DataFrame(X, columns=[f"f{i:02d}" for i in range(d)])
    frame.iloc[7, 5] = np.nan
    return frame, y, patients


def test_the_trace_tells_each_fate():
    X, y, patients = _table()
    fit = FeatureSelector(exclude={"f04": "not wanted"}).fit(X, y, groups=patients)
    trace = fit.trace_.set_index("feature")
    assert len(trace) == X.shape[1]
    assert set(trace["step"]) <= {"excluded", "univariate", "correlation", "lasso", "selected"}
    assert "constant" in trace.loc["f03", "reason"]
    assert trace.loc["f05", "step"] == "excluded"
    assert trace.loc["f04", "reason"] == "not wanted"
    pair = trace.loc[["f00", "f01"]]
    dropped, kept = pair.sort_values("p", ascending=False).index
    assert trace.loc[dropped, "step"] == "correlation"
    assert trace.loc[dropped, "partner"] == kept
    assert trace.loc[dropped, "rho"] > 0.9
    survivors = trace[trace["step"] != "excluded"]
    assert survivors[["p", "q"]].notna().all().all()
    assert (trace.loc[trace["step"] == "univariate", "p"] >= 0.05).all()
    assert (trace.loc[trace["step"] == "selected", "coefficient"] != 0).all()
    assert list(fit.get_feature_names_out()) == list(trace.index[trace["step"] == "selected"])
    left = trace["step"].value_counts()
    assert fit.counts_["features"] - fit.counts_["usable"] == left["excluded"]
    assert fit.counts_["lasso"] == left["selected"]
    assert fit.counts_["correlation"] == left["selected"] + left.get("lasso", 0)


def test_transform_gives_the_columns_as_they_came():
    X, y, patients = _table()
    fit = FeatureSelector().set_output(transform="pandas").fit(X, y, groups=patients)
    pd.testing.assert_frame_equal(fit.transform(X), X[list(fit.get_feature_names_out())])


def test_nothing_left_is_an_outcome():
    X, y, patients = _table()
    fit = FeatureSelector(p_threshold=1e-30).fit(X, y, groups=patients)
    assert fit.counts_ == {"features": 40, "usable": 38, "univariate": 0, "correlation": 0, "lasso": 0}
    assert fit.transform(X).shape == (len(X), 0)


def test_the_order_of_columns_changes_nothing():
    X, y, patients = _table(2)
    names = set(FeatureSelector().fit(X, y, groups=patients).get_feature_names_out())
    shuffled = X.sample(frac=1, axis=1, random_state=1)
    assert set(FeatureSelector().fit(shuffled, y, groups=patients).get_feature_names_out()) == names


def test_a_monotone_rescaling_of_units_changes_nothing():
    X, y, patients = _table(3)
    names = list(FeatureSelector().fit(X, y, groups=patients).get_feature_names_out())
    assert list(FeatureSelector().fit(X * 1000 + 7, y, groups=patients).get_feature_names_out()) == names


def test_corrections_keep_fewer():
    X, y, _ = _table()
    X = X.drop(columns=["f03", "f05"])
    kept = [UnivariateFilter(correction=name).fit(X, y).support_.sum() for name in ("none", "bh", "holm")]
    assert kept[0] >= kept[1] >= kept[2] > 0


def test_correlation_at_the_limit_keeps_both():
    X = np.column_stack([np.arange(10.0), np.arange(10.0)[::-1], np.random.default_rng(0).normal(size=10)])
    assert CorrelationFilter(rho=1.0).fit(X).support_.tolist() == [True, True, True]
    fit = CorrelationFilter(rho=0.9).fit(X)
    assert fit.support_.tolist() == [True, False, True]
    assert fit.rho_[1] == pytest.approx(-1.0)
    assert fit.partner_[1] == 0


def test_settings_reach_the_selector():
    config = SelectionConfig(p_threshold=0.01, rho=0.8, lasso_rule="1se", folds=3)
    selector = FeatureSelector.from_config(config, seed=4)
    assert (selector.p_threshold, selector.rho, selector.lasso_rule, selector.folds, selector.seed) == (
        0.01, 0.8, "1se", 3, 4,
    )  # fmt: skip


def test_selection_of_1288_features_is_fast_enough_for_a_what_if():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(130, 40)) @ rng.normal(size=(40, 1288)) + rng.normal(size=(130, 1288))
    patients = np.arange(130) // 2
    y = patients % 2
    X[:, :30] += y[:, None]
    started = time.process_time()
    FeatureSelector().fit(X, y, groups=patients)
    assert time.process_time() - started < 5
