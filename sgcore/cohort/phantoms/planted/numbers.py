"""Too few patients, and centers whose patients are mostly of one kind: others of the clean study are left out."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from sgcore.cohort.phantoms.planted import choose
from sgcore.cohort.phantoms.planted.copy import StudyCopy
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE

#: Patients that an external center keeps, one of each label among them.
EXTERNAL = 3
#: Share of the training patients of each label that is kept.
TRAINING = 0.25
#: Standard deviation in pixels of the blur of a center, and of the unsharp mask of the next one.
BLUR = 1.5


def few_external(copy: StudyCopy, rng: np.random.Generator) -> None:
    shuffled = copy.patients.iloc[rng.permutation(len(copy.patients))]
    outside = shuffled["subset"] == "external"
    # The first of each label before all others.
    turn = shuffled.groupby(["center", "label"]).cumcount().clip(upper=1)
    first = (
        shuffled[outside]
        .assign(turn=turn)
        .sort_values("turn", kind="stable")
        .groupby("center")
        .head(EXTERNAL)
    )
    copy.keep({*shuffled.loc[~outside, "patient_id"], *first["patient_id"]})


def few_training(copy: StudyCopy, rng: np.random.Generator) -> None:
    shuffled = copy.patients.iloc[rng.permutation(len(copy.patients))]
    place = shuffled.groupby(["subset", "label"]).cumcount()
    size = shuffled.groupby(["subset", "label"])["label"].transform("size")
    kept = (shuffled["subset"] != "train") | (place < (size * TRAINING).round().clip(lower=1))
    copy.keep(set(shuffled.loc[kept, "patient_id"]))


def uneven_prevalence(copy: StudyCopy, rng: np.random.Generator) -> None:
    """By turns an external center keeps one negative patient and is blurred, or one positive and is sharpened.

    Coarse texture is what positive lesions have, so that a score may tell the centers apart.
    """
    patients, kept = copy.patients, copy.patients["subset"] != "external"
    centers = choose.external_centers(copy)
    for turn, center in enumerate(centers):
        rare = (NEGATIVE, POSITIVE)[turn % 2]
        here = patients["center"] == center
        lonely = patients.index[here & (patients["label"] == rare)].to_series()
        kept |= here & (patients["label"] != rare)
        kept[int(choose.one(lonely, f"patient of {center!r} who is {rare!r}", rng))] = True
    copy.keep(set(patients.loc[kept, "patient_id"]))
    for path, center in zip(copy.images["image"], copy.of_images("center"), strict=True):
        if center in centers:
            sign = -1 if centers.index(center) % 2 == 0 else 1
            copy.pictures[path] = _sharpened(copy.picture(path), sign)


def _sharpened(image: np.ndarray, by: float) -> np.ndarray:
    """With -1 the blurred image, with 1 as much sharper."""
    gray = image.astype(float)
    values = gray + by * (gray - ndimage.gaussian_filter(gray, BLUR))
    return np.where(image > 0, np.rint(values).clip(0, 255), 0).astype(np.uint8)
