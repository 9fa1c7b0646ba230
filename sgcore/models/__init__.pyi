from .classifiers import Fitted, fit_classifier
from .descriptors import DescriptorSelector
from .harmonizing import harmonized, trainable, why_not_harmonized
from .picks import pick
from .pipeline import fit_predict
from .results import ESTIMATES, FamilyResult, Preferred, unselected
from .selectors import Kind

__all__ = [
    "ESTIMATES",
    "DescriptorSelector",
    "FamilyResult",
    "Fitted",
    "Kind",
    "Preferred",
    "fit_classifier",
    "fit_predict",
    "harmonized",
    "pick",
    "trainable",
    "unselected",
    "why_not_harmonized",
]
