"""Arrays and SimpleITK images become the pair of one-slice volumes that PyRadiomics takes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sgcore.errors import ExtractionError

if TYPE_CHECKING:
    import SimpleITK as sitk

Image: TypeAlias = "NDArray[Any] | sitk.Image"

EMPTY = "the mask is empty. Draw the region of interest, or leave the image out."
FULL = "the mask covers the whole image; a region needs pixels outside it. Draw the region of interest."
#: Pixels of the region after resampling: a region of 2000 x 2000, for which an image takes minutes.
MAX_RESAMPLED = 4_000_000


def as_volumes(
    image: Image, mask: Image, *, label: int, spacing: tuple[float, float] | None
) -> tuple[sitk.Image, sitk.Image]:
    """Image and mask as three-dimensional SimpleITK images of one geometry.

    Parameters
    ----------
    image : array [rows, columns] of finite numbers, or a SimpleITK image of two or three dimensions.
        The type of the pixels is kept, but integers of 8 and 16 bits become 32 bits: PyRadiomics adds
        two bin widths to the largest gray value in the image's own type, which under NumPy 2 wraps
        around (uint8: from 206 on) and puts all gray values into one bin.
    mask : same kind and size; in an array every value but 0 must be the same and marks the ROI (bool,
        0/1, 0/255), in a SimpleITK image the ROI is where the value is ``label``.
    label : value of the ROI in the mask that is returned.
    spacing : (row, column) distance of pixel centers for arrays. ``None`` counts in pixels.

    Raises
    ------
    ExtractionError : wrong dimensions, other sizes, not finite, several labels or no ROI.
    """
    if isinstance(image, np.ndarray) and isinstance(mask, np.ndarray):
        _check_arrays(image, mask)
        region = (mask != 0).astype(np.uint32) * np.uint32(label)
        return _widened(_volume(image, spacing)), _volume(region, spacing)
    if isinstance(image, np.ndarray) or isinstance(mask, np.ndarray):
        raise ExtractionError(
            f"image is a {type(image).__name__}, mask a {type(mask).__name__}. "
            "Give two arrays or two SimpleITK images."
        )
    if spacing is not None:
        raise ExtractionError("spacing was given beside a SimpleITK image, which carries its own. Omit it.")
    return _check_images(_three_dimensional(image, "image"), _three_dimensional(mask, "mask"), label)


def check_resampling(mask: sitk.Image, spacing: Sequence[float] | None, *, label: int, pad: int) -> None:
    """Refuse a pixel spacing that would make the region larger than can be computed.

    Parameters
    ----------
    mask : three-dimensional, as :func:`as_volumes` gives it; the region is where it is ``label``.
    spacing : ``resampledPixelSpacing`` of the parameter file in the order x, y, z, or None; 0 keeps a
        direction, and so does PyRadiomics where the region is one pixel thick.
    pad : ``padDistance`` of the parameter file, pixels on each side.

    Raises
    ------
    ExtractionError : with the number of pixels and the spacing.
    """
    import SimpleITK as sitk

    if not spacing:
        return
    inside = np.nonzero(sitk.GetArrayViewFromImage(mask) == label)
    extent = np.array([np.ptp(places) + 1 for places in inside[::-1]])
    old, wanted = np.array(mask.GetSpacing()), np.array(spacing, dtype=float)
    ratio = np.where((wanted > 0) & (extent > 1), old / np.where(wanted > 0, wanted, 1), 1)
    pixels = float(np.prod(np.minimum(extent * ratio + 2 * pad, np.array(mask.GetSize()) * ratio)))
    if pixels > MAX_RESAMPLED:
        raise ExtractionError(
            f"`resampledPixelSpacing` {list(spacing)} makes {pixels:,.0f} pixels of a region whose spacing is "
            f"{', '.join(f'{step:g}' for step in old)}; at most {MAX_RESAMPLED:,} are computed. "
            "Set a larger spacing."
        )


def _check_arrays(image: NDArray[Any], mask: NDArray[Any]) -> None:
    for name, array in (("image", image), ("mask", mask)):
        if array.ndim != 2:
            raise ExtractionError(f"{name} has shape {array.shape}. Give two dimensions: rows, columns.")
        if array.dtype.kind not in "biuf":
            raise ExtractionError(f"{name} has type {array.dtype}. Give gray values as real numbers.")
    _check_sizes(image.shape, mask.shape)
    _check_finite(image)
    values = np.unique(mask[mask != 0])
    if len(values) == 0:
        raise ExtractionError(EMPTY)
    if mask.all():
        raise ExtractionError(FULL)
    if len(values) > 1:
        raise ExtractionError(
            f"the mask has {len(values)} values besides 0 ({', '.join(map(str, values[:5]))}). "
            "Give one region of interest a mask, 0 outside and one value inside."
        )


def _check_images(image: sitk.Image, mask: sitk.Image, label: int) -> tuple[sitk.Image, sitk.Image]:
    import SimpleITK as sitk

    _check_sizes(image.GetSize(), mask.GetSize())
    _check_finite(sitk.GetArrayViewFromImage(image))
    found = np.unique(sitk.GetArrayViewFromImage(mask))
    if not found.any():
        raise ExtractionError(EMPTY)
    if label not in found:
        raise ExtractionError(
            f"the mask has no pixel of label {label}; it holds {', '.join(map(str, found[found != 0][:5]))}. "
            "Set `label` in the parameter file or relabel the mask."
        )
    if len(found) == 1:
        raise ExtractionError(FULL)
    return _widened(image), mask


def _widened(image: sitk.Image) -> sitk.Image:
    import SimpleITK as sitk

    narrow = (sitk.sitkUInt8, sitk.sitkInt8, sitk.sitkUInt16, sitk.sitkInt16)
    return sitk.Cast(image, sitk.sitkInt32) if image.GetPixelID() in narrow else image


def _check_sizes(image: tuple[int, ...], mask: tuple[int, ...]) -> None:
    if image != mask:
        raise ExtractionError(
            f"the image has size {image}, the mask {mask}. Use the mask drawn on this image."
        )


def _check_finite(values: NDArray[Any]) -> None:
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).sum())
        raise ExtractionError(f"{count} pixel(s) of the image are infinite or not a number. Repair the file.")


def _volume(array: NDArray[Any], spacing: tuple[float, float] | None) -> sitk.Image:
    import SimpleITK as sitk

    plain = array.astype(np.uint8) if array.dtype == bool else array
    if plain.dtype == np.float16:
        plain = plain.astype(np.float32)
    volume = sitk.GetImageFromArray(np.ascontiguousarray(plain)[None])
    if spacing is not None:
        if not all(np.isfinite(step) and step > 0 for step in spacing):
            raise ExtractionError(f"spacing is {spacing}. Give two positive numbers: row, column.")
        volume.SetSpacing((float(spacing[1]), float(spacing[0]), 1.0))
    return volume


def _three_dimensional(image: sitk.Image, name: str) -> sitk.Image:
    import SimpleITK as sitk

    count = image.GetNumberOfComponentsPerPixel()
    if count != 1:
        raise ExtractionError(f"the {name} has {count} values a pixel. Convert it to gray values first.")
    if image.GetDimension() == 2:
        return sitk.JoinSeries(image)
    if image.GetDimension() == 3:
        return image
    raise ExtractionError(f"the {name} has {image.GetDimension()} dimensions. Give two or three.")
