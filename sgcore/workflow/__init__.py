"""Use cases, one a file: what the command line and the pages both call."""

from sgcore.cohort import validate_study
from sgcore.store import Store, open_store
from sgcore.workflow.analysis import (
    Analysis,
    count_look,
    is_what_if,
    list_analyses,
    list_studies,
    load_analysis,
    reference_id,
    rename_analysis,
    stored_study,
)
from sgcore.workflow.analyze import analyze, stored_analysis
from sgcore.workflow.cohort_tables import cohort_tables
from sgcore.workflow.compare import compare_analyses
from sgcore.workflow.compare_predictions import PredictionComparison, compare_prediction_file
from sgcore.workflow.correlations import correlations, residue_types
from sgcore.workflow.evaluate import by_unit, roc_points
from sgcore.workflow.export import export_tables, inert
from sgcore.workflow.extract import effective_config, extract
from sgcore.workflow.import_study import add_study, import_study
from sgcore.workflow.run import run
from sgcore.workflow.summary import findings, summary
from sgcore.workflow.training_view import fold_comparisons, fold_picks

__all__ = [
    "Analysis",
    "PredictionComparison",
    "Store",
    "add_study",
    "analyze",
    "by_unit",
    "cohort_tables",
    "compare_analyses",
    "compare_prediction_file",
    "correlations",
    "count_look",
    "effective_config",
    "export_tables",
    "extract",
    "findings",
    "fold_comparisons",
    "fold_picks",
    "import_study",
    "inert",
    "is_what_if",
    "list_analyses",
    "list_studies",
    "load_analysis",
    "open_store",
    "reference_id",
    "rename_analysis",
    "residue_types",
    "roc_points",
    "run",
    "stored_analysis",
    "stored_study",
    "summary",
    "validate_study",
]
