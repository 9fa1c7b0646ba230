"""The screen: the only part of sgaudit that imports Streamlit. Pages call it and draw one figure each."""

from sgcore.ui import (
    bringing,
    brought,
    brought_alone,
    calibrated,
    centers,
    checking,
    cohort,
    compared,
    decided,
    development,
    importing,
    operated,
    overview,
    resampling,
    results,
    tables,
    thresholds,
    what_if,
)
from sgcore.ui.answers import headline_subset
from sgcore.ui.charts import chart, download
from sgcore.ui.cohort_answers import cohort as cohort_answer
from sgcore.ui.navigation import link, navigation
from sgcore.ui.page import answer, counted, footer, lacking, start, unavailable
from sgcore.ui.sidebar import pick_cases, pick_family, pick_part, sidebar
from sgcore.ui.store import cohort_tables, correlations
from sgcore.ui.view import theme
from sgcore.ui.watching import progress

__all__ = [
    "answer",
    "bringing",
    "brought",
    "brought_alone",
    "calibrated",
    "centers",
    "chart",
    "checking",
    "cohort",
    "cohort_answer",
    "cohort_tables",
    "compared",
    "correlations",
    "counted",
    "decided",
    "development",
    "download",
    "footer",
    "headline_subset",
    "importing",
    "lacking",
    "link",
    "navigation",
    "operated",
    "overview",
    "pick_cases",
    "pick_family",
    "pick_part",
    "progress",
    "resampling",
    "results",
    "sidebar",
    "start",
    "tables",
    "theme",
    "thresholds",
    "unavailable",
    "what_if",
]
