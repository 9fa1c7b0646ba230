"""Six classifiers, five families, and the one function that fits and predicts."""

from sgcore.models.classifiers import Fitted, fit_classifier
from sgcore.models.descriptors import DescriptorSelector
from sgcore.models.families import NEEDS, missing_family
from sgcore.models.harmonized import harmonized, trainable, why_not_harmonized
from sgcore.models.picks import pick
from sgcore.models.pipeline import ESTIMATES, FamilyResult, fit_predict

__all__ = [
    "ESTIMATES",
    "NEEDS",
    "DescriptorSelector",
    "FamilyResult",
    "Fitted",
    "fit_classifier",
    "fit_predict",
    "harmonized",
    "missing_family",
    "pick",
    "trainable",
    "why_not_harmonized",
]
