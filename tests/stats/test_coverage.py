"""How often intervals hold the truth, in a short run; benchmarks/ has the long one."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import auc
from tests.stats.simulate import clustered_cases

REPLICATES = 400


def coverage(truth: float, *, patients: int, clustered: bool) -> float:
    rng = np.random.default_rng(round(1000 * truth) + patients)
    hits = 0
    for _ in range(REPLICATES):
        y, score, groups = clustered_cases(rng, patients=patients, images=3, auc=truth, correlation=0.7)
        result = auc(y, score, groups if clustered else None)
        hits += result.ci_low <= truth <= result.ci_high
    return hits / REPLICATES


@pytest.mark.parametrize("truth", [0.7, 0.8, 0.9])
def test_clustered_logit_t_interval(truth):
    # Expected 93 to 97%; 400 replicates have a standard error of 1.1 points.
    assert 0.91 <= coverage(truth, patients=60, clustered=True) <= 0.985


def test_clustered_interval_of_29_patients():
    assert 0.91 <= coverage(0.8, patients=29, clustered=True) <= 0.99


def test_ignoring_the_patients_covers_far_too_rarely():
    assert 0.70 <= coverage(0.8, patients=60, clustered=False) <= 0.86
