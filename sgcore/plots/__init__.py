"""Frames and domain types in, plotly figures out. Figures are pure: no screen, no store."""

from sgcore.plots.cohort import Group, center_labels, differences, flow, odds_ratios
from sgcore.plots.dots import classifier_dots, family_dots
from sgcore.plots.matrix import correlation_map, delong_matrix
from sgcore.plots.roc import roc
from sgcore.plots.selection import funnel, lasso_curve, lasso_path, p_values, steps
from sgcore.plots.theme import DARK, DASHES, LIGHT, THEMES, Theme

__all__ = [
    "DARK",
    "DASHES",
    "LIGHT",
    "THEMES",
    "Group",
    "Theme",
    "center_labels",
    "classifier_dots",
    "correlation_map",
    "delong_matrix",
    "differences",
    "family_dots",
    "flow",
    "funnel",
    "lasso_curve",
    "lasso_path",
    "odds_ratios",
    "p_values",
    "roc",
    "steps",
]
