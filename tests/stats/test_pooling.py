"""The pooled AUC: the logit mean mapped back, of arrays and of results; who cannot enter."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from sgcore.stats import auc
from sgcore.stats.pooling import pooled_auc
from sgcore.stats.random_effects import heterogeneity
from tests.stats.simulate import clustered_cases


def test_pooled_auc_is_the_logit_mean_mapped_back():
    values, variances = np.array([0.72, 0.81, 0.66, 0.9, 0.78]), np.array([0.003, 0.002, 0.004, 0.001, 0.002])
    result = pooled_auc(values, variances, labels=list("ABCDE"))
    by_hand = heterogeneity(logit(values), variances / (values * (1 - values)) ** 2)
    assert result.auc == pytest.approx(expit(by_hand.mean))
    assert result.prediction_low == pytest.approx(expit(by_hand.prediction_low))
    assert result.prediction_low < result.ci_low < result.auc < result.ci_high < result.prediction_high < 1
    mirrored = pooled_auc(1 - values, variances)
    assert (mirrored.auc, mirrored.ci_low) == pytest.approx((1 - result.auc, 1 - result.ci_high))
    assert result.spread.endswith("from 5 centers (tau on the logit scale)")
    assert np.isnan(result.n_pos)


def test_pooled_auc_of_results():
    rng = np.random.default_rng(3)
    data = [clustered_cases(rng, patients=40, images=2, auc=0.8, correlation=0.5) for _ in range(4)]
    results = [auc(y, score, groups) for y, score, groups in data]
    results += [auc([1, 1], [0.3, 0.4]), auc([0, 0, 1, 1], [1, 2, 3, 4])]
    pooled = pooled_auc(results, labels=["A", "B", "C", "D", "one class", "separated"])
    plain = pooled_auc([r.auc for r in results[:4]], [r.variance for r in results[:4]])
    assert (pooled.auc, pooled.ci_low, pooled.k) == (plain.auc, plain.ci_low, 4)
    assert (pooled.n_pos, pooled.n_neg, pooled.n_patients) == (160, 160, 160)
    assert dict(pooled.left_out) == {
        "one class": "one class only (all positive), n = 2",
        "separated": "its AUC is 1, which has no finite logit",
    }
    too_few = pooled_auc(results[3:])
    assert np.isnan(too_few.auc)
    assert too_few.reason.startswith("1 center(s)")
    assert too_few.spread == "I2 and tau: not estimated from 1 center(s)"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: pooled_auc([0.7, 1.2], [0.1, 0.1]), "auc holds 1.2"),
        (lambda: pooled_auc([0.7, 0.8]), "sequence of AucResult"),
        (lambda: pooled_auc(np.array([0.7, 0.8])), "sequence of AucResult"),
        (lambda: pooled_auc([0.7, 0.8], [0.1]), "variance has 1 values"),
        (lambda: pooled_auc([0.7, 0.8], [0.1, 0.1], labels=["A"]), "labels has 1 values"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()
