"""PyRadiomics' extractor with faster, equal parts and a look at each filter response on the way.

The order of steps, the filters and the feature classes are PyRadiomics'; what differs is listed in
:class:`Extractor`. Importing this module imports PyRadiomics.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from radiomics import getFeatureClasses, imageoperations, setVerbosity
from radiomics.featureextractor import RadiomicsFeatureExtractor
from radiomics.shape import RadiomicsShape

from sgcore.errors import ExtractionError
from sgcore.features import planar_shape
from sgcore.features.presets import Parameters
from sgcore.features.residue import is_linear_filter, response_ratio

# PyRadiomics' own switch for what it prints; warnings are collected (Messages) and not lost.
setVerbosity(60)


class Messages(logging.Handler):
    """Collects what PyRadiomics warns of while one case runs in this thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self._thread = threading.get_ident()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.texts.append(record.getMessage())

    def __enter__(self) -> Messages:
        logging.getLogger("radiomics").addHandler(self)
        return self

    def __exit__(self, *exception: object) -> None:
        logging.getLogger("radiomics").removeHandler(self)


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
    # Edges depend on the two extremes alone, and PyRadiomics looks for them value by value.
    edges = imageoperations.getBinEdges(np.array([inside.min(), inside.max()]), **settings)
    levels = np.digitize(inside, edges)
    binned = np.zeros(matrix.shape, dtype=int)
    binned[mask] = levels
    return binned, np.unique(levels)


def _with_shared_binning(feature_class: type[Any]) -> type[Any]:
    body = {"__module__": feature_class.__module__}
    return type(f"Shared{feature_class.__name__}", (SharedBinning, feature_class), body)


GRAY_LEVEL_CLASSES = ("firstorder", "glcm", "gldm", "glrlm", "glszm", "ngtdm")
_CLASSES = {
    **getFeatureClasses(),
    **{name: _with_shared_binning(getFeatureClasses()[name]) for name in GRAY_LEVEL_CLASSES},
    "shape": PlanarShape,
}


class Extractor(RadiomicsFeatureExtractor):
    """Runs one case; make a new object for each.

    Differences from PyRadiomics: no diagnostics; :class:`PlanarShape` for ``shape``; gray levels are
    binned once an image type; ``shape2D`` that cannot be computed is an error; after ``execute`` there are
    ``residue`` (image type -> ratio, ``None`` where the filter is not linear), ``constant_image`` and
    ``constant_roi``.
    """

    def __init__(self, parameters: Parameters) -> None:
        super().__init__()
        self.settings.update(parameters.settings)
        self.enabledImagetypes = parameters.image_types
        self.enabledFeatures = parameters.feature_classes
        self.addProvenance(False)
        self._setTolerance()
        self.residue: dict[str, float | None] = {}
        self.constant_image = False
        self.constant_roi = False
        self._largest = 0.0

    def computeShape(
        self, image: sitk.Image, mask: sitk.Image, boundingBox: NDArray[Any], **settings: Any
    ) -> OrderedDict[str, Any]:
        pixels = sitk.GetArrayViewFromImage(image)
        inside = pixels[sitk.GetArrayViewFromImage(mask) == settings["label"]]
        self._largest = float(np.abs(pixels.astype(np.float64)).max())
        self.constant_image = bool(pixels.min() == pixels.max())
        self.constant_roi = bool(inside.min() == inside.max())
        if "shape2D" in self.enabledFeatures:
            self._check_flat(boundingBox, settings)
        cropped = imageoperations.cropToTumorMask(image, mask, boundingBox)
        names = [name for name in self.enabledFeatures if name.startswith("shape")]
        return self._compute(names, *cropped, "original", settings)

    def computeFeatures(
        self, image: sitk.Image, mask: sitk.Image, imageTypeName: str, **settings: Any
    ) -> OrderedDict[str, Any]:
        self.residue[imageTypeName] = self._ratio(image, mask, imageTypeName, settings["label"])
        names = [name for name in self.enabledFeatures if not name.startswith("shape")]
        return self._compute(names, image, mask, imageTypeName, settings)

    def _compute(
        self, names: list[str], image: sitk.Image, mask: sitk.Image, image_type: str, settings: dict[str, Any]
    ) -> OrderedDict[str, Any]:
        values: OrderedDict[str, Any] = OrderedDict()
        binned: dict[str, NDArray[np.int64]] = {}
        for name in names:
            calculator = _CLASSES[name](image, mask, binned=binned, **settings)
            for feature in self.enabledFeatures[name] or ():
                calculator.enableFeatureByName(feature)
            for feature, value in calculator.execute().items():
                values[f"{image_type}_{name}_{feature}"] = value
        return values

    def _ratio(self, image: sitk.Image, mask: sitk.Image, image_type: str, label: int) -> float | None:
        if not is_linear_filter(image_type):
            return None
        if self.constant_image or self.constant_roi:
            return float("nan")
        inside = sitk.GetArrayViewFromImage(image)[sitk.GetArrayViewFromImage(mask) == label]
        return response_ratio(inside, self._largest)

    @staticmethod
    def _check_flat(bounding_box: NDArray[Any], settings: dict[str, Any]) -> None:
        axis = settings["force2Ddimension"]
        if not settings["force2D"]:
            raise ExtractionError("shape2D needs `force2D: true` in the parameter file.")
        # The box runs along x, y, z; force2Ddimension counts z, y, x.
        size = (bounding_box[1::2] - bounding_box[0::2] + 1)[::-1][axis]
        if size != 1:
            raise ExtractionError(
                f"shape2D needs a region on one slice; it spans {size} along dimension {axis}. "
                "Set `force2Ddimension` to the axis of the slice (0 for a slice of rows and columns)."
            )
