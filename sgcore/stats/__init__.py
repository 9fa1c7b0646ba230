"""Statistics: arrays in, frozen results out. Every estimate names its method and the n behind it."""

from sgcore.stats.agreement import IccResult, icc_2_1
from sgcore.stats.best_of_k import PickBonus, pick_bonus
from sgcore.stats.borrowed import BorrowedAuc, borrowed_auc
from sgcore.stats.calibrate import Calibration, CalibrationMeasure, calibration
from sgcore.stats.center_groups import CenterGroups, group_centers
from sgcore.stats.center_signal import CenterPredictability, center_predictability
from sgcore.stats.centers import WithinCenterAuc, within_center_auc
from sgcore.stats.chance_of_best import ChanceOfBest, chance_of_best
from sgcore.stats.clustered_groups import ClusteredGroupTest, compare_groups_clustered
from sgcore.stats.clustered_tests import CLUSTERED_TEST_NAMES, univariate_tests_clustered
from sgcore.stats.comparison import AucComparison, compare_auc
from sgcore.stats.cramers_v import CramersV, cramers_v
from sgcore.stats.delong import AucResult, auc
from sgcore.stats.detectable_difference import (
    DetectableDifference,
    correlation_for_p,
    detectable_difference,
    difference_p,
)
from sgcore.stats.detectable_spread import detectable_spread
from sgcore.stats.development_sample import DevelopmentSize, development_size
from sgcore.stats.grim import MEASURES, tables_printing
from sgcore.stats.group_tests import GroupTest, compare_groups
from sgcore.stats.hanley_mcneil import CountedAuc, auc_from_counts, hanley_mcneil_se
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
from sgcore.stats.printed import ROUNDINGS, Printed, Rounding, on_auc_grid, parse_printed, possible_counts
from sgcore.stats.proportions import Proportion, clustered_proportion, proportion
from sgcore.stats.random_effects import Heterogeneity, heterogeneity
from sgcore.stats.rank_correlation import RankCorrelation, rank_correlation
from sgcore.stats.repeated import RepeatedAuc, repeated_auc
from sgcore.stats.roc import RocCurve, roc_curve
from sgcore.stats.roc_bounds import RocBounds, roc_bounds
from sgcore.stats.sample_size import ExternalPrecision, ExternalSize, external_precision, external_size
from sgcore.stats.scores_fixed import FixedScoresNull, scores_fixed_null
from sgcore.stats.selection_stability import Stability, stability
from sgcore.stats.standardized import StandardizedDifference, standardized_means, standardized_shares
from sgcore.stats.thresholds import Threshold, youden_threshold
from sgcore.stats.univariate import TEST_NAMES, unit_of, univariate_tests
from sgcore.stats.wald import wald_half, wald_p

__all__ = [
    "CLUSTERED_TEST_NAMES",
    "MEASURES",
    "ODDS_RATIO_COLUMNS",
    "ROUNDINGS",
    "STUDY_MIX",
    "TEST_NAMES",
    "AucComparison",
    "AucResult",
    "BorrowedAuc",
    "Calibration",
    "CalibrationMeasure",
    "CenterGroups",
    "CenterPredictability",
    "ChanceOfBest",
    "ClusteredGroupTest",
    "CountedAuc",
    "CramersV",
    "DecisionCurve",
    "DetectableDifference",
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
    "Printed",
    "Proportion",
    "RankCorrelation",
    "RepeatedAuc",
    "RocBounds",
    "RocCurve",
    "Rounding",
    "Stability",
    "StandardizedDifference",
    "Threshold",
    "WithinCenterAuc",
    "adjust",
    "auc",
    "auc_from_counts",
    "borrowed_auc",
    "calibration",
    "center_predictability",
    "chance_of_best",
    "clustered_proportion",
    "compare_auc",
    "compare_groups",
    "compare_groups_clustered",
    "compare_operating_points",
    "compare_proportions",
    "correlation_for_p",
    "cramers_v",
    "decision_curve",
    "detectable_difference",
    "detectable_spread",
    "development_size",
    "difference_p",
    "distinct_permutations",
    "distinct_text",
    "external_precision",
    "external_size",
    "group_centers",
    "hanley_mcneil_se",
    "heterogeneity",
    "icc_2_1",
    "newcombe_interval",
    "odds_ratios",
    "on_auc_grid",
    "operating_point",
    "parse_printed",
    "permutation_p",
    "permutation_test",
    "permute_patient_labels",
    "pick_bonus",
    "pooled_auc",
    "possible_counts",
    "predictive_values_at",
    "proportion",
    "rank_correlation",
    "repeated_auc",
    "roc_bounds",
    "roc_curve",
    "scores_fixed_null",
    "stability",
    "standardized_means",
    "standardized_shares",
    "tables_printing",
    "unit_of",
    "univariate_tests",
    "univariate_tests_clustered",
    "wald_half",
    "wald_p",
    "within_center_auc",
    "youden_threshold",
]
