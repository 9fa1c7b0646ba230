"""Use cases, one a file: what the command line and the pages both call."""

from sgcore.cohort import validate_study
from sgcore.store import Store, open_store
from sgcore.workflow.analysis import (
    Analysis,
    count_look,
    latest,
    list_studies,
    load_analysis,
    rename_analysis,
    stored_study,
)
from sgcore.workflow.analysis_list import is_what_if, list_analyses, reference_id
from sgcore.workflow.analyze import analyze, stored_analysis
from sgcore.workflow.brought_comparison import BroughtComparison, compare_with_families
from sgcore.workflow.brought_models import (
    BroughtModels,
    brought_files,
    every_brought_file,
    import_predictions,
    load_brought,
    study_models,
)
from sgcore.workflow.calibrated import calibration_of
from sgcore.workflow.case_view import CaseView, case_view
from sgcore.workflow.cases import counted, model_cases, standing
from sgcore.workflow.center_effects import CenterEffects, center_effects
from sgcore.workflow.chance import chance_in_words
from sgcore.workflow.clustered_p import counts_by_patient
from sgcore.workflow.cohort_tables import cohort_tables
from sgcore.workflow.compare import compare_analyses
from sgcore.workflow.compare_predictions import (
    PredictionComparison,
    compare_prediction_file,
    compare_prediction_table,
)
from sgcore.workflow.correlations import correlations, residue_types
from sgcore.workflow.decided import middle_risk, net_benefit
from sgcore.workflow.demo import demo_folder, load_demo, rebuild_demo
from sgcore.workflow.development_need import development_need
from sgcore.workflow.effective import effective_config
from sgcore.workflow.evaluate import adjusted, roc_points
from sgcore.workflow.explain import explain
from sgcore.workflow.export import export_tables, inert
from sgcore.workflow.external_need import external_need
from sgcore.workflow.extract import extract
from sgcore.workflow.gallery import cases_at, gallery_cases
from sgcore.workflow.gallery_choice import GalleryChoice, choose_cases
from sgcore.workflow.import_study import add_study, import_study
from sgcore.workflow.operating import operating_comparisons, operating_points
from sgcore.workflow.planted_faults import PlantedStudy, plant_faults
from sgcore.workflow.preflight import preflight
from sgcore.workflow.redraws import PLANS
from sgcore.workflow.resample import resample
from sgcore.workflow.resampled import Resampled, resampled
from sgcore.workflow.run import run
from sgcore.workflow.study_results import as_computed, pack, reproduced, take_up
from sgcore.workflow.summary import findings, resampling, summary
from sgcore.workflow.train import train
from sgcore.workflow.trained_networks import trained_networks
from sgcore.workflow.training_view import fold_comparisons, fold_picks

__all__ = [
    "PLANS",
    "Analysis",
    "BroughtComparison",
    "BroughtModels",
    "CaseView",
    "CenterEffects",
    "GalleryChoice",
    "PlantedStudy",
    "PredictionComparison",
    "Resampled",
    "Store",
    "add_study",
    "adjusted",
    "analyze",
    "as_computed",
    "brought_files",
    "calibration_of",
    "case_view",
    "cases_at",
    "center_effects",
    "chance_in_words",
    "choose_cases",
    "cohort_tables",
    "compare_analyses",
    "compare_prediction_file",
    "compare_prediction_table",
    "compare_with_families",
    "correlations",
    "count_look",
    "counted",
    "counts_by_patient",
    "demo_folder",
    "development_need",
    "effective_config",
    "every_brought_file",
    "explain",
    "export_tables",
    "external_need",
    "extract",
    "findings",
    "fold_comparisons",
    "fold_picks",
    "gallery_cases",
    "import_predictions",
    "import_study",
    "inert",
    "is_what_if",
    "latest",
    "list_analyses",
    "list_studies",
    "load_analysis",
    "load_brought",
    "load_demo",
    "middle_risk",
    "model_cases",
    "net_benefit",
    "open_store",
    "operating_comparisons",
    "operating_points",
    "pack",
    "plant_faults",
    "preflight",
    "rebuild_demo",
    "reference_id",
    "rename_analysis",
    "reproduced",
    "resample",
    "resampled",
    "resampling",
    "residue_types",
    "roc_points",
    "run",
    "standing",
    "stored_analysis",
    "stored_study",
    "study_models",
    "summary",
    "take_up",
    "train",
    "trained_networks",
    "validate_study",
]
