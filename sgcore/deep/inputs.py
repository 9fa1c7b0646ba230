"""From image and mask to what a network sees: the crop, its gray values as 0 to 1, the network's size.

Nothing outside of a crop counts: neither for its own gray values nor for those of another image. Gray becomes
three equal channels with ImageNet's normalization when a batch is made (``sgcore.deep.batches``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sgcore.cohort import LabelMap, ScalarImage
from sgcore.deep.crop import Crop, crop_of
from sgcore.errors import ImageError

#: Share of the region's longer side on each side: the crop is 1.2 times as long as the lesion. The reference
#: study does not say how it cropped.
MARGIN = 0.1
#: Gray values of 8 bits, black and white.
EIGHT_BITS = (0.0, 255.0)

Gray = NDArray[np.float32]


@dataclass(frozen=True)
class Inputs:
    """What the networks see of a study's images, one entry an image in the order of ``image_ids``.

    Attributes
    ----------
    gray : float32 (n, size, size), 0 black to 1 white.
    crops : the square of each original image that ``gray`` shows.
    notes : what was done to single images, in words.
    """

    image_ids: tuple[str, ...]
    gray: Gray = field(repr=False)
    crops: tuple[Crop, ...] = field(repr=False)
    notes: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return int(self.gray.shape[1])


def prepare(image: ScalarImage, mask: LabelMap, size: int, *, margin: float = MARGIN) -> tuple[Gray, Crop]:
    """One image as a network sees it.

    Parameters
    ----------
    image, mask : as ``sgcore.cohort.read_case`` gives them: any gray values, one region.
    size : side in pixels of the network's input.
    margin : see :func:`sgcore.deep.crop.crop_of`.

    Returns
    -------
    float32 [size, size] from 0 to 1, and the square of the original image that it shows. Bilinear, with
    antialiasing where the crop is larger than the input.

    Raises
    ------
    ImageError : image and mask differ in size, or the mask is empty.
    UsageError : a margin that cannot be.
    """
    if image.shape != mask.shape:
        raise ImageError(
            f"the image has {image.shape} rows and columns, the mask {mask.shape}. "
            "Use the mask drawn on this image."
        )
    if not mask.pixels.any():
        raise ImageError("the mask is empty. Draw the lesion, or leave the image out.")
    crop = crop_of(mask, margin)
    resized = _resized(crop.pad(as_shares(crop.cut(image.pixels)), image.shape), size)
    return np.clip(resized, 0, 1), crop


def on_input(values: NDArray[np.float64], crop: Crop, size: int) -> Gray:
    """Values [rows, columns] of the original image on the pixels of a network's input, as the image itself comes there.

    float32 [size, size], 0 where the crop reaches beyond the image.
    """
    return _resized(crop.pad(crop.cut(values), (values.shape[0], values.shape[1])), size)


def _resized(square: NDArray[np.float64], size: int) -> Gray:
    image = Image.fromarray(square.astype(np.float32)).resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(image, dtype=np.float32)


def as_shares(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gray values of a crop from 0 (black) to 1 (white), by what the crop itself holds.

    Whole numbers from 0 to 255 are 8 bits and are divided by 255, so that a dark crop stays dark. Anything
    else (16 bits, Hounsfield units, floats) has no black and white that a file would tell: the smallest value
    of the crop is 0, the largest 1. A crop of one such value is 0.
    """
    if is_eight_bit(pixels):
        return pixels / EIGHT_BITS[1]
    low, high = float(pixels.min()), float(pixels.max())
    if high == low:
        return np.zeros_like(pixels)
    # Halved before they are subtracted: the range of two large floats can exceed the largest one.
    return (pixels / 2 - low / 2) / (high / 2 - low / 2)


def is_eight_bit(pixels: NDArray[np.float64]) -> bool:
    """Whether these are whole numbers from 0 to 255."""
    low, high = EIGHT_BITS
    return bool(pixels.min() >= low and pixels.max() <= high and (pixels == np.round(pixels)).all())


def prepare_all(
    cases: Iterable[tuple[str, ScalarImage, LabelMap]], size: int, *, margin: float = MARGIN
) -> Inputs:
    """All images of a study as a network sees them.

    Parameters
    ----------
    cases : (image_id, image, mask); an iterator keeps one original in memory at a time.

    Raises
    ------
    ImageError : no cases, or one that cannot be used, named by its image_id.
    """
    image_ids: list[str] = []
    squares: list[Gray] = []
    crops: list[Crop] = []
    scaled: list[str] = []
    for image_id, image, mask in cases:
        try:
            gray, crop = prepare(image, mask, size, margin=margin)
        except ImageError as error:
            raise ImageError(f"{image_id}: {error}") from error
        if not is_eight_bit(crop.cut(image.pixels)):
            scaled.append(image_id)
        image_ids.append(image_id)
        squares.append(gray)
        crops.append(crop)
    if not image_ids:
        raise ImageError("there are no images. A network needs images with masks, not tables alone.")
    return Inputs(tuple(image_ids), np.stack(squares), tuple(crops), _scaled_note(scaled, len(image_ids)))


def _scaled_note(scaled: Sequence[str], total: int) -> tuple[str, ...]:
    if not scaled:
        return ()
    shown = ", ".join(scaled[:3]) + (", ..." if len(scaled) > 3 else "")
    note = (
        f"{len(scaled)} of {total} crops hold no 8-bit gray values and were scaled each by its own smallest "
        f"and largest value ({shown})"
    )
    mixed = (
        "; the others by 255, so that brightness does not compare between the two"
        if len(scaled) < total
        else ""
    )
    return (note + mixed,)
