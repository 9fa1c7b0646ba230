"""Whether p of SGA032 is uniform where the labels are pure noise.

    python benchmarks/null_uniform.py [SEEDS]

By seed (200) m = 99 permutations of patient labels within center and subset, for two nulls: the scores-fixed one of the
best of three noise scores of 40 patients with two images, and that of a whole pipeline (tests, pruning, LASSO and a
logistic model of 40 training patients, AUC of 40 others). The rank of the observed AUC among all 100, ties broken at
random, is uniform on 1 to 100 where the null is right: chi-square on ten classes. Ends with 1 where p of that is below
0.001, or where the share of p <= 0.05 as printed by the check (ties count against the study) exceeds 0.05 by more than
two standard errors.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd
import scipy
from threadpoolctl import threadpool_limits

from sgcore import stats
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.models import fit_predict

PERMUTATIONS = 99
CLASSES = 10
CONFIG = AnalysisConfig(
    selection=SelectionConfig(test="welch", n_alphas=10, folds=2),
    models=ModelConfig(classifiers=("LR",), folds=2),
)
TRAIN, HELD, FEATURES = 40, 40, 24


def fixed(seed: int) -> tuple[float, np.ndarray]:
    """Observed best of three and its null (m,), images clustered in patients of two centers."""
    rng = np.random.default_rng(seed)
    patients = np.repeat(np.arange(HELD), 2)
    scores = rng.normal(size=(HELD, 3))[patients] + rng.normal(size=(2 * HELD, 3))
    y = rng.permutation(np.arange(HELD) % 2)[patients]
    found = stats.scores_fixed_null(
        y, scores, patients, patients % 4 // 2, permutations=PERMUTATIONS, seed=seed
    )
    return found.observed, found.null


def pipeline(seed: int) -> tuple[float, np.ndarray]:
    """AUC of the held-out patients, everything made anew in each permutation within subset and center."""
    rng = np.random.default_rng(seed)
    n = TRAIN + HELD
    index = pd.Index([f"i{i}" for i in range(n)], name="image_id")
    # Features that resemble each other, as radiomics features do.
    common = rng.normal(size=(n, FEATURES // 4)).repeat(4, axis=1)
    features = pd.DataFrame(
        common + 0.7 * rng.normal(size=common.shape), index, [f"f{i}" for i in range(FEATURES)]
    )
    y = rng.permutation(np.arange(n) % 2).astype(float)
    strata = np.where(np.arange(n) < TRAIN, np.arange(n) % 2, 2 + np.arange(n) % 2)
    aucs = [_auc(features, stats.permute_patient_labels(y, None, strata, rng)) for _ in range(PERMUTATIONS)]
    return _auc(features, y), np.array(aucs)


def _auc(features: pd.DataFrame, y: np.ndarray) -> float:
    labels = pd.Series(y.astype(int), features.index)
    made = fit_predict(
        features,
        labels,
        features.index.to_series(),
        CONFIG,
        train=features.index[:TRAIN],
        classifiers=("LR",),
        estimates=("fitted",),
    )
    scores = made.scores.set_index("image_id")["y_score"].loc[features.index[TRAIN:]]
    return stats.auc(labels.iloc[TRAIN:].to_numpy(), scores.to_numpy()).auc


def judge(name: str, draw: Callable[[int], tuple[float, np.ndarray]], seeds: int) -> int:
    """1 where p is not uniform, or too often small."""
    rng = np.random.default_rng(0)
    ranks, small = [], 0
    for seed in range(seeds):
        observed, null = draw(seed)
        above, ties = int((null > observed).sum()), int((null == observed).sum())
        ranks.append(1 + above + rng.integers(0, ties + 1))
        small += stats.permutation_p(observed, null) <= 0.05
    size = (PERMUTATIONS + 1) // CLASSES
    counts = np.bincount((np.array(ranks) - 1) // size, minlength=CLASSES)
    test = scipy.stats.chisquare(counts)
    share = small / seeds
    print(
        f"{name}: {seeds} seeds, m = {PERMUTATIONS}; ranks by tenths {counts.tolist()}, chi-square "
        f"{test.statistic:.1f}, p = {test.pvalue:.3f}; p <= 0.05 in {small} ({share:.1%})",
        flush=True,
    )
    return int(test.pvalue < 0.001 or share > 0.05 + 2 * np.sqrt(0.05 * 0.95 / seeds))


def main(seeds: int) -> int:
    return max([judge("models as they are", fixed, seeds), judge("whole pipeline", pipeline, seeds)])


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        status = main(int(sys.argv[1]) if sys.argv[1:] else 200)
    sys.exit(status)
