"""Statistics: arrays in, frozen results out. Every estimate names its method and the n behind it."""

from sgcore.stats.agreement import IccResult, icc_2_1
from sgcore.stats.best_of_k import PickBonus, pick_bonus
from sgcore.stats.calibrate import Calibration, CalibrationMeasure, calibration
from sgcore.stats.center_groups import CenterGroups, group_centers
from sgcore.stats.center_signal import CenterPredictability, center_predictability
from sgcore.stats.centers import WithinCenterAuc, within_center_auc
from sgcore.stats.clustered_groups import ClusteredGroupTest, compare_groups_clustered
from sgcore.stats.clustered_tests import CLUSTERED_TEST_NAMES, univariate_tests_clustered
from sgcore.stats.comparison import AucComparison, compare_auc
from sgcore.stats.delong import AucResult, auc
from sgcore.stats.development_sample import DevelopmentSize, development_size
from sgcore.stats.group_tests import GroupTest, compare_groups
from sgcore.stats.multiplicity import adjust
from sgcore.stats.net_benefit import STUDY_MIX, DecisionCurve, decision_curve
from sgcore.stats.newcombe import newcombe_interval
from sgcore.stats.odds import COLUMNS as ODDS_RATIO_COLUMNS
from sgcore.stats.odds import odds_ratios
from sgcore.stats.operating_point import OperatingPoint, operating_point
from sgcore.stats.paired_proportions import (
    OperatingPointComparison,
    PairedComparison,
    compare_operating_points,
    compare_proportions,
)
from sgcore.stats.permutation import (
    PermutationTest,
    distinct_permutations,
    distinct_text,
    permutation_p,
    permutation_test,
    permute_patient_labels,
)
from sgcore.stats.pooling import PooledAuc, pooled_auc
from sgcore.stats.predictive_values import PredictiveValue, PredictiveValues, predictive_values_at
from sgcore.stats.proportions import Proportion, clustered_proportion, proportion
from sgcore.stats.random_effects import Heterogeneity, heterogeneity
from sgcore.stats.rank_correlation import RankCorrelation, rank_correlation
from sgcore.stats.repeated import RepeatedAuc, repeated_auc
from sgcore.stats.roc import RocCurve, roc_curve
from sgcore.stats.sample_size import ExternalPrecision, ExternalSize, external_precision, external_size
from sgcore.stats.scores_fixed import FixedScoresNull, scores_fixed_null
from sgcore.stats.selection_stability import Stability, stability
from sgcore.stats.standardized import StandardizedDifference, standardized_means, standardized_shares
from sgcore.stats.thresholds import Threshold, youden_threshold
from sgcore.stats.univariate import TEST_NAMES, unit_of, univariate_tests

__all__ = [
    "CLUSTERED_TEST_NAMES",
    "ODDS_RATIO_COLUMNS",
    "STUDY_MIX",
    "TEST_NAMES",
    "AucComparison",
    "AucResult",
    "Calibration",
    "CalibrationMeasure",
    "CenterGroups",
    "CenterPredictability",
    "ClusteredGroupTest",
    "DecisionCurve",
    "DevelopmentSize",
    "ExternalPrecision",
    "ExternalSize",
    "FixedScoresNull",
    "GroupTest",
    "Heterogeneity",
    "IccResult",
    "OperatingPoint",
    "OperatingPointComparison",
    "PairedComparison",
    "PermutationTest",
    "PickBonus",
    "PooledAuc",
    "PredictiveValue",
    "PredictiveValues",
    "Proportion",
    "RankCorrelation",
    "RepeatedAuc",
    "RocCurve",
    "Stability",
    "StandardizedDifference",
    "Threshold",
    "WithinCenterAuc",
    "adjust",
    "auc",
    "calibration",
    "center_predictability",
    "clustered_proportion",
    "compare_auc",
    "compare_groups",
    "compare_groups_clustered",
    "compare_operating_points",
    "compare_proportions",
    "decision_curve",
    "development_size",
    "distinct_permutations",
    "distinct_text",
    "external_precision",
    "external_size",
    "group_centers",
    "heterogeneity",
    "icc_2_1",
    "newcombe_interval",
    "odds_ratios",
    "operating_point",
    "permutation_p",
    "permutation_test",
    "permute_patient_labels",
    "pick_bonus",
    "pooled_auc",
    "predictive_values_at",
    "proportion",
    "rank_correlation",
    "repeated_auc",
    "roc_curve",
    "scores_fixed_null",
    "stability",
    "standardized_means",
    "standardized_shares",
    "unit_of",
    "univariate_tests",
    "univariate_tests_clustered",
    "within_center_auc",
    "youden_threshold",
]
