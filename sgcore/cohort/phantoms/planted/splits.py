"""A split of the development patients that was found by trying many."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import roc_auc_score

from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.truth import POSITIVE

#: Splits that are tried.
TRIED = 1000
#: Standard errors by which the labels differ in a feature that the split's simple model reads.
DIFFERS = 2.0


def lucky_split(copy: StudyCopy, rng: np.random.Generator) -> None:
    """Of :data:`TRIED` splits with as many of each label to train, the one with the highest AUC of a simple model."""
    patients = copy.patients
    features = copy.tables["features"].drop(columns="image_id").astype(float)
    by_patient = features.groupby(copy.images["patient_id"]).mean().reindex(patients["patient_id"]).to_numpy()
    positive = (patients["label"] == POSITIVE).to_numpy()
    subset = patients["subset"].to_numpy()
    groups = [np.flatnonzero((subset != "external") & (positive == label)) for label in (False, True)]
    best, highest = subset, -1.0
    for _ in range(TRIED):
        tried = subset.copy()
        for group in groups:
            tried[group] = rng.permutation(subset[group])
        reached = auc_of_means(by_patient, positive, tried)
        if reached > highest:
            best, highest = tried, reached
    patients["subset"] = best


def auc_of_means(values: np.ndarray, positive: np.ndarray, subset: np.ndarray) -> float:
    """AUC on validation patients of the sum of features that differ in training, by difference over variance.

    ``values`` (patients, features), ``positive`` and ``subset`` (patients,).
    """
    train, validation = subset == "train", subset == "validation"
    high, low = values[train & positive], values[train & ~positive]
    difference = high.mean(axis=0) - low.mean(axis=0)
    variance = (high.var(axis=0) + low.var(axis=0)) / 2
    error = np.sqrt(variance * (1 / len(high) + 1 / len(low)))
    weights = np.where(np.abs(difference) > DIFFERS * error, difference / variance, 0.0)
    return float(roc_auc_score(positive[validation], values[validation] @ weights))
