"""Features of any magnitude, brought to where classifiers can count with them."""

from __future__ import annotations

import numpy as np

from sgcore.stats import unit_of


def in_range(X: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Training rows ``X`` and rows to be scored, (n, d) each, in the unit of the training columns.

    It is a power of two, so that every z-score stays what it is to the last bit.
    """
    unit = unit_of(X)
    with np.errstate(over="ignore"):
        return X / unit, wanted / unit


def scorable(X: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Which rows of ``wanted`` have z-scores, by the training rows ``X``, that are numbers in single precision.

    Tree models keep features in it. Shape (len(wanted),), bool.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        z = (wanted - X.mean(axis=0)) / X.std(axis=0)
    return np.asarray((np.isfinite(wanted) & ~(np.abs(z) > np.finfo(np.float32).max)).all(axis=1))
