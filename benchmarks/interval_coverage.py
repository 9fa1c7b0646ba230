"""How often 95% intervals of the AUC hold the truth.

    python benchmarks/interval_coverage.py [REPLICATES]

Binormal scores, half of the patients positive, three images a patient that correlate at 0.7; then the
same with one image a patient, where the normal quantile and Satterthwaite's t are set side by side. The plain
clustered Wald interval and intervals that take images as independent stand beside them for comparison. At last
the interval of a repeated cross-validation, with either quantile, and the mean AUC of the models of its folds.

Ends with exit status 1 where the default interval (``logit``: with t where patients have several images) or,
with three images a patient, ``logit-t`` lies outside ``LIMITS`` by more than Monte Carlo error explains.
"""

from __future__ import annotations

import sys
from math import sqrt

import numpy as np
from scipy.stats import norm

from sgcore.stats import AucResult, RepeatedAuc, auc, repeated_auc
from sgcore.stats.delong import interval_around

#: Lowest and highest share of intervals that may hold the truth, by the number of patients.
LIMITS = {60: (0.93, 0.97), 29: (0.935, 0.97)}
COLUMNS = ("logit", "logit-t", "logit-normal", "Wald", "unclustered logit", "unclustered Wald")


def cases(rng: np.random.Generator, patients: int, images: int, truth: float) -> tuple[np.ndarray, ...]:
    label = np.arange(patients) % 2
    own = sqrt(0.7) * rng.normal(size=(patients, 1))
    score = own + sqrt(0.3) * rng.normal(size=(patients, images)) + sqrt(2) * norm.ppf(truth) * label[:, None]
    return np.repeat(label, images), score.ravel(), np.repeat(np.arange(patients), images)


def coverage(patients: int, images: int, truth: float, replicates: int) -> dict[str, float]:
    """Share of the intervals of each of ``COLUMNS`` that hold ``truth``."""
    rng = np.random.default_rng([patients, images, round(100 * truth)])
    hits = np.zeros(len(COLUMNS))
    for _ in range(replicates):
        y, score, groups = cases(rng, patients, images, truth)
        results = [auc(y, score, groups, interval=name) for name in ("logit", "logit-t", "wald")]
        results += [auc(y, score, interval=name) for name in ("logit", "wald")]
        limits = [(result.ci_low, result.ci_high) for result in results]
        limits.insert(2, normal(results[1]))
        hits += [low <= truth <= high for low, high in limits]
    return dict(zip(COLUMNS, (hits / replicates).tolist(), strict=True))


def normal(result: AucResult | RepeatedAuc) -> tuple[float, float]:
    """The limits of an interval with t, had it the normal quantile; Newcombe's as it is."""
    if "logit-t" not in result.method:
        return result.ci_low, result.ci_high
    return interval_around(result.auc, result.variance, level=result.level, df=float("nan"), logit=True)


def faults(patients: int, images: int, truth: float, shares: dict[str, float], replicates: int) -> list[str]:
    """A sentence for each share outside the limits by more than two of their binomial standard errors."""
    if patients not in LIMITS:
        return []
    low, high = LIMITS[patients]
    lowest, highest = low - 2 * _error(low, replicates), high + 2 * _error(high, replicates)
    return [
        f"The {name} interval of {patients} patients with {images} image(s) each holds an AUC of {truth} in "
        f"{100 * shares[name]:.1f}% of {replicates} replicates; {100 * low:g} to {100 * high:g}% is expected "
        f"({100 * lowest:.1f} to {100 * highest:.1f}% with Monte Carlo error)."
        for name in (("logit", "logit-t") if images > 1 else ("logit",))
        if not lowest <= shares[name] <= highest
    ]


def _error(share: float, replicates: int) -> float:
    return sqrt(share * (1 - share) / replicates)


def cross_validated(rng: np.random.Generator, patients: int) -> tuple[np.ndarray, np.ndarray, float]:
    """Label, out-of-fold scores of 5 x 4 folds (patients, 5), and the mean true AUC of the 20 models.

    Six features of variance 1, two of them 0.7 higher in positives; a model is the line through the class means.
    """
    shift, y = np.array([0.7, 0.7, 0, 0, 0, 0]), np.arange(patients) % 2
    values = rng.normal(size=(patients, 6)) + y[:, None] * shift
    scores, truths = np.empty((patients, 5)), []
    for repeat in range(5):
        fold = np.empty(patients, dtype=int)
        for label in (0, 1):
            fold[y == label] = rng.permutation(int((y == label).sum())) % 4
        for held_out in range(4):
            positive, negative = (values[(fold != held_out) & (y == label)].mean(axis=0) for label in (1, 0))
            line = (positive - negative) / np.linalg.norm(positive - negative)
            here = fold == held_out
            scores[here, repeat] = (values[here] - (positive + negative) / 2) @ line
            truths.append(norm.cdf(line @ shift / sqrt(2)))
    return y, scores, float(np.mean(truths))


def repeated_coverage(patients: int, replicates: int) -> tuple[float, float]:
    """Share of the intervals of :func:`repeated_auc` that hold the truth: with the normal quantile, with t."""
    rng = np.random.default_rng(patients)
    hits = np.zeros(2)
    for _ in range(replicates):
        y, scores, truth = cross_validated(rng, patients)
        found = repeated_auc(y, scores)
        limits = normal(found), (found.ci_low, found.ci_high)
        hits += [low <= truth <= high for low, high in limits]
    return hits[0] / replicates, hits[1] / replicates


def main(replicates: int) -> list[str]:
    print(f"{replicates} replicates, percent of 95% intervals that hold the truth")
    print("patients images  AUC", *COLUMNS, sep="  ")
    found = []
    for patients, images in ((60, 3), (29, 3), (16, 3), (111, 1), (60, 1), (29, 1), (16, 1)):
        for truth in (0.7, 0.8, 0.9):
            shares = coverage(patients, images, truth, replicates)
            row = [f"{100 * shares[name]:{len(name)}.1f}" for name in COLUMNS]
            print(f"{patients:8d} {images:6d}  {truth:.1f}", *row, sep="  ", flush=True)
            found += faults(patients, images, truth, shares, replicates)
    print("repeated cross-validation, one image a patient")
    print("patients  normal  logit-t")
    for patients in (16, 29, 60):
        plain, student = repeated_coverage(patients, replicates)
        print(f"{patients:8d}  {100 * plain:6.1f}  {100 * student:7.1f}", flush=True)
    print("\n".join(found) or "Every share that has limits lies within them.")
    return found


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000) else 0)
