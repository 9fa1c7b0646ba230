"""Radiomics: presets, extraction, names, numerical residue, perturbed regions.

Importing this package imports neither PyRadiomics nor SimpleITK; extracting does.
"""

from sgcore.features.names import FeatureName, image_types, label, parse
from sgcore.features.presets import list_presets, preset_hash, preset_path, preset_settings
from sgcore.features.radiomics import Extraction, extract, extract_case, feature_names
from sgcore.features.residue import RESIDUE_THRESHOLD, is_residue, residue_frame, residue_image_types
from sgcore.features.roi import ROI_VARIANTS, Perturbation, perturb_roi

__all__ = [
    "RESIDUE_THRESHOLD",
    "ROI_VARIANTS",
    "Extraction",
    "FeatureName",
    "Perturbation",
    "extract",
    "extract_case",
    "feature_names",
    "image_types",
    "is_residue",
    "label",
    "list_presets",
    "parse",
    "perturb_roi",
    "preset_hash",
    "preset_path",
    "preset_settings",
    "residue_frame",
    "residue_image_types",
]
