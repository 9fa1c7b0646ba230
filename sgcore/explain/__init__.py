"""What a model's answer for a case rests on. Nothing heavy is loaded before it is used."""

from sgcore.explain.background import BACKGROUND_ROWS, draw_background
from sgcore.explain.results import ExplanationError, ShapValues
from sgcore.explain.shap_values import EXACT_UP_TO, explain_scores

__all__ = [
    "BACKGROUND_ROWS",
    "EXACT_UP_TO",
    "ExplanationError",
    "ShapValues",
    "draw_background",
    "explain_scores",
]
