"""How radiomics features were computed, in sentences, from the parameter file of the analysis."""

from __future__ import annotations

from typing import Any

import yaml

from sgcore.config import BROUGHT
from sgcore.errors import UsageError
from sgcore.features import preset_hash, preset_path
from sgcore.plots import words
from sgcore.report.material import Material


def parameters(material: Material) -> dict[str, Any] | None:
    """The PyRadiomics parameter file of the analysis; None where features came with the study or the file is gone.

    A file that was edited since is not the one that was used.
    """
    config = material.config
    if config.preset == BROUGHT:
        return None
    try:
        path = preset_path(config.preset)
        if preset_hash(path) != config.preset_hash:
            return None
    except UsageError:
        return None
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def extraction(material: Material) -> str:
    """Where radiomics features are from."""
    number = words.count(material.evidence.features.values.shape[1], "radiomics feature")
    if material.config.preset == BROUGHT:
        return f"{number} an image came with the study; how they were computed does not stand in its files."
    name = preset_name(material)
    text = (
        f"{number} an image were computed inside the ROI by PyRadiomics {material.versions.get('pyradiomics', '')} "
        f"with the parameter file {name} (SHA-256 {material.config.preset_hash[:12]}...)"
    )
    found = parameters(material)
    if found is None:
        return f"{text}, which is not there any more as it was."
    return f"{text}: image types {', '.join(found.get('imageType') or {})}; {discretization(material)}."


def preset_name(material: Material) -> str:
    """The name of a parameter file without its folder."""
    return material.config.preset.replace("\\", "/").rpartition("/")[2]


def discretization(material: Material) -> str:
    """Bin width or count of the gray levels."""
    settings = (parameters(material) or {}).get("setting") or {}
    for key, called in (("binWidth", "bin width"), ("binCount", "number of bins")):
        if key in settings:
            return f"gray levels with a fixed {called} of {settings[key]:g}"
    return "gray levels as PyRadiomics does by default (bin width 25)"
