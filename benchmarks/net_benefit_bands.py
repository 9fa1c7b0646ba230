"""How often the 95% band of a net benefit holds the truth, and how often it calls a model better that is not.

    python benchmarks/net_benefit_bands.py [REPLICATES]

Binormal probabilities, right for their prevalence, which is given. Patients have one image, three of one class
that correlate at 0.7, or two whose labels are drawn by themselves ("both classes"). MOVER is the band of
`decision_curve`, the bootstrap the percentile band of 500 resamples of patients, stratified by class. The last
column is of probabilities made too extreme: percent of data sets whose band lies above acting on all at any
of the risks at which they are truly worth less than that (a dash where there is no such risk).
"""

from __future__ import annotations

import itertools
import sys

import numpy as np
from scipy.special import expit, logit
from scipy.stats import norm

from sgcore.stats import decision_curve
from sgcore.stats.placements import group_sums

THRESHOLDS = np.array([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
KINDS = {"one": (1, False), "three": (3, False), "both classes": (2, True)}
RESAMPLES = 500


def truth(pi: float, shift: float, t: np.ndarray) -> np.ndarray:
    """Net benefit of probabilities right for scores that are N(0, 1) and N(shift, 1)."""
    cut = (logit(t) - logit(pi)) / shift + shift / 2
    return np.asarray(pi * norm.sf(cut - shift) - (1 - pi) * t / (1 - t) * norm.sf(cut))


def cases(
    rng: np.random.Generator, patients: int, kind: str, pi: float, shift: float
) -> tuple[np.ndarray, ...]:
    images, mixed = KINDS[kind]
    if mixed:
        y = rng.permutation(patients * images) < round(patients * images * pi)
        y = y.reshape(patients, images)
    else:
        y = np.repeat((np.arange(patients) < round(patients * pi))[:, None], images, axis=1)
    own = np.sqrt(0.7) * rng.normal(size=(patients, 1))
    x = own + np.sqrt(0.3) * rng.normal(size=(patients, images)) + shift * y
    p = expit(logit(pi) + shift * x - shift**2 / 2)
    return y.ravel().astype(int), p.ravel(), np.repeat(np.arange(patients), images)


def bootstrap(
    rng: np.random.Generator, y: np.ndarray, p: np.ndarray, codes: np.ndarray, pi: float
) -> tuple[np.ndarray, np.ndarray]:
    """Percentile band over resamples of patients, stratified by whether they have a positive case."""
    treated = p[:, None] >= THRESHOLDS
    patients = int(codes.max()) + 1
    sums = {}
    for label in (1, 0):
        own = (y == label)[:, None]
        sums[label] = group_sums(np.hstack([own, treated & own]).astype(float), codes, patients)
    weights = np.zeros((RESAMPLES, patients))
    has = sums[1][:, 0] > 0
    for stratum in (np.flatnonzero(has), np.flatnonzero(~has)):
        weights[:, stratum] = rng.multinomial(
            stratum.size, np.full(stratum.size, 1 / stratum.size), size=RESAMPLES
        )
    positive, negative = weights @ sums[1], weights @ sums[0]
    tpr, fpr = positive[:, 1:] / positive[:, :1], negative[:, 1:] / negative[:, :1]
    draws = tpr * pi - fpr * (1 - pi) * THRESHOLDS / (1 - THRESHOLDS)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return low, high


def band(y: np.ndarray, p: np.ndarray, codes: np.ndarray, pi: float) -> tuple[np.ndarray, np.ndarray]:
    curve = decision_curve(y, p, codes, thresholds=THRESHOLDS, prevalence=pi, train_prevalence=pi)
    return curve.low, curve.high


def spoil(pi: float, shift: float) -> np.ndarray:
    """True net benefit where the logits are half as large again as they should be."""
    at = expit(logit(THRESHOLDS) / 1.5)
    cut = (logit(at) - logit(pi)) / shift + shift / 2
    odds = THRESHOLDS / (1 - THRESHOLDS)
    return np.asarray(pi * norm.sf(cut - shift) - (1 - pi) * odds * norm.sf(cut))


def setting(
    replicates: int, kind: str, patients: int, pi: float, area: float
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Percent held (2, k) and percent wrongly above (2,), MOVER first; whether there is a risk to be wrong at."""
    shift = float(np.sqrt(2) * norm.ppf(area))
    rng = np.random.default_rng([patients, round(10 * pi), round(10 * area), len(kind)])
    true, everybody = truth(pi, shift, THRESHOLDS), pi - (1 - pi) * THRESHOLDS / (1 - THRESHOLDS)
    at = np.flatnonzero(spoil(pi, shift) < everybody - 1e-9)
    held, above = np.zeros((2, THRESHOLDS.size)), np.zeros(2)
    for _ in range(replicates):
        y, p, codes = cases(rng, patients, kind, pi, shift)
        bands = band(y, p, codes, pi), bootstrap(rng, y, p, codes, pi)
        held += [(low <= true + 1e-12) & (true - 1e-12 <= high) for low, high in bands]
        extreme = expit(1.5 * logit(p))
        bands = band(y, extreme, codes, pi), bootstrap(rng, y, extreme, codes, pi)
        above += [bool((low[at] > everybody[at] + 1e-12).any()) for low, _ in bands]
    return 100 * held / replicates, 100 * above / replicates, bool(at.size)


def main(replicates: int) -> None:
    print(f"{replicates} replicates; percent of 95% bands that hold the truth")
    print(f"{'images':>12} {'patients':>8} {'pi':>4} {'AUC':>4}  {'band':>9}", end="  ")
    print("  ".join(f"t {t:4.2f}" for t in THRESHOLDS) + "   wrong")
    found = []
    for kind, patients, pi, area in itertools.product(KINDS, (40, 120), (0.3, 0.5), (0.7, 0.9)):
        held, above, possible = setting(replicates, kind, patients, pi, area)
        found.append((held, above, possible))
        for name, row, wrong in zip(("MOVER", "bootstrap"), held, above, strict=True):
            print(f"{kind:>12} {patients:8d} {pi:4.1f} {area:4.1f}  {name:>9}", end="  ")
            last = f"{wrong:6.1f}" if possible else "     –"
            print("  ".join(f"{value:6.1f}" for value in row) + f"  {last}", flush=True)
    coverage = np.mean([held.mean(axis=1) for held, _, _ in found], axis=0)
    wrong = np.mean([above for _, above, possible in found if possible], axis=0)
    print("held, mean: MOVER {:.1f}, bootstrap {:.1f}".format(*coverage))
    print("above acting on all where it is worse, mean: MOVER {:.1f}, bootstrap {:.1f}".format(*wrong))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
