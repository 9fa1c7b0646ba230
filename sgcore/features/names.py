"""Names of features: their parts, and the same in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

CLASSES = {
    "firstorder": "first order",
    "shape": "shape",
    "shape2D": "shape in the plane",
    "glcm": "co-occurrence",
    "gldm": "dependence",
    "glrlm": "run length",
    "glszm": "size zone",
    "ngtdm": "neighborhood difference",
}
#: Class of a principal component of deep features, ``DL_0``.
DEEP = "deep"
OTHER = "other"

_IMAGE_TYPE = re.compile(
    r"original|square|squareroot|logarithm|exponential|gradient|(wavelet|log-sigma|lbp)\d*-.+"
)
_IMAGE_WORDS = {"squareroot": "square root", "lbp-2D": "local binary pattern"}
_COMPONENT = re.compile(r"DL_\d+")
_WAVELET = re.compile(r"wavelet(\d*)-(\w+)")
_LOG_SIGMA = re.compile(r"log-sigma-([\d-]+)-mm-3D")
_FEATURE_WORDS = {
    "10Percentile": "10th percentile",
    "90Percentile": "90th percentile",
    "Id": "Inverse difference",
    "Idn": "Inverse difference, normalized",
    "Idm": "Inverse difference moment",
    "Idmn": "Inverse difference moment, normalized",
    "Imc1": "Informational measure of correlation 1",
    "Imc2": "Informational measure of correlation 2",
    "MCC": "Maximal correlation coefficient",
    "Maximum2DDiameterSlice": "Largest diameter in the row-column plane",
    "Maximum2DDiameterRow": "Largest diameter in the column-slice plane",
    "Maximum2DDiameterColumn": "Largest diameter in the row-slice plane",
    "Maximum3DDiameter": "Largest diameter in space",
    "MaximumDiameter": "Largest diameter",
}


@dataclass(frozen=True)
class FeatureName:
    """A feature's name in parts.

    ``image_type`` is the filter's image (``original``, ``wavelet-LHH``, ...), ``feature_class`` the
    class (``glcm``, ...), ``feature`` the rest. A name that is not PyRadiomics' has the image type
    ``""``, the class ``other`` and itself as ``feature``; so has a component of deep features, whose class is
    ``deep``.
    """

    image_type: str
    feature_class: str
    feature: str

    @property
    def label(self) -> str:
        """The name in plain words: ``Sum entropy (co-occurrence) of the wavelet LHH image``."""
        if self.feature_class == OTHER:
            return self.feature
        if self.feature_class == DEEP:
            return f"Component {self.feature} of the deep features"
        words = f"{_feature_words(self.feature)} ({CLASSES[self.feature_class]})"
        if self.feature_class.startswith("shape"):
            return words
        return f"{words} of the {_image_words(self.image_type)} image"


def parse(name: str) -> FeatureName:
    """Parts of a name such as ``wavelet-LHH_glcm_SumEntropy``; see :class:`FeatureName`."""
    parts = name.split("_")
    if len(parts) == 3 and _IMAGE_TYPE.fullmatch(parts[0]) and parts[1] in CLASSES and parts[2]:
        return FeatureName(*parts)
    return FeatureName("", DEEP if _COMPONENT.fullmatch(name) else OTHER, name)


def label(name: str) -> str:
    """A feature's name in plain words; a name that is not PyRadiomics' stays as it is."""
    return parse(name).label


def image_types(names: Iterable[str]) -> tuple[str, ...]:
    """Image types among these features, each once, in order; names of a study's own have none."""
    found = dict.fromkeys(parse(name).image_type for name in names)
    return tuple(image_type for image_type in found if image_type)


def _feature_words(feature: str) -> str:
    if feature in _FEATURE_WORDS:
        return _FEATURE_WORDS[feature]
    words = re.findall(r"[A-Z][a-z]*|\d+", feature) or [feature]
    return " ".join(words).capitalize()


def _image_words(image_type: str) -> str:
    if wavelet := _WAVELET.fullmatch(image_type):
        level, bands = wavelet.groups()
        return f"wavelet {bands}" + (f" (level {level})" if level else "")
    if sigma := _LOG_SIGMA.fullmatch(image_type):
        return f"Laplacian of Gaussian (sigma {sigma[1].replace('-', '.')} mm)"
    return _IMAGE_WORDS.get(image_type, image_type)
