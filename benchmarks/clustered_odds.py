"""How often Wald tests of odds ratios at 5% reject where labels are noise and patients have several images.

    python benchmarks/clustered_odds.py [REPLICATES]

Patients have 1 to 4 images whose values correlate at 0.7. Clustered errors with the normal distribution
(chi-square), with Student's t (F) on patients - 1, and on patients - parameters, which `odds_ratios` takes:
of the first term, and of all terms together. Draws in which the classes separate are left out.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.stats import chi2, f, norm, t
from statsmodels.discrete.discrete_model import Logit

from sgcore.stats.firth import is_separated

TESTS = ("z", "t(K-1)", "t(K-p)", "chi2", "F(K-1)", "F(K-p)")


def rejections(rng: np.random.Generator, patients: int, terms: int, binary: bool) -> list[bool] | None:
    codes = np.repeat(np.arange(patients), rng.integers(1, 5, patients))
    X = np.sqrt(0.7) * rng.normal(size=(patients, terms))[codes]
    X += np.sqrt(0.3) * rng.normal(size=(codes.size, terms))
    X = (X > 0.3).astype(float) if binary else X
    y = (rng.permutation(patients) < patients // 2)[codes].astype(float)
    if (X.std(axis=0) == 0).any():
        return None
    design = np.column_stack([np.ones(codes.size), (X - X.mean(axis=0)) / X.std(axis=0)])
    if is_separated(design, y):
        return None
    fit = Logit(y, design).fit(disp=False, maxiter=200, cov_type="cluster", cov_kwds={"groups": codes})
    z = abs(fit.params[1] / fit.bse[1])
    wald = fit.params[1:] @ np.linalg.solve(np.asarray(fit.cov_params())[1:, 1:], fit.params[1:])
    dfs = (patients - 1, patients - terms - 1)
    p = [2 * norm.sf(z), *(2 * t.sf(z, df) for df in dfs)]
    p += [chi2.sf(wald, terms), *(f.sf(wald / terms, terms, df) for df in dfs)]
    return [value < 0.05 for value in p]


def main(replicates: int) -> None:
    print(f"{replicates} replicates, percent rejected at 5%")
    print(f"{'patients':>8} {'terms':>14}  " + "  ".join(TESTS))
    for patients in (20, 29, 60, 111):
        for terms in (1, 3):
            for binary in (False, True):
                rng = np.random.default_rng([patients, terms, binary])
                drawn = [rejections(rng, patients, terms, binary) for _ in range(replicates)]
                shares = 100 * np.mean([row for row in drawn if row is not None], axis=0)
                numbers = (f"{s:{len(name)}.1f}" for s, name in zip(shares, TESTS, strict=True))
                kind = f"{terms} {'yes-no' if binary else 'continuous'}"
                print(f"{patients:8d} {kind:>14}  " + "  ".join(numbers), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
