"""Frames and domain types in, plotly figures out. Figures are pure: no screen, no store."""

from sgcore.plots.calibration import calibration
from sgcore.plots.case_dots import case_dots
from sgcore.plots.case_image import case_image
from sgcore.plots.case_scores import case_scores
from sgcore.plots.center_differences import center_differences
from sgcore.plots.cohort import Group, differences, flow, odds_ratios
from sgcore.plots.confusion import confusion
from sgcore.plots.dots import classifier_dots, family_dots
from sgcore.plots.feature import feature_levels, feature_strips
from sgcore.plots.feature import groups as feature_groups
from sgcore.plots.findings import finding_figure
from sgcore.plots.flow_parts import flow_groups, flow_table
from sgcore.plots.forest import forest
from sgcore.plots.labels_by_center import center_labels
from sgcore.plots.matrix import correlation_map, difference_matrix
from sgcore.plots.net_benefit import net_benefit
from sgcore.plots.networks import component_scatter, explained_variance, network_dots
from sgcore.plots.operating import operating_dots
from sgcore.plots.resampling import frequencies, null_histogram, optimism
from sgcore.plots.roc import roc
from sgcore.plots.roc_cut import roc_cut
from sgcore.plots.selection import STEPS, funnel, lasso_curve, lasso_path, p_values, steps
from sgcore.plots.shap import beeswarm, dependence, mean_shap
from sgcore.plots.theme import DARK, LIGHT, THEMES, Theme, lines, markers
from sgcore.plots.thumbnail import thumbnail
from sgcore.plots.training_curves import training_curves
from sgcore.plots.waterfall import waterfall

__all__ = [
    "DARK",
    "LIGHT",
    "STEPS",
    "THEMES",
    "Group",
    "Theme",
    "beeswarm",
    "calibration",
    "case_dots",
    "case_image",
    "case_scores",
    "center_differences",
    "center_labels",
    "classifier_dots",
    "component_scatter",
    "confusion",
    "correlation_map",
    "dependence",
    "difference_matrix",
    "differences",
    "explained_variance",
    "family_dots",
    "feature_groups",
    "feature_levels",
    "feature_strips",
    "finding_figure",
    "flow",
    "flow_groups",
    "flow_table",
    "forest",
    "frequencies",
    "funnel",
    "lasso_curve",
    "lasso_path",
    "lines",
    "markers",
    "mean_shap",
    "net_benefit",
    "network_dots",
    "null_histogram",
    "odds_ratios",
    "operating_dots",
    "optimism",
    "p_values",
    "roc",
    "roc_cut",
    "steps",
    "thumbnail",
    "training_curves",
    "waterfall",
]
