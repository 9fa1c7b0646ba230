"""An image and a mask are different types: one holds gray values, the other says where the lesion is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sgcore.cohort.faults import Fault

MAX_PIXELS = 64_000_000  # eight times a 4K frame; anything larger is no single ultrasound image
#: Millimeters a pixel, from a microscope's to far beyond a whole-body scanner's.
SPACING_MM = (1e-4, 100.0)


def plausible_spacing(millimeters: float) -> bool:
    """Whether a pixel can have this size; a header that says otherwise says nothing."""
    return SPACING_MM[0] <= millimeters <= SPACING_MM[1]


@dataclass(frozen=True, eq=False)
class ScalarImage:
    """A gray image.

    Attributes
    ----------
    pixels : float64, [rows, columns].
    spacing_mm : size of a pixel, (row, column) in millimeters, or None where the file does not say.
    note : how the file was turned into gray values, in words; empty when nothing was converted.
    warnings : what a person should look at in this file.
    affine : 4 x 4 of a NIfTI file, else None.
    """

    pixels: np.ndarray
    spacing_mm: tuple[float, float] | None = None
    note: str = ""
    warnings: tuple[str, ...] = ()
    affine: np.ndarray | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1]


@dataclass(frozen=True, eq=False)
class LabelMap:
    """A region of interest.

    Attributes
    ----------
    pixels : bool, [rows, columns]; True inside.
    warnings : what a person should look at in this file.
    affine : 4 x 4 of a NIfTI file, else None.
    """

    pixels: np.ndarray
    warnings: tuple[str, ...] = ()
    affine: np.ndarray | None = field(default=None, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1]

    def bounding_box(self) -> tuple[int, int, int, int]:
        """First row, last row, first column, last column of the region."""
        rows = np.flatnonzero(self.pixels.any(axis=1))
        columns = np.flatnonzero(self.pixels.any(axis=0))
        return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def check_size(columns: int, rows: int) -> None:
    """Refuse by header, before anything is allocated."""
    if rows < 1 or columns < 1:
        raise Fault(f"the header says {columns} x {rows} pixels", "The file is damaged; export it again")
    if rows * columns > MAX_PIXELS:
        raise Fault(
            f"the header says {columns} x {rows} pixels, more than {MAX_PIXELS:,}",
            "Crop or downsample the image; such a header is often an attack",
        )
