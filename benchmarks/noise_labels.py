"""What selecting outside the folds adds where there is nothing to find.

    python benchmarks/noise_labels.py [REPLICATES]

Noise features of 60 patients with one image or two: the AUC of grouped out-of-fold scores with the whole selection
repeated in each fold, and with the univariate step done once on all patients before the folds are made. Tests that
take two images of a patient as independent let more noise pass, so that the second gains more there.

Ends with exit status 1 where a mean lies outside ``LIMITS`` by more than Monte Carlo error explains.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.models import fit_predict

CONFIG = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25, folds=3), models=ModelConfig(classifiers=("LR",), folds=5)
)
PATIENTS, FEATURES = 60, 150
NAMES = ("selected in each fold", "selected before the folds")
#: Lowest and highest mean AUC by images a patient and way to select; 0.70 of two images has no upper limit.
LIMITS = {
    (1, NAMES[0]): (0.48, 0.52),
    (1, NAMES[1]): (0.63, 0.67),
    (2, NAMES[0]): (0.48, 0.52),
    (2, NAMES[1]): (0.67, 1.0),
}


def frames(rng: np.random.Generator, images: int) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    patients = np.repeat(np.arange(PATIENTS), images)
    y = rng.permutation(np.arange(PATIENTS) % 2)[patients]
    own = rng.normal(size=(PATIENTS, FEATURES))[patients]
    values = np.sqrt(0.7) * own + np.sqrt(0.3) * rng.normal(size=own.shape)
    index = pd.Index([f"i{i}" for i in range(len(y))], name="image_id")
    columns = [f"f{i}" for i in range(FEATURES)]
    return pd.DataFrame(values, index, columns), pd.Series(y, index), pd.Series(patients.astype(str), index)


def out_of_fold_auc(features: pd.DataFrame, y: pd.Series, groups: pd.Series) -> tuple[float, pd.DataFrame]:
    run = fit_predict(
        features, y, groups, CONFIG, train=features.index, classifiers=("LR",), estimates=("out_of_fold",)
    )
    scores = run.scores.set_index("image_id")["y_score"]
    return stats.auc(y.to_numpy(), scores.loc[y.index].to_numpy()).auc, run.trace


def replicate(seed: int, images: int) -> tuple[float, float]:
    """The AUC with the selection in each fold, and with the tests before the folds, on the same noise."""
    features, y, groups = frames(np.random.default_rng(seed), images)
    inside, trace = out_of_fold_auc(features, y, groups)
    kept = trace.loc[trace["step"] != "univariate", "feature"]
    return inside, out_of_fold_auc(features[kept], y, groups)[0] if len(kept) else 0.5


def faults(images: int, name: str, mean: float, error: float) -> list[str]:
    """A sentence where a mean lies outside its limits by more than two of its standard errors."""
    low, high = LIMITS[images, name]
    if low - 2 * error <= mean <= high + 2 * error:
        return []
    expected = f"at least {low}" if high == 1 else f"{low} to {high}"
    return [
        f"Noise with {images} image(s) a patient, {name}: the mean AUC is {mean:.3f} (Monte Carlo SE {error:.3f}); "
        f"{expected} is expected."
    ]


def main(replicates: int) -> list[str]:
    found = []
    for images in (1, 2):
        run = partial(replicate, images=images)
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            values = np.array(list(pool.map(run, range(replicates), chunksize=5)))
        for name, part in zip(NAMES, values.T, strict=True):
            error = np.std(part, ddof=1) / np.sqrt(replicates)
            print(
                f"{images} image(s) a patient, {name:26s} mean AUC {part.mean():.3f} "
                f"(Monte Carlo SE {error:.3f}, {replicates} replicates)",
                flush=True,
            )
            found += faults(images, name, float(part.mean()), float(error))
    print("\n".join(found) or "Every mean lies within its limits.")
    return found


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000) else 0)
