"""Read one file, whatever its format, as an image or as a mask."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
import scipy

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_IMAGE_BYTES, is_nifti, read_file
from sgcore.cohort.image_types import LabelMap, ScalarImage
from sgcore.cohort.png import SIGNATURE, decode_png

MIN_ROI_PIXELS = 10
IMAGE_SUFFIXES = (
    ".png",
    ".nii",
    ".nii.gz",
    ".dcm",
    ".dicom",
    ".jpg",
    ".jpeg",
    ".bmp",
    ".tif",
    ".tiff",
    ".gif",
)
_BEGINNINGS = {
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"%PDF": "PDF",
    b"PK": "ZIP",
    b"<": "HTML or XML",
    b"RIFF": "WebP",
}


def read_image(path: str | PathLike[str]) -> ScalarImage:
    """Read a PNG, NIfTI or DICOM file of one gray or color frame.

    Raises
    ------
    ImageError : the file is missing, damaged, of another format, or cannot be one gray image.
    """
    path = Path(path)
    try:
        return image_from_bytes(read_bytes(path), path.name)
    except Fault as fault:
        raise fault.at(str(path)) from fault


def read_mask(path: str | PathLike[str]) -> LabelMap:
    """Read a PNG or NIfTI mask of values {0, 1} or {0, 255}.

    Raises
    ------
    ImageError : the file is missing or damaged, or its values are no region that features can use.
    """
    path = Path(path)
    try:
        return mask_from_bytes(read_bytes(path), path.name)
    except Fault as fault:
        raise fault.at(str(path)) from fault


def read_bytes(path: Path) -> bytes:
    """Content of an image or mask, or a fault that says why there is none."""
    raw = read_file(path, MAX_IMAGE_BYTES)
    if not raw:
        raise Fault("the file is empty (0 bytes)", "Copy or export it again")
    return raw


def image_from_bytes(raw: bytes, name: str) -> ScalarImage:
    """Decode by content, after content and file name agree."""
    image = _decode(raw, name)
    if not np.isfinite(image.pixels).all():
        count = int((~np.isfinite(image.pixels)).sum())
        raise Fault(f"{count} pixel(s) are NaN or infinite", "Save the image without them")
    return image


def mask_from_bytes(raw: bytes, name: str) -> LabelMap:
    """Decode a mask and check that it is one usable region."""
    if raw[128:132] == b"DICM":
        raise Fault("the mask is a DICOM file", "Save it as PNG or NIfTI with values 0 and 1")
    image = _decode(raw, name)
    pixels = image.pixels > 0
    if not _says_inside(image.pixels, pixels):
        values = np.unique(image.pixels)
        if not np.isfinite(values).all():
            raise Fault("the mask has NaN or infinite values", "Save it with values 0 and 1")
        shown = ", ".join(f"{value:g}" for value in values[:6]) + (", ..." if len(values) > 6 else "")
        raise Fault(
            f"the mask has {len(values)} values ({shown}); only 0 and 1, or 0 and 255, say what is inside",
            "Save one label without smoothed edges or compression",
        )
    inside = int(pixels.sum())
    if inside == 0:
        hidden = "; its opacity, which is left out, is no mask" if "opacity" in image.note else ""
        raise Fault(
            f"the mask is empty{hidden}",
            "Draw the lesion in gray values, or leave the image out of the table",
        )
    if inside == pixels.size:
        raise Fault("the mask covers the whole image", "Draw the lesion's outline")
    top, bottom, left, right = LabelMap(pixels).bounding_box()
    if inside < MIN_ROI_PIXELS or bottom == top or right == left:
        raise Fault(
            f"the mask has {inside} pixel(s) in {bottom - top + 1} row(s) and {right - left + 1} column(s)",
            f"Features need at least {MIN_ROI_PIXELS} pixels and two rows and columns; draw it larger",
        )
    # Labelling takes the time of what it is given, and most of an image is outside.
    pieces = _pieces(pixels[top : bottom + 1, left : right + 1])
    return LabelMap(pixels, pieces, image.affine)


def _says_inside(values: np.ndarray, inside: np.ndarray) -> bool:
    """Whether the values are 0 and 1, or 0 and 255; sorting them all, as ``unique`` does, takes much longer."""
    positive = values[inside]
    # What is neither positive nor zero is negative or no number.
    only_zero_outside = np.count_nonzero(values) == positive.size
    return only_zero_outside and any(bool((positive == each).all()) for each in (1.0, 255.0))


def _pieces(pixels: np.ndarray) -> tuple[str, ...]:
    labelled, count = scipy.ndimage.label(pixels, structure=np.ones((3, 3)))
    if count < 2:
        return ()
    sizes = sorted(np.bincount(labelled.ravel())[1:].tolist(), reverse=True)
    shown = ", ".join(str(size) for size in sizes[:4]) + (", ..." if count > 4 else "")
    return (f"the mask has {count} separate pieces ({shown} pixels); all count as one region",)


def _decode(raw: bytes, name: str) -> ScalarImage:
    lower = name.lower()
    suffixes: tuple[str, ...]
    if raw.startswith(SIGNATURE):
        found, suffixes, decode = "PNG", (".png",), decode_png
    elif is_nifti(raw) or raw[:2] == b"\x1f\x8b":
        from sgcore.cohort.nifti import decode_nifti

        packed = raw[:2] == b"\x1f\x8b"
        found = "gzip-packed NIfTI" if packed else "NIfTI"
        suffixes, decode = ((".nii.gz",) if packed else (".nii",)), decode_nifti
    elif raw[128:132] == b"DICM" or lower.endswith((".dcm", ".dicom")):
        from sgcore.cohort.dicom import decode_dicom

        found, suffixes, decode = "DICOM", (".dcm", ".dicom"), decode_dicom
    else:
        other = next((kind for start, kind in _BEGINNINGS.items() if raw.startswith(start)), "unknown")
        raise Fault(
            f"the file's content is {other}, not PNG, NIfTI or DICOM", "Save it as PNG; do not only rename it"
        )
    # DICOM files often come without a suffix; a suffix of another format is a mistake.
    bare = found == "DICOM" and not Path(lower).suffix.strip(".0123456789")
    if not bare and not lower.endswith(suffixes):
        raise Fault(f"the file's content is {found}, its name says something else", "Rename or export it")
    return decode(raw)
