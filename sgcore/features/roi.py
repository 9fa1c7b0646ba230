"""A region of interest as another reader might have drawn it: smaller, larger, or moved.

Features of these regions tell, by their ICC, which features depend on a pixel of the contour.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy
from numpy.typing import NDArray

from sgcore.errors import ExtractionError, UsageError

Variant = Literal["eroded", "dilated", "shifted"]
Mask = NDArray[np.bool_]
ROI_VARIANTS: tuple[Variant, ...] = ("eroded", "dilated", "shifted")


@dataclass(frozen=True)
class Perturbation:
    """How far a contour moves, the same for all three kinds.

    Attributes
    ----------
    millimeters : the distance where the spacing of the pixels is known.
    percent : the distance where it is not, in percent of the diameter of the disk of the same area.

    Either is raised to the larger side of a pixel, below which nothing would move.
    """

    millimeters: float = 0.5
    percent: float = 3.0

    def __post_init__(self) -> None:
        for name, value in (("millimeters", self.millimeters), ("percent", self.percent)):
            if not (np.isfinite(value) and value > 0):
                raise UsageError(f"{name} is {value}; a region is perturbed by a distance above 0.")


def distance(mask: NDArray[Any], amount: Perturbation, spacing: tuple[float, float] | None = None) -> float:
    """How far the contour moves: mm where ``spacing`` (row, column) is known, else pixels."""
    if spacing is not None:
        return max(amount.millimeters, *spacing)
    return max(amount.percent / 100 * equivalent_diameter(mask), 1.0)


def equivalent_diameter(mask: NDArray[Any]) -> float:
    """Diameter in pixels of the disk with the area of the region."""
    return float(np.sqrt(4 * np.count_nonzero(mask) / np.pi))


def perturb_roi(
    mask: NDArray[Any],
    variant: str,
    amount: Perturbation | None = None,
    *,
    spacing: tuple[float, float] | None = None,
) -> Mask:
    """The region as it is, eroded, dilated or shifted.

    Parameters
    ----------
    mask : [rows, columns], not 0 in the region.
    variant : ``original``, or one of ``ROI_VARIANTS``: ``eroded`` drops what lies within the distance of
        the outside (what is beyond the image is outside), ``dilated`` adds what lies within the
        distance of the region and inside the image, ``shifted`` moves the region to the right, or else
        left, down, up: the first direction in which it stays inside the image.
    amount : the distance; the default of :class:`Perturbation` without it.
    spacing : (row, column) distance of pixel centers in mm, or ``None`` where it is not known.

    Returns
    -------
    bool [rows, columns], never empty.

    Raises
    ------
    ExtractionError : the region is empty, erosion would leave nothing, or no shift stays inside.
    UsageError : unknown variant.
    """
    if variant not in ("original", *ROI_VARIANTS):
        raise UsageError(f"unknown ROI variant {variant!r}; choose original, {', '.join(ROI_VARIANTS)}.")
    region: Mask = np.asarray(mask) != 0
    if region.ndim != 2 or not region.any():
        raise ExtractionError("the mask is empty or has not two dimensions. Draw the region of interest.")
    if variant == "original":
        return region
    apart = distance(region, amount or Perturbation(), spacing)
    steps = (1.0, 1.0) if spacing is None else spacing
    if variant == "shifted":
        return _shifted(region, apart, steps)
    # A neighbor that lies at exactly the distance is within it, whatever the rounding of the spacing.
    reach = apart * (1 + 1e-9)
    if variant == "dilated":
        return np.asarray(scipy.ndimage.distance_transform_edt(~region, sampling=steps) <= reach)
    inner: Mask = scipy.ndimage.distance_transform_edt(np.pad(region, 1), sampling=steps)[1:-1, 1:-1] > reach
    if not inner.any():
        unit = "pixels" if spacing is None else "mm"
        raise ExtractionError(
            f"eroding the region of {np.count_nonzero(region)} pixels by {apart:.3g} {unit} leaves nothing. "
            "Use a smaller distance, or leave this image out of the robustness check."
        )
    return inner


def _shifted(region: Mask, apart: float, steps: tuple[float, float]) -> Mask:
    rows, columns = (max(1, round(apart / step)) for step in steps)
    for shift in ((0, columns), (0, -columns), (rows, 0), (-rows, 0)):
        moved = _move(region, shift)
        if np.count_nonzero(moved) == np.count_nonzero(region):
            return moved
    raise ExtractionError(
        f"the region leaves the image wherever it is shifted by {rows} row(s) or {columns} column(s). "
        "Use a smaller distance, or leave this image out of the robustness check."
    )


def _move(region: Mask, shift: tuple[int, int]) -> Mask:
    places = np.argwhere(region) + shift
    kept = places[((places >= 0) & (places < region.shape)).all(axis=1)]
    moved = np.zeros_like(region)
    moved[tuple(kept.T)] = True
    return moved
