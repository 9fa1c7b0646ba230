"""The screen: the only part of sgaudit that imports Streamlit. Pages call it and draw one figure each."""

from sgcore.ui import importing, overview, results, tables, what_if
from sgcore.ui.answers import cohort as cohort_answer
from sgcore.ui.answers import headline_subset, rows_of
from sgcore.ui.charts import chart, download
from sgcore.ui.navigation import link, navigation
from sgcore.ui.page import answer, counted, footer, start, unavailable
from sgcore.ui.sidebar import pick_center, pick_family, pick_subset, sidebar
from sgcore.ui.store import cohort_tables, correlations
from sgcore.ui.view import theme

__all__ = [
    "answer",
    "chart",
    "cohort_answer",
    "cohort_tables",
    "correlations",
    "counted",
    "download",
    "footer",
    "headline_subset",
    "importing",
    "link",
    "navigation",
    "overview",
    "pick_center",
    "pick_family",
    "pick_subset",
    "results",
    "rows_of",
    "sidebar",
    "start",
    "tables",
    "theme",
    "unavailable",
    "what_if",
]
