"""From images to patients: a patient's score is the mean over the patient's images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sgcore.stats._arrays import Floats, Ints, as_floats, as_labels, same_length


@dataclass(frozen=True)
class PatientScores:
    """One entry a patient, in the order in which the patients first appear.

    ``groups`` the patients as they were given, ``y`` 0 or 1, ``score`` the mean (NaN where a score of
    the patient's is missing), ``n_images`` how many it is the mean of.
    """

    groups: NDArray[np.object_]
    y: Floats
    score: Floats
    n_images: Ints


def patient_scores(scores: ArrayLike, groups: ArrayLike, y_true: ArrayLike) -> PatientScores:
    """Mean score of each patient's images.

    Probabilities are averaged as such; average margins first and map them afterwards. The AUC of
    these scores is another quantity than the AUC by image, with its own threshold. A missing score
    makes its patient's mean NaN rather than the mean of the rest.

    Raises
    ------
    ValueError : arrays of different length, a case without patient or label, a patient with both
        labels (the message names the first).
    """
    y, values = as_labels(y_true), as_floats(scores, "scores")
    frame_groups = pd.Series(np.asarray(groups, dtype=object))
    same_length(y.size, scores=values, groups=frame_groups)
    if np.isnan(y).any() or frame_groups.isna().any():
        raise ValueError("every case needs a label and a patient before scores are averaged.")
    codes, patients = pd.factorize(frame_groups)
    count = np.bincount(codes, minlength=len(patients))
    positives = np.bincount(codes, weights=y, minlength=len(patients))
    mixed = (positives > 0) & (positives < count)
    if mixed.any():
        first = patients[int(np.flatnonzero(mixed)[0])]
        raise ValueError(f"patient {first!r} has images of both classes; it has no label of its own.")
    means = np.bincount(codes, weights=values, minlength=len(patients)) / count
    return PatientScores(
        np.asarray(patients, dtype=object), (positives > 0).astype(float), means, count.astype(np.int64)
    )
