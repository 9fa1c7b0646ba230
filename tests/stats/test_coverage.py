"""How often intervals hold the truth, at 60 and 29 patients; benchmarks/ has more settings.

2000 replicates a setting have a standard error of 0.5 points at 95%, a quarter of what the limits of the logit-t
interval allow to either side: these are held as they are. What covers too rarely, the plain clustered Wald interval
(91 to 93%) and the one that ignores the patients (77 to 80%), is given two standard errors more.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sgcore.stats import auc
from tests.stats.simulate import clustered_cases

REPLICATES = 2000


@lru_cache
def coverage(truth: float, patients: int) -> np.ndarray:
    """Share of the logit-t intervals that hold ``truth``; of 60 patients, of both kinds of Wald intervals too."""
    rng = np.random.default_rng(round(1000 * truth) + patients)
    hits = 0
    for _ in range(REPLICATES):
        y, score, groups = clustered_cases(rng, patients=patients, images=3, auc=truth, correlation=0.7)
        results = [auc(y, score, groups)]
        if patients == 60:
            results += [auc(y, score, groups, interval="wald"), auc(y, score, interval="wald")]
        hits += np.array([result.ci_low <= truth <= result.ci_high for result in results])
    return hits / REPLICATES


@pytest.mark.parametrize("truth", [0.7, 0.8, 0.9])
@pytest.mark.parametrize(("patients", "lowest"), [(60, 0.93), (29, 0.935)])
def test_clustered_logit_t_interval(truth: float, patients: int, lowest: float) -> None:
    assert lowest <= coverage(truth, patients)[0] <= 0.97


@pytest.mark.parametrize("truth", [0.7, 0.8, 0.9])
def test_the_plain_interval_and_one_that_ignores_the_patients_cover_too_rarely(truth: float) -> None:
    _, clustered, unclustered = coverage(truth, 60)
    assert 0.897 <= clustered <= 0.942
    assert 0.751 <= unclustered <= 0.818
