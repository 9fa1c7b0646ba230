"""What a network sees of an image without its lesion, and of the lesion without what lies around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.deep.crop import Crop
from sgcore.deep.inputs import Gray, on_input

#: Share of a pixel of the network's input from which on it counts as the lesion.
_HALF = 0.5
#: And from which on it lies wholly inside of the image; resizing may round 1 down.
_WHOLE = 0.999


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


def occlude(gray: Gray, roi: ArrayLike, crop: Crop) -> Occluded:
    """Take the lesion out of what a network sees of an image, and take it alone.

    What is taken away becomes one gray, the mean of what stays. Of the lesion every pixel goes that holds a part of
    it, and one more all around, as resizing spreads its gray; the lesion alone has the pixels that are half lesion or
    more. The outline stays visible in both: a network that reads shape may find it in either.

    Parameters
    ----------
    gray : [size, size] what the network sees, 0 to 1. roi : [rows, columns] of the original image, nonzero inside.
    crop : the square of the original image that ``gray`` shows.

    References
    ----------
    Xiao K et al. Noise or signal. ICLR 2021 (arXiv:2006.09994): background alone and foreground alone.
    """
    gray = np.asarray(gray, dtype=np.float32)
    inside = np.asarray(roi) != 0
    share = on_input(inside.astype(float), crop, len(gray))
    # Nothing beyond the edge of the image counts for the gray around the lesion.
    seen = on_input(np.ones_like(inside, dtype=float), crop, len(gray)) > _WHOLE
    lesion, gone = share >= _HALF, scipy.ndimage.binary_dilation(share > 0, np.ones((3, 3)))
    around = seen & ~gone
    if not lesion.any():
        return Occluded(gray, gray, "no pixel of what the network sees is lesion")
    if not around.any():
        return Occluded(gray, gray, "the lesion fills all that the network sees")
    return Occluded(
        surroundings=np.where(gone, gray[around].mean(), gray),
        lesion=np.where(lesion, gray, gray[lesion].mean()),
    )
