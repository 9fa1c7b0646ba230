"""Patients and images that stand where they must not: in two subsets, centers or labels, or twice."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
from PIL import Image
from scipy import ndimage

from sgcore.cohort.phantoms.planted import choose
from sgcore.cohort.phantoms.planted.copy import FILES, StudyCopy
from sgcore.cohort.phantoms.truth import NEGATIVE, POSITIVE

#: Gray levels by which a copy is brighter, and quality of the JPEG that it went through.
BRIGHTER, QUALITY = 6, 90


def two_subsets(copy: StudyCopy, rng: np.random.Generator) -> None:
    chosen = choose.patient(copy, "train", rng, images=2)
    copy.tables["images"] = copy.images.assign(subset=copy.of_images("subset"))
    last = copy.images.index[copy.images["patient_id"] == chosen][-1]
    copy.images.loc[last, "subset"] = "validation"


def two_centers(copy: StudyCopy, rng: np.random.Generator) -> None:
    _second_row(copy, rng, center=choose.external_centers(copy)[0], subset="external")


def two_labels(copy: StudyCopy, rng: np.random.Generator) -> None:
    chosen = choose.patient(copy, "train", rng)
    label = copy.patients.set_index("patient_id").at[chosen, "label"]
    other = NEGATIVE if label == POSITIVE else POSITIVE
    _second_row(copy, rng, chosen, label=other)


def same_bytes(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A validation image with its mask becomes that of a training patient, byte by byte."""
    donor, row = _train_and_validation(copy, rng)
    for column in FILES:
        copy.sources[copy.images.at[row, column]] = copy.images.at[donor, column]
    _describe(copy, donor, row)


def near_copy(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A validation image becomes that of a training patient, by way of a JPEG and a little brighter."""
    donor, row = _train_and_validation(copy, rng)
    _near_copy(copy, donor, row)


def near_copy_of_the_other_label(copy: StudyCopy, rng: np.random.Generator) -> None:
    """A training image of one label becomes that of a training patient of the other one."""
    labels = copy.of_images("label").where(copy.of_images("subset") == "train")
    rows = [
        int(choose.one(_rows(copy, labels == label), f"training image of {label!r}", rng))
        for label in (NEGATIVE, POSITIVE)
    ]
    _near_copy(copy, *rows)


def one_loop(copy: StudyCopy, rng: np.random.Generator) -> None:
    """All images of a patient become frames of one loop: the first, a pixel or two aside, a gray level apart."""
    for rows in copy.images.groupby("patient_id").groups.values():
        first, *others = rows
        for step, row in enumerate(others, start=1):
            image, mask = (copy.picture(copy.images.at[first, column]) for column in FILES)
            moved = ndimage.shift(image, (0, step), order=0, mode="nearest").astype(float)
            noisy = moved + step + rng.normal(0, 1, moved.shape)
            # Black where no beam goes stays black.
            copy.pictures[copy.images.at[row, "image"]] = _gray(np.where(moved > 0, noisy, 0))
            copy.pictures[copy.images.at[row, "mask"]] = ndimage.shift(mask, (0, step), order=0)
            _describe(copy, first, row)


def _second_row(copy: StudyCopy, rng: np.random.Generator, chosen: str | None = None, **changed: str) -> None:
    """Another row of a training patient with other cells."""
    chosen = chosen or choose.patient(copy, "train", rng)
    again = copy.patients[copy.patients["patient_id"] == chosen].assign(**changed)
    copy.tables["patients"] = pd.concat([copy.patients, again], ignore_index=True)


def _train_and_validation(copy: StudyCopy, rng: np.random.Generator) -> tuple[int, int]:
    """Rows of a training and of a validation image whose patients have one label."""
    subsets, labels = copy.of_images("subset"), copy.of_images("label")
    held_out = int(choose.one(_rows(copy, subsets == "validation"), "validation image", rng))
    alike = (subsets == "train") & (labels == labels[held_out])
    return int(choose.one(_rows(copy, alike), f"training image of {labels[held_out]!r}", rng)), held_out


def _rows(copy: StudyCopy, chosen: pd.Series) -> pd.Series:
    return copy.images.index[chosen].to_series()


def _near_copy(copy: StudyCopy, donor: int, row: int) -> None:
    image, mask = (copy.picture(copy.images.at[donor, column]) for column in FILES)
    exported = io.BytesIO()
    Image.fromarray(_gray(image.astype(float) + BRIGHTER)).save(exported, format="JPEG", quality=QUALITY)
    with Image.open(exported) as again:
        copy.pictures[copy.images.at[row, "image"]] = np.asarray(again)
    # Outlined a second time, a pixel wider.
    copy.pictures[copy.images.at[row, "mask"]] = ndimage.binary_dilation(mask).astype(np.uint8) * 255
    _describe(copy, donor, row)


def _describe(copy: StudyCopy, donor: int, row: int) -> None:
    """What a table says of the picture is that of the picture it now is."""
    seen = ["device", "pixel_spacing_mm", "view"]
    copy.images.loc[row, seen] = copy.images.loc[donor, seen]
    words = copy.tables["descriptors"].set_index("image_id")
    words.loc[copy.images.at[row, "image_id"]] = words.loc[copy.images.at[donor, "image_id"]]
    copy.tables["descriptors"] = words.reset_index()


def _gray(values: np.ndarray) -> np.ndarray:
    return np.rint(values).clip(0, 255).astype(np.uint8)
