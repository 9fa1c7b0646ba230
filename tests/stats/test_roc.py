"""ROC points, their area and their pointwise intervals."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_curve as sklearn_curve

from sgcore.stats import auc, clustered_proportion, roc_curve


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_points_and_area(decimals):
    rng = np.random.default_rng(decimals)
    y, score = np.arange(80) % 2, rng.normal(size=80).round(decimals)
    curve = roc_curve(y, score)
    fpr, tpr, thresholds = sklearn_curve(y, score, drop_intermediate=False)
    np.testing.assert_allclose(curve.fpr, fpr)
    np.testing.assert_allclose(curve.tpr, tpr)
    np.testing.assert_array_equal(curve.thresholds, thresholds)
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(auc(y, score).auc, abs=1e-13)


def test_band_is_the_clustered_interval_at_each_threshold():
    rng = np.random.default_rng(0)
    y, score, groups = np.arange(60) % 2, rng.normal(size=60).round(1), np.arange(60) // 4
    frame = roc_curve(y, score, groups).frame()
    for row in frame.sample(6, random_state=0).itertuples():
        for label, low, high in ((1, row.tpr_low, row.tpr_high), (0, row.fpr_low, row.fpr_high)):
            point = clustered_proportion((score >= row.threshold)[y == label], groups[y == label])
            assert (low, high) == pytest.approx((point.ci_low, point.ci_high), abs=1e-12)
    assert (frame["tpr_low"] <= frame["tpr"]).all()
    assert (frame["tpr"] <= frame["tpr_high"]).all()


def test_no_curve_has_a_reason():
    curve = roc_curve([1, 1], [0.2, 0.3])
    assert curve.reason == "one class only (all positive), n = 2"
    assert curve.frame().empty
    assert roc_curve([0, 1], [0.2, np.nan]).reason == "the score of 1 of 2 cases is missing"
