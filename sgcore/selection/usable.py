"""z-scores that survive any unit, and the reason where a column has none."""

from __future__ import annotations

import numpy as np


def standardized(X: np.ndarray) -> tuple[np.ndarray, list[str | None]]:
    """z-scores by the mean and SD (divisor n) of the columns, and why a column cannot be used.

    Columns of any magnitude are allowed: numerical residue of 1e-25 is a feature like others here, and
    what to do about it is decided elsewhere. A spread below the rounding error of the mean is constant.

    Returns
    -------
    z : shape (n, d), zeros in columns that cannot be used.
    reasons : one a column, ``None`` where it can be used.
    """
    n = len(X)
    missing = np.isnan(X).sum(axis=0)
    infinite = np.isinf(X).sum(axis=0)
    finite = (missing + infinite) == 0
    safe = np.where(finite, X, 0.0)
    largest = np.abs(safe).max(axis=0)
    # In units of the largest value nothing overflows, and squares of 1e-200 do not vanish.
    scaled = safe / np.where(largest > 0, largest, 1.0)
    mean, sd = scaled.mean(axis=0), scaled.std(axis=0)
    constant = sd <= 10 * np.finfo(np.float64).eps * np.maximum(np.abs(mean), 0.1)
    usable = finite & ~constant
    z = np.where(usable, (scaled - mean) / np.where(usable, sd, 1.0), 0.0)
    reasons: list[str | None] = [None] * X.shape[1]
    for column in np.flatnonzero(~usable):
        if missing[column]:
            reasons[column] = f"missing in {missing[column]} of {n} training images"
        elif infinite[column]:
            reasons[column] = f"infinite in {infinite[column]} of {n} training images"
        else:
            reasons[column] = "constant: the same value in all training images"
    return z, reasons
