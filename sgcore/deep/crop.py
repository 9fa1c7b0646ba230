"""The square of the original image that a network sees, in pixels of that image."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sgcore.cohort import LabelMap
from sgcore.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Crop:
    """A square in pixels of the original image, from row ``top`` and column ``left``, ``side`` pixels each way.

    It may reach beyond the image: ``top`` and ``left`` may be negative. What lies beyond is padded with black.
    """

    top: int
    left: int
    side: int

    def _inside(self, shape: tuple[int, int]) -> tuple[slice, slice]:
        """Rows and columns of an image of this ``shape`` that the square holds."""
        rows, columns = shape
        return (
            slice(max(self.top, 0), min(self.top + self.side, rows)),
            slice(max(self.left, 0), min(self.left + self.side, columns)),
        )

    def cut(self, pixels: NDArray[Any]) -> NDArray[Any]:
        """The part of [rows, columns] that the square holds, without the padding: never empty around an ROI."""
        rows, columns = self._inside((pixels.shape[0], pixels.shape[1]))
        return pixels[rows, columns]

    def pad(self, part: Floats, shape: tuple[int, int]) -> Floats:
        """What :meth:`cut` gave of an image of this ``shape``, as the whole square [side, side], zero outside."""
        rows, columns = self._inside(shape)
        square = np.zeros((self.side, self.side))
        square[
            rows.start - self.top : rows.stop - self.top,
            columns.start - self.left : columns.stop - self.left,
        ] = part
        return square

    def place(self, values: NDArray[Any], shape: tuple[int, int]) -> Floats:
        """A map of the network's input laid back onto the original image.

        Parameters
        ----------
        values : [h, w] of any size, the whole square at that resolution (a Grad-CAM grid).
        shape : rows and columns of the original image.

        Returns
        -------
        float64 [rows, columns], bilinear between the centers of the grid; NaN where the network saw nothing.
        """
        grid = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
        square = np.asarray(grid.resize((self.side, self.side), Image.Resampling.BILINEAR), dtype=float)
        rows, columns = self._inside(shape)
        placed = np.full(shape, np.nan)
        placed[rows, columns] = square[
            rows.start - self.top : rows.stop - self.top,
            columns.start - self.left : columns.stop - self.left,
        ]
        return placed


def crop_of(mask: LabelMap, margin: float) -> Crop:
    """The square around the region: its longer side and ``margin`` of it on each side, centered on the region.

    Parameters
    ----------
    margin : share of the longer side of the region's bounding box; a started pixel counts as one.

    Square, so that resizing keeps the shape of the lesion (its aspect ratio is a sign in itself); centered
    and padded rather than moved into the image, so that the lesion stands in the middle wherever it lies.

    Raises
    ------
    UsageError : ``margin`` is negative, above 2 or no number.
    """
    if not 0 <= margin <= 2:
        raise UsageError(f"margin is {margin}; give a share of the region's longer side from 0 to 2.")
    first_row, last_row, first_column, last_column = mask.bounding_box()
    height, width = last_row - first_row + 1, last_column - first_column + 1
    longer = max(height, width)
    side = longer + 2 * ceil(margin * longer)
    return Crop(first_row - (side - height) // 2, first_column - (side - width) // 2, side)
