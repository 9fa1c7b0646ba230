"""All settings of an analysis, and the two recipes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from sgcore.config.deep import DeepConfig
from sgcore.config.models import ModelConfig
from sgcore.config.selection import SelectionConfig
from sgcore.domain import Unit
from sgcore.errors import UsageError

Recipe = Literal["paper", "strict"]

#: Preset name of features that the study brings itself.
BROUGHT = "study"


@dataclass(frozen=True)
class AnalysisConfig:
    """Everything that determines the result of an analysis, besides the study and the software.

    ``preset`` is the name of a shipped preset or the path of a PyRadiomics parameter file;
    ``preset_hash`` is the hash of that file's content, so that an edited file is another analysis.
    ``deep`` is None where networks are left out.
    """

    recipe: Recipe = "paper"
    preset: str = "paper-1288"
    preset_hash: str = ""
    selection: SelectionConfig = field(default_factory=SelectionConfig)
    models: ModelConfig = field(default_factory=ModelConfig)
    unit: Unit = "image"
    seed: int = 0
    deep: DeepConfig | None = None


def recipe(name: Recipe) -> AnalysisConfig:
    """Settings of a shipped recipe, ``paper`` (the reference study's) or ``strict``, without networks."""
    if name == "paper":
        return AnalysisConfig()
    if name == "strict":
        return AnalysisConfig(
            recipe="strict",
            preset="planar-2d",
            selection=SelectionConfig(drop_residue=True, icc_min=0.75),
            models=ModelConfig(pick="folds", threshold="out_of_fold"),
            unit="patient",
        )
    raise UsageError(f"unknown recipe {name!r}; choose paper or strict.")


def deep_recipe(name: Recipe, **changes: Any) -> DeepConfig:
    """Settings of the networks of a recipe, some replaced: ``strict`` takes deep features out of fold.

    Without folds its network is chosen on validation patients.
    """
    if name == "strict":
        folds = changes.get("folds", 5)
        return DeepConfig(**{"folds": folds, "pick": "folds" if folds else "validation", **changes})
    return DeepConfig(**changes)


def is_shipped(config: AnalysisConfig) -> bool:
    """Whether the settings are those of the recipe they name.

    Features that the study brought count as the recipe's own; so do networks, whichever were trained and how:
    what there is time and a machine for is no threshold that was tried. How they are chosen, and how many components
    their features have, are the recipe's.
    """
    deep = config.deep
    if deep is not None:
        own = deep_recipe(config.recipe, folds=deep.folds)
        if (deep.pick, deep.components) != (own.pick, own.components):
            return False
    shipped = recipe(config.recipe)
    preset = shipped.preset if config.preset == BROUGHT else config.preset
    return replace(config, preset=preset, preset_hash="", deep=None) == shipped


def with_changes(config: AnalysisConfig, **changes: Any) -> AnalysisConfig:
    """The settings with some replaced; ``selection__...``, ``models__...`` and ``deep__...`` reach into them."""
    own = {f.name for f in fields(AnalysisConfig)}
    inner: dict[str, dict[str, Any]] = {"selection": {}, "models": {}, "deep": {}}
    outer: dict[str, Any] = {}
    for name, value in changes.items():
        if name in own:
            outer[name] = value
            continue
        part, _, leaf = name.partition("__")
        settings = outer.get(part, getattr(config, part, None)) if part in inner else None
        if settings is None or leaf not in {f.name for f in fields(settings)}:
            raise UsageError(f"unknown setting {name!r}.")
        inner[part][leaf] = value
    if {"backbone", "weights"} & set(inner["deep"]):
        # Hashes of other files than those that are asked for now.
        inner["deep"].setdefault("weights_sha256", ())
    for part, values in inner.items():
        if values:
            outer[part] = replace(outer.get(part, getattr(config, part)), **values)
    return replace(config, **outer)


def as_dict(config: Any) -> dict[str, Any]:
    """Settings as plain JSON types."""
    return json.loads(json.dumps(asdict(config)))


def from_dict(values: dict[str, Any]) -> AnalysisConfig:
    """Settings from what :func:`as_dict` gave."""
    values = dict(values)
    values["selection"] = SelectionConfig(**values["selection"])
    models: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values["models"].items()}
    values["models"] = ModelConfig(**models)
    # Before there were networks it was False.
    deep = values["deep"] or None
    if deep is not None:
        deep = DeepConfig(**{**deep, "weights_sha256": tuple(map(tuple, deep["weights_sha256"]))})
    values["deep"] = deep
    return AnalysisConfig(**values)
