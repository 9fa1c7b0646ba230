"""Features of any magnitude, brought to where classifiers can count with them."""

from __future__ import annotations

import numpy as np

from sgcore.stats import unit_of


def in_range(training: np.ndarray, X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows ``X`` (n, d) in the unit of the columns of the ``training`` rows, and that unit (d,).

    It is a power of two, so that every z-score stays what it is to the last bit.
    """
    unit = np.broadcast_to(unit_of(training), X.shape[1:])
    with np.errstate(over="ignore"):
        return np.asarray(X / unit), unit


def scorable(training: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Which rows of ``X`` have z-scores, by the ``training`` rows, that are numbers in single precision.

    Tree models keep features in it. Shape (len(X),), bool.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        z = (X - training.mean(axis=0)) / training.std(axis=0)
    return np.asarray((np.isfinite(X) & ~(np.abs(z) > np.finfo(np.float32).max)).all(axis=1))
