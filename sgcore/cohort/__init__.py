"""From a study file to a checked study: tables, images, masks, splits."""

from sgcore.cohort.case import read_case
from sgcore.cohort.image_types import LabelMap, ScalarImage
from sgcore.cohort.load import AUDIT_ONLY, ValidationReport, load_study, validate_study
from sgcore.cohort.prediction_columns import PredictionColumns, look_at_predictions
from sgcore.cohort.prediction_file import (
    PredictionFile,
    PredictionsError,
    read_prediction_file,
    read_unrefused,
)
from sgcore.cohort.prediction_match import PredictionMatch, match_predictions
from sgcore.cohort.prediction_roles import Roles
from sgcore.cohort.predictions import study_predictions
from sgcore.cohort.readers import read_image, read_mask
from sgcore.cohort.splits import split_patients

__all__ = [
    "AUDIT_ONLY",
    "LabelMap",
    "PredictionColumns",
    "PredictionFile",
    "PredictionMatch",
    "PredictionsError",
    "Roles",
    "ScalarImage",
    "ValidationReport",
    "load_study",
    "look_at_predictions",
    "match_predictions",
    "read_case",
    "read_image",
    "read_mask",
    "read_prediction_file",
    "read_unrefused",
    "split_patients",
    "study_predictions",
    "validate_study",
]
