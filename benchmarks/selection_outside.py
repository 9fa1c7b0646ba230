"""What selecting outside the folds adds on noise labels, as SGA022 reads it: both arms of the pipeline's own folds.

    python benchmarks/selection_outside.py [SEEDS]

60 patients with one image, 150 noise features, five grouped folds, a logistic model: the AUC of out-of-fold scores
with all selection steps in each fold, and with the features that all patients selected. Ends with 1 where the first
lies outside 0.48 to 0.52, or the second below 0.6, by more than two standard errors.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from sgcore import stats
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.domain import Estimate
from sgcore.models import fit_predict

CONFIG = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25, folds=3), models=ModelConfig(classifiers=("LR",), folds=5)
)
PATIENTS, FEATURES = 60, 150
ARMS: tuple[Estimate, ...] = ("out_of_fold", "selected_outside")
LIMITS = {"out_of_fold": (0.48, 0.52), "selected_outside": (0.6, 1.0)}


def one_seed(seed: int) -> tuple[float, ...]:
    """The AUC of each arm."""
    rng = np.random.default_rng(seed)
    index = pd.Index([f"i{i}" for i in range(PATIENTS)], name="image_id")
    features = pd.DataFrame(rng.normal(size=(PATIENTS, FEATURES)), index, [f"f{i}" for i in range(FEATURES)])
    y = pd.Series(rng.permutation(np.arange(PATIENTS) % 2), index)
    made = fit_predict(
        features, y, index.to_series(), CONFIG, train=index, classifiers=("LR",), estimates=ARMS
    )
    by_arm = made.scores.pivot(index="image_id", columns="estimate", values="y_score").loc[index]
    return tuple(stats.auc(y.to_numpy(), by_arm[arm].to_numpy()).auc for arm in ARMS)


def main(seeds: int) -> int:
    values = np.array([one_seed(seed) for seed in range(seeds)])
    missed = 0
    for arm, part in zip(ARMS, values.T, strict=True):
        mean, error = part.mean(), part.std(ddof=1) / np.sqrt(seeds)
        low, high = LIMITS[arm]
        print(f"{arm:17s} mean AUC {mean:.3f} (Monte Carlo SE {error:.3f}, {seeds} seeds)")
        missed += not low - 2 * error <= mean <= high + 2 * error
    added = values[:, 1] - values[:, 0]
    print(f"difference {added.mean():+.3f}, above 0 in {int((added > 0).sum())} of {seeds} seeds")
    return int(missed > 0)


if __name__ == "__main__":
    with threadpool_limits(limits=1):
        status = main(int(sys.argv[1]) if sys.argv[1:] else 200)
    sys.exit(status)
