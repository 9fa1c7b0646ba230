"""PyRadiomics' extractor with faster, equal parts and a look at each filter response on the way.

The order of steps, the filters and the feature classes are PyRadiomics'; what differs is listed in
:class:`Extractor`. Importing this module imports PyRadiomics.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from radiomics import imageoperations, setVerbosity
from radiomics.featureextractor import RadiomicsFeatureExtractor

from sgcore.errors import ExtractionError
from sgcore.features.feature_classes import FEATURE_CLASSES
from sgcore.features.residue import is_linear_filter, response_ratio

# PyRadiomics' own switch for what it prints; warnings are collected (Messages) and not lost.
setVerbosity(60)


#: A co-occurrence matrix of so many levels takes 0.5 GB in the four directions of a plane.
MAX_LEVELS = 4096


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


class Extractor(RadiomicsFeatureExtractor):
    """Runs one case; make a new object for each. ``settings`` is the content of a parameter file.

    Differences from PyRadiomics: no diagnostics; :class:`PlanarShape` for ``shape``; gray levels are
    binned once an image type; ``shape2D`` that cannot be computed is an error; after ``execute`` there are
    ``residue`` (image type -> ratio, ``None`` where the filter is not linear), ``constant_image`` and
    ``constant_roi``.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self.settings.update(settings.get("setting") or {})
        self.enabledImagetypes = settings.get("imageType") or {"Original": {}}
        self.enabledFeatures = settings.get("featureClass") or self._all_classes()
        self.addProvenance(False)
        self._setTolerance()
        self.residue: dict[str, float | None] = {}
        self.constant_image = False
        self.constant_roi = False
        self._largest = 0.0

    def _all_classes(self) -> dict[str, None]:
        # A file that names no class means all; PyRadiomics then passes over shape2D with a warning.
        names = (name for name in FEATURE_CLASSES if name != "shape2D" or self.settings["force2D"])
        return dict.fromkeys(names)

    def computeShape(
        self, image: sitk.Image, mask: sitk.Image, boundingBox: NDArray[Any], **settings: Any
    ) -> OrderedDict[str, Any]:
        pixels = sitk.GetArrayViewFromImage(image)
        inside = pixels[sitk.GetArrayViewFromImage(mask) == settings["label"]]
        self._largest = float(np.abs(pixels.astype(np.float64)).max())
        if self._largest == 0:
            raise ExtractionError("all pixels of the image are 0. Check the image file.")
        self.constant_image = bool(pixels.min() == pixels.max())
        self.constant_roi = bool(inside.min() == inside.max())
        if "shape2D" in self.enabledFeatures:
            self._check_flat(boundingBox, settings)
        cropped_image, cropped_mask = imageoperations.cropToTumorMask(image, mask, boundingBox)
        names = [name for name in self.enabledFeatures if name.startswith("shape")]
        return self._compute(names, cropped_image, cropped_mask, "original", settings)

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
            calculator = FEATURE_CLASSES[name](image, mask, binned=binned, **settings)
            if name == "glcm":
                self._check_levels(image_type, calculator.coefficients["Ng"])
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
    def _check_levels(image_type: str, levels: int) -> None:
        if levels > MAX_LEVELS:
            raise ExtractionError(
                f"the {image_type} image has {levels} gray levels in the ROI after binning; co-occurrence of "
                f"more than {MAX_LEVELS} takes gigabytes. Set a larger `binWidth`, or `binCount`."
            )

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
