"""One case of an imported study, read again and compared with what was imported."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from sgcore.cohort.faults import Fault
from sgcore.cohort.geometry import check_pair
from sgcore.cohort.image_types import LabelMap, ScalarImage
from sgcore.cohort.readers import image_from_bytes, mask_from_bytes, read_bytes
from sgcore.domain import Study
from sgcore.errors import ImageError


def read_case(study: Study, image_id: str) -> tuple[ScalarImage, LabelMap]:
    """Image and mask of a case, as they were imported.

    ``spacing_mm`` is the study's: the table's value where it has one, else the header's.

    Raises
    ------
    ImageError : the study has no such image or brings no images, or a file changed or vanished.
    """
    rows = study.images[study.images["image_id"] == image_id]
    if rows.empty:
        raise ImageError(f"{study.name}: no image {image_id!r}. Choose an image_id of the images table.")
    row = rows.iloc[0]
    if not isinstance(row["image"], str) or not isinstance(row["mask"], str):
        raise ImageError(f"{image_id}: the study brings no image file for it, only tables.")
    image_path, mask_path = study.folder / row["image"], study.folder / row["mask"]
    try:
        image = image_from_bytes(_unchanged(image_path, row["image_sha256"]), image_path.name)
    except Fault as fault:
        raise fault.at(str(image_path)) from fault
    try:
        mask = mask_from_bytes(_unchanged(mask_path, row["mask_sha256"]), mask_path.name)
        check_pair(image, mask)
    except Fault as fault:
        raise fault.at(str(mask_path)) from fault
    return replace(image, spacing_mm=_spacing(image, float(row["pixel_spacing_mm"]))), mask


def _unchanged(path: Path, digest: str) -> bytes:
    if not path.exists():
        raise Fault("the file vanished after the import", "Put it back, or import the study again")
    raw = read_bytes(path)
    if hashlib.sha256(raw).hexdigest() != digest:
        raise Fault("the file changed after the import", "Import the study again")
    return raw


def _spacing(image: ScalarImage, known: float) -> tuple[float, float] | None:
    if np.isnan(known):
        return None
    if image.spacing_mm is not None and np.isclose(np.prod(image.spacing_mm), known**2, rtol=1e-6):
        return image.spacing_mm
    return known, known
