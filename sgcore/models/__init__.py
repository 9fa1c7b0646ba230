"""Six classifiers, five families, and the one function that fits and predicts."""

from sgcore.models.classifiers import Fitted, fit_classifier
from sgcore.models.descriptors import DescriptorSelector
from sgcore.models.harmonized import harmonized, trainable, why_not_harmonized
from sgcore.models.picks import pick
from sgcore.models.pipeline import fit_predict
from sgcore.models.results import ESTIMATES, FamilyResult, unselected
from sgcore.models.selectors import Kind

__all__ = [
    "ESTIMATES",
    "DescriptorSelector",
    "FamilyResult",
    "Fitted",
    "Kind",
    "fit_classifier",
    "fit_predict",
    "harmonized",
    "pick",
    "trainable",
    "unselected",
    "why_not_harmonized",
]
