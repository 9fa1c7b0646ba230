"""How often 95% intervals of the AUC hold the truth.

    python benchmarks/coverage.py [REPLICATES]

Binormal scores, half of the patients positive, three images a patient that correlate at 0.7; then the
same with one image a patient, where the normal quantile and Satterthwaite's t are set side by side.
"""

from __future__ import annotations

import sys
from math import sqrt

import numpy as np
from scipy.stats import norm

from sgcore.stats import auc


def cases(rng: np.random.Generator, patients: int, images: int, truth: float) -> tuple[np.ndarray, ...]:
    label = np.arange(patients) % 2
    own = sqrt(0.7) * rng.normal(size=(patients, 1))
    score = own + sqrt(0.3) * rng.normal(size=(patients, images)) + sqrt(2) * norm.ppf(truth) * label[:, None]
    return np.repeat(label, images), score.ravel(), np.repeat(np.arange(patients), images)


def main(replicates: int) -> None:
    print(f"{replicates} replicates, percent of 95% intervals that hold the truth")
    print("patients images  AUC   logit  logit-t  Wald  unclustered logit")
    for patients, images in ((60, 3), (29, 3), (111, 1), (60, 1), (29, 1), (16, 1)):
        for truth in (0.7, 0.8, 0.9):
            rng = np.random.default_rng([patients, images, round(100 * truth)])
            hits = np.zeros(4)
            for _ in range(replicates):
                y, score, groups = cases(rng, patients, images, truth)
                results = [auc(y, score, groups, interval=name) for name in ("logit", "logit-t", "wald")]
                results.append(auc(y, score))
                hits += [r.ci_low <= truth <= r.ci_high for r in results]
            logit, logit_t, wald, naive = 100 * hits / replicates
            print(f"{patients:8d} {images:6d}  {truth:.1f}", end="  ")
            print(f"{logit:6.1f}  {logit_t:7.1f}  {wald:4.1f}  {naive:17.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
