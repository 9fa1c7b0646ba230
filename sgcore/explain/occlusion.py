"""What a network sees of an image without its lesion, and of the lesion without what lies around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image

from sgcore.deep.crop import Crop

Gray = NDArray[np.float32]
#: Share of a pixel of the network's input from which on it counts as the lesion.
_HALF = 0.5


@dataclass(frozen=True)
class Occluded:
    """One image twice, both float32 [size, size] of 0 to 1.

    Attributes
    ----------
    surroundings : without the lesion, in whose place is the mean gray of what lies around it.
    lesion : the lesion alone, on its own mean gray.
    reason : why the image cannot be parted; both are then the whole image.
    """

    surroundings: Gray = field(repr=False, compare=False)
    lesion: Gray = field(repr=False, compare=False)
    reason: str = ""


def part_image(gray: Gray, roi: ArrayLike, crop: Crop) -> Occluded:
    """Take the lesion out of what a network sees of an image, and take it alone.

    What is taken away becomes one gray, the mean of what stays, so that its brightness and texture are gone. The
    outline of the region stays visible in both: a network that reads shape may find it in either.

    Parameters
    ----------
    gray : [size, size] what the network sees, 0 to 1. roi : [rows, columns] of the original image, nonzero inside.
    crop : the square of the original image that ``gray`` shows.

    The idea is that of occlusion (Zeiler MD, Fergus R. ECCV 2014:818), with the region of interest as the patch.
    """
    gray = np.asarray(gray, dtype=np.float32)
    inside = np.asarray(roi) != 0
    # Nothing beyond the edge of the image counts for its gray.
    seen = _on_input(np.ones_like(inside), crop, len(gray))
    lesion = _on_input(inside, crop, len(gray)) & seen
    around = seen & ~lesion
    if not lesion.any():
        return Occluded(gray, gray, "no pixel of what the network sees is lesion")
    if not around.any():
        return Occluded(gray, gray, "the lesion fills all that the network sees")
    return Occluded(
        surroundings=np.where(lesion, gray[around].mean(), gray),
        lesion=np.where(lesion, gray, gray[lesion].mean()),
    )


def _on_input(inside: NDArray[np.bool_], crop: Crop, size: int) -> NDArray[np.bool_]:
    """A mask of the original image on the pixels of the network's input."""
    square = crop.pad(crop.cut(inside).astype(float), (inside.shape[0], inside.shape[1]))
    shares = Image.fromarray(square.astype(np.float32)).resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(np.asarray(shares) >= _HALF)
