"""The selection's tests with patients counted: the same comparison of means or ranks, another variance."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.config import SelectionConfig
from sgcore.selection import FeatureSelector
from sgcore.workflow.clustered_p import clustered_p, counts_by_patient


def _made(images: int, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Trace, features and cases of 40 training and 6 other patients with so many images each."""
    rng = np.random.default_rng(seed)
    patient = np.repeat(np.arange(46), images)
    cases = pd.DataFrame(
        {
            "image_id": [f"i{n:03d}" for n in range(patient.size)],
            "patient_id": [f"p{n:02d}" for n in patient],
            "subset": np.where(patient < 40, "train", "external"),
            "y": patient % 2,
        }
    )
    own = rng.normal(size=(46, 4))[patient] + 0.3 * rng.normal(size=(patient.size, 4))
    own[:, :2] += 0.5 * cases["y"].to_numpy()[:, None]
    own[:, 1] = np.exp(2 * own[:, 1])
    own[:, 3] = 1.0
    features = pd.DataFrame(own, index=cases["image_id"], columns=["mean", "rank", "noise", "constant"])
    train = cases[cases["subset"] == "train"]
    selector = FeatureSelector(p_threshold=0.2, folds=2).fit(
        features.loc[train["image_id"]], train["y"], groups=train["patient_id"]
    )
    # Rows of the table in an order of its own: images are found by name.
    return selector.trace_, features.iloc[::-1], cases


def test_equals_the_clustered_test_of_the_same_kind() -> None:
    trace, features, cases = _made(3)
    p = clustered_p(trace, features, cases)
    train = cases[cases["subset"] == "train"]
    kinds = trace.set_index("feature")["test"]
    assert kinds["rank"] == "mannwhitney"
    for name in ("mean", "rank", "noise"):
        expected = stats.univariate_tests_clustered(
            features.loc[train["image_id"], [name]],
            train["y"],
            train["patient_id"],
            test="rank" if kinds[name] == "mannwhitney" else "mean",
        )["p"].iloc[0]
        assert p[trace["feature"] == name].item() == pytest.approx(expected, rel=1e-12)
    # Images of a patient are alike, and counting them as independent overstates.
    assert (p > trace["p"])[trace["p"].notna()].all()


def test_one_image_a_patient_changes_little() -> None:
    trace, features, cases = _made(1)
    p = clustered_p(trace, features, cases)
    known = trace["p"].notna()
    np.testing.assert_allclose(p[known], trace.loc[known, "p"], atol=0.02)
    welch = trace.assign(test="welch")
    expected = stats.univariate_tests(
        features.loc[cases.loc[cases["subset"] == "train", "image_id"]],
        cases.loc[cases["subset"] == "train", "y"],
        test="welch",
    )["p"]
    np.testing.assert_allclose(clustered_p(welch, features, cases)[known], expected[:3], rtol=1e-9)


def test_held_out_images_say_nothing() -> None:
    trace, features, cases = _made(2)
    before = clustered_p(trace, features, cases)
    external = cases.loc[cases["subset"] == "external", "image_id"]
    features.loc[external] = 1e6
    pd.testing.assert_series_equal(clustered_p(trace, features, cases), before)


def test_what_was_not_tested_has_none() -> None:
    trace, features, cases = _made(2)
    assert trace.loc[trace["feature"] == "constant", "step"].item() == "excluded"
    assert clustered_p(trace, features, cases)[trace["feature"] == "constant"].isna().all()
    descriptor = trace.iloc[:1].assign(feature="margin", test="logistic regression, Wald")
    assert clustered_p(descriptor, features, cases).isna().all()


@pytest.mark.parametrize("correction", ["none", "bh"])
def test_features_are_counted_by_the_rule_of_the_selection(correction: str) -> None:
    trace, features, cases = _made(3)
    trace = trace.assign(family="Radiomics", p_clustered=clustered_p(trace, features, cases))
    us = trace.iloc[:1].assign(family="US", test="logistic regression, Wald", p_clustered=np.nan)
    config = SimpleNamespace(selection=SelectionConfig(p_threshold=0.3, correction=correction))
    analysis = SimpleNamespace(frame=lambda _: pd.concat([us, trace], ignore_index=True), config=config)
    rows = counts_by_patient(analysis)
    assert rows["family"].tolist() == ["Radiomics"]
    row = rows.iloc[0]
    by_image, by_patient = (
        stats.adjust(trace[name].to_numpy(float), correction) < 0.3 for name in ("p", "p_clustered")
    )
    assert row["tested"] == 3
    assert row["univariate"] == by_image.sum()
    assert row["univariate_clustered"] == by_patient.sum()
    assert row["both"] == (by_image & by_patient).sum()


def test_an_analysis_of_an_earlier_program_has_no_count() -> None:
    trace, _, _ = _made(3)
    trace = trace.assign(family="Radiomics", p_clustered=np.nan)
    config = SimpleNamespace(selection=SelectionConfig())
    row = counts_by_patient(SimpleNamespace(frame=lambda _: trace, config=config)).iloc[0]
    assert row["univariate"] > 0
    assert pd.isna(row["univariate_clustered"])
    assert pd.isna(row["both"])
