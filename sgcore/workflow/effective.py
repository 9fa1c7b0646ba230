"""Settings as they apply to a study, with the hashes of every file that they name."""

from __future__ import annotations

from dataclasses import replace

from sgcore.config import BROUGHT, AnalysisConfig
from sgcore.domain import Study
from sgcore.features import preset_hash
from sgcore.workflow.extraction import effective_preset
from sgcore.workflow.networks import effective_deep


def effective_config(study: Study, config: AnalysisConfig) -> AnalysisConfig:
    """The settings as they apply to this study; settings that do already stay as they are.

    Its own features where it has no images, no networks where it has neither images nor what networks gave.

    Raises
    ------
    WeightsError, UsageError : as :func:`~sgcore.workflow.networks.effective_deep`. UsageError : no such preset.
    """
    config = effective_preset(study, config)
    if config.preset != BROUGHT:
        config = replace(config, preset_hash=preset_hash(config.preset))
    return replace(config, deep=effective_deep(study, config.deep))
