"""Use cases, one a file: what the command line and the pages both call."""

from sgcore.cohort import validate_study
from sgcore.store import Store, open_store
from sgcore.workflow.analysis import (
    Analysis,
    count_look,
    list_analyses,
    list_studies,
    load_analysis,
    rename_analysis,
    stored_study,
)
from sgcore.workflow.analyze import analyze, stored_analysis
from sgcore.workflow.cohort_tables import cohort_tables
from sgcore.workflow.compare import compare_analyses
from sgcore.workflow.evaluate import by_unit, roc_points
from sgcore.workflow.export import export_tables
from sgcore.workflow.extract import extract
from sgcore.workflow.import_study import import_study
from sgcore.workflow.run import run
from sgcore.workflow.summary import findings, summary

__all__ = [
    "Analysis",
    "Store",
    "analyze",
    "by_unit",
    "cohort_tables",
    "compare_analyses",
    "count_look",
    "export_tables",
    "extract",
    "findings",
    "import_study",
    "list_analyses",
    "list_studies",
    "load_analysis",
    "open_store",
    "rename_analysis",
    "roc_points",
    "run",
    "stored_analysis",
    "stored_study",
    "summary",
    "validate_study",
]
