from .background import BACKGROUND_ROWS, draw_background
from .results import ExplanationError, ShapValues
from .shap_values import EXACT_UP_TO, explain_scores

__all__ = [
    "BACKGROUND_ROWS",
    "EXACT_UP_TO",
    "ExplanationError",
    "ShapValues",
    "draw_background",
    "explain_scores",
]
