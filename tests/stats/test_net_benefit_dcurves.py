"""Net benefit against dcurves, the package of the method's authors."""

from __future__ import annotations

import dcurves
import numpy as np
import pandas as pd
import pytest

from sgcore.stats.net_benefit import decision_curve


def simulated(seed: int, n: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    y = (rng.random(n) < 0.3).astype(int)
    logits = rng.normal(size=n) + 1.5 * y - 1
    # Two decimals: ties among the scores, and scores that equal a threshold.
    return pd.DataFrame({"y": y, "p": (1 / (1 + np.exp(-logits))).round(2).clip(0.01, 0.99)})


@pytest.mark.parametrize("prevalence", [None, 0.08, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_dcurves(seed, prevalence):
    cases, thresholds = simulated(seed, 150), np.arange(1, 100) / 100
    theirs = dcurves.dca(cases, "y", ["p"], thresholds=thresholds, prevalence=prevalence)
    # dcurves moves no probability: its prevalence is that of the training cases too.
    ours = decision_curve(
        cases["y"],
        cases["p"],
        thresholds=thresholds,
        prevalence=prevalence,
        train_prevalence=prevalence,
    )
    for model, values in (("p", ours.net_benefit), ("all", ours.treat_all), ("none", ours.treat_none)):
        expected = theirs.loc[theirs["model"] == model, "net_benefit"]
        np.testing.assert_allclose(values, expected, rtol=1e-12, atol=1e-14)
    model = theirs[theirs["model"] == "p"]
    np.testing.assert_allclose(ours.sensitivity * ours.prevalence, model["tp_rate"], atol=1e-14)
    np.testing.assert_allclose((1 - ours.specificity) * (1 - ours.prevalence), model["fp_rate"], atol=1e-14)
