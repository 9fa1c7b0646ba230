"""Selection of features: scikit-learn transformers that record the fate of every feature."""

from sgcore.selection.correlation import CorrelationFilter, spearman
from sgcore.selection.folds import Folds, Split, grouped_folds
from sgcore.selection.harmonization import Combat, batches, not_applicable
from sgcore.selection.lasso import LassoSelector
from sgcore.selection.selector import FeatureSelector
from sgcore.selection.univariate import UnivariateFilter

__all__ = [
    "Combat",
    "CorrelationFilter",
    "FeatureSelector",
    "Folds",
    "LassoSelector",
    "Split",
    "UnivariateFilter",
    "batches",
    "grouped_folds",
    "not_applicable",
    "spearman",
]
