"""Frozen settings of an analysis, the two recipes, and the fingerprint that names a result."""

from sgcore.config.analysis import (
    BROUGHT,
    AnalysisConfig,
    Recipe,
    as_dict,
    deep_recipe,
    from_dict,
    is_shipped,
    recipe,
    with_changes,
)
from sgcore.config.deep import DEFAULT_BACKBONE, DeepConfig, Device, TrainingConfig
from sgcore.config.fingerprints import SOFTWARE, deciding_versions, fingerprint, software_versions
from sgcore.config.models import ModelConfig, PickRule
from sgcore.config.selection import SelectionConfig

__all__ = [
    "BROUGHT",
    "DEFAULT_BACKBONE",
    "SOFTWARE",
    "AnalysisConfig",
    "DeepConfig",
    "Device",
    "ModelConfig",
    "PickRule",
    "Recipe",
    "SelectionConfig",
    "TrainingConfig",
    "as_dict",
    "deciding_versions",
    "deep_recipe",
    "fingerprint",
    "from_dict",
    "is_shipped",
    "recipe",
    "software_versions",
    "with_changes",
]
