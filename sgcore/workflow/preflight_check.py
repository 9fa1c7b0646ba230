"""What a run needs and a study cannot bring, checked before the study itself is read."""

from __future__ import annotations

from pathlib import Path

from sgcore.cohort.ledger import Ledger
from sgcore.cohort.study_file import read_settings
from sgcore.config import AnalysisConfig, Device
from sgcore.deep.devices import choose_device
from sgcore.features import preset_settings
from sgcore.workflow.networks import with_weights


def preflight(path: Path, config: AnalysisConfig, device: Device = "auto") -> None:
    """Look whether preset, first weights and device are there; reading a study's images may take an hour.

    A study that brings features, what networks gave, or results, may need neither weights nor a device; the run itself
    asks for them then, before it computes anything.

    Raises
    ------
    UsageError : no such preset, backbone or device. WeightsError : no such weights; the message names the file
        and the ways on.
    """
    preset_settings(config.preset)
    settings = read_settings(path, Ledger())
    # What is wrong with the study file is told when the study is read, with everything else.
    if config.deep is None or settings is None:
        return
    tables = settings.tables
    if tables.features or tables.deep_scores or tables.deep_features or settings.results:
        return
    choose_device(device)
    with_weights(config.deep)
