"""Do an image and its mask lie on each other?"""

from __future__ import annotations

import numpy as np

from sgcore.cohort.faults import Fault
from sgcore.cohort.image_types import LabelMap, ScalarImage

#: Share of a pixel by which image and mask may lie apart: what rounding in two programs makes.
MAX_SHIFT = 0.01


def check_pair(image: ScalarImage, mask: LabelMap) -> None:
    """Refuse a mask of another size or, where both files say so, of another place.

    Raises
    ------
    Fault : naming both shapes (rows x columns) or both positions.
    """
    if image.shape != mask.shape:
        hint = "Save the mask over this image, without cropping or resizing"
        if image.shape == mask.shape[::-1]:
            hint = "It would fit transposed: rows and columns were exchanged when it was written"
        raise Fault(
            f"the mask has {mask.shape[0]} x {mask.shape[1]} pixels (rows x columns), "
            f"its image {image.shape[0]} x {image.shape[1]}",
            hint,
        )
    if image.affine is None or mask.affine is None:
        return
    in_plane = np.ix_([0, 1], [0, 1, 3])
    # Relative to a pixel, as the unit may be meters or micrometers.
    pixel = np.abs(image.affine[:2, :2]).max()
    if not np.allclose(image.affine[in_plane], mask.affine[in_plane], rtol=1e-3, atol=MAX_SHIFT * pixel):
        flipped = (np.sign(np.diag(image.affine)) != np.sign(np.diag(mask.affine)))[:2]
        what = "is flipped against" if flipped.any() else "lies elsewhere than"
        raise Fault(
            f"the mask {what} its image (affine diagonal and origin {_place(mask.affine)} "
            f"against {_place(image.affine)})",
            "Resample the mask onto the image's grid",
        )


def _place(affine: np.ndarray) -> str:
    diagonal = ", ".join(f"{value:g}" for value in np.diag(affine)[:2])
    origin = ", ".join(f"{value:g}" for value in affine[:2, 3])
    return f"({diagonal}) at ({origin})"
