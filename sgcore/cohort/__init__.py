"""From a study file to a checked study: tables, images, masks, splits."""

from sgcore.cohort.case import read_case
from sgcore.cohort.image_types import LabelMap, ScalarImage
from sgcore.cohort.load import ValidationReport, load_study, validate_study
from sgcore.cohort.prediction_file import PredictionFile, PredictionsError, read_prediction_file
from sgcore.cohort.readers import read_image, read_mask
from sgcore.cohort.splits import split_patients

__all__ = [
    "LabelMap",
    "PredictionFile",
    "PredictionsError",
    "ScalarImage",
    "ValidationReport",
    "load_study",
    "read_case",
    "read_image",
    "read_mask",
    "read_prediction_file",
    "split_patients",
    "validate_study",
]
