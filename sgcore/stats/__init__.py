"""Statistics: arrays in, frozen results out. Every estimate names its method and the n behind it."""

from sgcore.stats.agreement import IccResult, icc_2_1
from sgcore.stats.centers import WithinCenterAuc, within_center_auc
from sgcore.stats.comparison import AucComparison, compare_auc
from sgcore.stats.delong import AucResult, auc
from sgcore.stats.group_tests import GroupTest, compare_groups
from sgcore.stats.matrix import AucMatrix, auc_matrix
from sgcore.stats.multiplicity import adjust
from sgcore.stats.newcombe import newcombe_interval
from sgcore.stats.odds import COLUMNS as ODDS_RATIO_COLUMNS
from sgcore.stats.odds import odds_ratios
from sgcore.stats.operating_point import OperatingPoint, operating_point
from sgcore.stats.patients import PatientScores, patient_scores
from sgcore.stats.proportions import Proportion, clustered_proportion, proportion
from sgcore.stats.roc import RocCurve, roc_curve
from sgcore.stats.standardized import StandardizedDifference, standardized_means, standardized_shares
from sgcore.stats.thresholds import Threshold, youden_threshold
from sgcore.stats.univariate import TEST_NAMES, univariate_tests

__all__ = [
    "ODDS_RATIO_COLUMNS",
    "TEST_NAMES",
    "AucComparison",
    "AucMatrix",
    "AucResult",
    "GroupTest",
    "IccResult",
    "OperatingPoint",
    "PatientScores",
    "Proportion",
    "RocCurve",
    "StandardizedDifference",
    "Threshold",
    "WithinCenterAuc",
    "adjust",
    "auc",
    "auc_matrix",
    "clustered_proportion",
    "compare_auc",
    "compare_groups",
    "icc_2_1",
    "newcombe_interval",
    "odds_ratios",
    "operating_point",
    "patient_scores",
    "proportion",
    "roc_curve",
    "standardized_means",
    "standardized_shares",
    "univariate_tests",
    "within_center_auc",
    "youden_threshold",
]
