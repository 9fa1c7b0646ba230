"""Clustered binormal cases with a known AUC."""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.stats import norm


def clustered_cases(
    rng: np.random.Generator,
    *,
    patients: int,
    images: int,
    auc: float,
    correlation: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, scores and patients of half positive patients with ``images`` images each."""
    label = np.arange(patients) % 2
    shift = sqrt(2) * norm.ppf(auc)
    own = rng.normal(size=patients)[:, None] * sqrt(correlation)
    noise = rng.normal(size=(patients, images)) * sqrt(1 - correlation)
    score = shift * label[:, None] + own + noise
    return np.repeat(label, images), score.ravel(), np.repeat(np.arange(patients), images)
