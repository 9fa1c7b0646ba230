"""PyRadiomics' feature classes, with two parts that are faster and equal: the mesh of a slice, the binning.

They are subclasses, used by :mod:`sgcore.features.extractor` alone; PyRadiomics itself is left as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from radiomics import getFeatureClasses, imageoperations
from radiomics.shape import RadiomicsShape

from sgcore.errors import ExtractionError
from sgcore.features import planar_shape
from sgcore.features.presets import MAX_GRAY_LEVELS


class PlanarShape(RadiomicsShape):
    """The shape class, with the mesh of a one-slice region measured by :mod:`planar_shape`."""

    # PyRadiomics names its loggers by this; warnings stay where Messages listens.
    __module__ = RadiomicsShape.__module__

    def _initSegmentBasedCalculation(self) -> None:
        mask: NDArray[np.bool_] = sitk.GetArrayViewFromImage(self.inputMask) == self.label
        if mask.shape[0] != 1:
            super()._initSegmentBasedCalculation()
            return
        self.pixelSpacing = np.array(self.inputImage.GetSpacing()[::-1])
        self.maskArray = np.pad(mask, 1)
        self.labelledVoxelCoordinates = np.where(self.maskArray)
        self.SurfaceArea, self.Volume, self.diameters = planar_shape.coefficients(
            self.maskArray[1], self.pixelSpacing
        )
        self.eigenValues = _principal_components(self.labelledVoxelCoordinates, self.pixelSpacing)


def _principal_components(coordinates: tuple[NDArray[np.intp], ...], spacing: NDArray[np.float64]) -> Any:
    """Eigenvalues of the voxel coordinates, ascending, in PyRadiomics' order of operations."""
    points = np.array(coordinates, dtype=int).T * spacing[None]
    points -= points.mean(axis=0)
    points /= np.sqrt(len(points))
    values = np.linalg.eigvals(points.T.copy() @ points)
    values[(values < 0) & (values > -1e-10)] = 0
    values.sort()
    return values


class SharedBinning:
    """Mixed into the gray-level classes: the first one bins the region, the others take what it found.

    ``settings["binned"]`` is the place for it, one dictionary an image type.
    """

    settings: dict[str, Any]
    coefficients: dict[str, Any]
    maskArray: NDArray[np.bool_]

    def _applyBinning(self, matrix: NDArray[Any]) -> NDArray[np.int64]:
        binned = self.settings["binned"]
        if not binned:
            binned["matrix"], binned["levels"] = _bin(matrix, self.maskArray, self.settings)
        self.coefficients["grayLevels"] = binned["levels"].copy()
        self.coefficients["Ng"] = int(binned["levels"].max())
        return binned["matrix"].copy()


def _bin(
    matrix: NDArray[Any], mask: NDArray[np.bool_], settings: dict[str, Any]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    inside = matrix[mask]
    _check_levels(float(inside.max()) - float(inside.min()), settings)
    # Edges depend on the two extremes alone, and PyRadiomics looks for them value by value.
    edges = imageoperations.getBinEdges(np.array([inside.min(), inside.max()]), **settings)
    levels = np.digitize(inside, edges)
    binned = np.zeros(matrix.shape, dtype=int)
    binned[mask] = levels
    return binned, np.unique(levels)


def _check_levels(spread: float, settings: dict[str, Any]) -> None:
    """Before the edges of the bins fill the memory; ``spread`` is the largest minus the smallest value."""
    width = settings.get("binWidth", 25)
    levels = spread / width
    if settings.get("binCount") is None and not levels <= MAX_GRAY_LEVELS:
        raise ExtractionError(
            f"`binWidth` {width:g} makes {levels:,.0f} gray levels in the ROI after binning; at most "
            f"{MAX_GRAY_LEVELS:,} are computed. Set a larger `binWidth`, or `binCount`."
        )


def _with_shared_binning(feature_class: type[Any]) -> type[Any]:
    body = {"__module__": feature_class.__module__}
    return type(f"Shared{feature_class.__name__}", (SharedBinning, feature_class), body)


GRAY_LEVEL_CLASSES = ("firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm")
FEATURE_CLASSES = {
    **getFeatureClasses(),
    **{name: _with_shared_binning(getFeatureClasses()[name]) for name in GRAY_LEVEL_CLASSES},
    "shape": PlanarShape,
}
