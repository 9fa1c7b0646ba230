"""Frames and domain types in, plotly figures out. Figures are pure: no screen, no store."""

from sgcore.plots.calibration import calibration
from sgcore.plots.cohort import Group, center_labels, differences, flow, odds_ratios
from sgcore.plots.dots import classifier_dots, family_dots
from sgcore.plots.forest import forest
from sgcore.plots.matrix import correlation_map, difference_matrix
from sgcore.plots.net_benefit import net_benefit
from sgcore.plots.operating import operating_dots
from sgcore.plots.resampling import frequencies, null_histogram, optimism
from sgcore.plots.roc import roc
from sgcore.plots.selection import funnel, lasso_curve, lasso_path, p_values, steps
from sgcore.plots.theme import DARK, DASHES, LIGHT, SYMBOLS, THEMES, Theme

__all__ = [
    "DARK",
    "DASHES",
    "LIGHT",
    "SYMBOLS",
    "THEMES",
    "Group",
    "Theme",
    "calibration",
    "center_labels",
    "classifier_dots",
    "correlation_map",
    "difference_matrix",
    "differences",
    "family_dots",
    "flow",
    "forest",
    "frequencies",
    "funnel",
    "lasso_curve",
    "lasso_path",
    "net_benefit",
    "null_histogram",
    "odds_ratios",
    "operating_dots",
    "optimism",
    "p_values",
    "roc",
    "steps",
]
