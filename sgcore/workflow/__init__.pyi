from .analysis import (
    Analysis,
    count_look,
    latest,
    list_studies,
    load_analysis,
    rename_analysis,
    stored_study,
)
from .analysis_list import is_what_if, list_analyses, reference_id, shipped_id
from .at_threshold import Called, called_at, called_by_set
from .audited import findings_of_study
from .brought_comparison import BroughtComparison, compare_with_families
from .brought_models import (
    BroughtModels,
    brought_files,
    every_brought_file,
    import_predictions,
    load_brought,
    study_models,
)
from .by_center import CenterEffects, center_effects
from .by_subgroup import subgroup_comparisons, subgroup_evaluations, subgroup_levels
from .calibrated import calibration_at, calibration_of
from .case_notes import Seen, notes_of, withdraw_note, write_note
from .cases import counted, model_cases, standing, with_levels
from .center_comparison import CenterComparison, compare_by_center
from .center_signal import CenterSignal, predict_centers, why_centers_not_told
from .chance import chance_in_words
from .clustered_p import counts_by_patient
from .cohort_groups import ROLE
from .cohort_summary import cohort_tables
from .compare import compare_analyses
from .compare_predictions import (
    PredictionComparison,
    compare_prediction_file,
    compare_prediction_table,
)
from .completion import JobState, complete_audit, complete_study_audit, costly_jobs, study_jobs
from .correlated import correlations, residue_types
from .csv_text import inert
from .decided import middle_risk, net_benefit
from .demo import demo_folder, load_demo
from .demo_files import rebuild_demo
from .development_sample import development_need
from .effective import effective_config
from .evaluate import adjusted, roc_points
from .explanations import explain
from .export import export_tables
from .external_sample import external_need
from .extraction import extract
from .feature_list import LesionSize, lesion_size, list_features
from .feature_values import count_values, feature_cases
from .first_store import begin_to_open, is_opening, open_with_demo, opened_store
from .gallery import cases_at, gallery_cases
from .gallery_choice import GalleryChoice, choose_cases
from .handed_on import Store, open_store, validate_study
from .importing import add_study, import_study
from .muting import mute_check, mutings_of, unmute_check
from .new_analysis import analyze, stored_analysis
from .one_case import CaseView, case_view
from .operating import operating_comparisons, operating_points
from .packing import pack
from .paper_audit import audit_published, published_example, published_frame, published_summary
from .planted_faults import PlantedStudy, plant_faults
from .preflight_check import preflight
from .redraws import PLANS
from .reporting import (
    REPORT_LOOK,
    ReportPreview,
    Written,
    report_html,
    report_material,
    report_preview,
    report_sections,
    write_report,
)
from .resampled_results import Resampled, resampled
from .resampling_run import resample
from .stored_networks import trained_networks
from .study_results import as_computed, reproduced, take_up
from .subgroup_of import SubgroupColumn, subgroup_columns, subgroups
from .summaries import findings, resampling, study_findings, summary
from .training import train
from .training_view import fold_comparisons, fold_picks
from .trial import Trial
from .whole_run import run

__all__ = [
    "PLANS",
    "REPORT_LOOK",
    "ROLE",
    "Analysis",
    "BroughtComparison",
    "BroughtModels",
    "Called",
    "CaseView",
    "CenterComparison",
    "CenterEffects",
    "CenterSignal",
    "GalleryChoice",
    "JobState",
    "LesionSize",
    "PlantedStudy",
    "PredictionComparison",
    "ReportPreview",
    "Resampled",
    "Seen",
    "Store",
    "SubgroupColumn",
    "Trial",
    "Written",
    "add_study",
    "adjusted",
    "analyze",
    "as_computed",
    "audit_published",
    "begin_to_open",
    "brought_files",
    "calibration_at",
    "calibration_of",
    "called_at",
    "called_by_set",
    "case_view",
    "cases_at",
    "center_effects",
    "chance_in_words",
    "choose_cases",
    "cohort_tables",
    "compare_analyses",
    "compare_by_center",
    "compare_prediction_file",
    "compare_prediction_table",
    "compare_with_families",
    "complete_audit",
    "complete_study_audit",
    "correlations",
    "costly_jobs",
    "count_look",
    "count_values",
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
    "feature_cases",
    "findings",
    "findings_of_study",
    "fold_comparisons",
    "fold_picks",
    "gallery_cases",
    "import_predictions",
    "import_study",
    "inert",
    "is_opening",
    "is_what_if",
    "latest",
    "lesion_size",
    "list_analyses",
    "list_features",
    "list_studies",
    "load_analysis",
    "load_brought",
    "load_demo",
    "middle_risk",
    "model_cases",
    "mute_check",
    "mutings_of",
    "net_benefit",
    "notes_of",
    "open_store",
    "open_with_demo",
    "opened_store",
    "operating_comparisons",
    "operating_points",
    "pack",
    "plant_faults",
    "predict_centers",
    "preflight",
    "published_example",
    "published_frame",
    "published_summary",
    "rebuild_demo",
    "reference_id",
    "rename_analysis",
    "report_html",
    "report_material",
    "report_preview",
    "report_sections",
    "reproduced",
    "resample",
    "resampled",
    "resampling",
    "residue_types",
    "roc_points",
    "run",
    "shipped_id",
    "standing",
    "stored_analysis",
    "stored_study",
    "study_findings",
    "study_jobs",
    "study_models",
    "subgroup_columns",
    "subgroup_comparisons",
    "subgroup_evaluations",
    "subgroup_levels",
    "subgroups",
    "summary",
    "take_up",
    "train",
    "trained_networks",
    "unmute_check",
    "validate_study",
    "why_centers_not_told",
    "with_levels",
    "withdraw_note",
    "write_note",
    "write_report",
]
