"""Frozen settings of an analysis, the two recipes, and the fingerprint that names a result."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from functools import cache
from importlib import metadata
from typing import Any, Literal

from sgcore.domain import CLASSIFIERS, Unit
from sgcore.errors import UsageError

Recipe = Literal["paper", "strict"]
PickRule = Literal["folds", "validation", "external"]

#: Preset name of features that the study brings itself.
BROUGHT = "study"
#: Marks a setting that came after the first analyses: at its default it is no part of a fingerprint, so
#: that what was computed before it keeps its name.
_LATER = {"later": True}


@dataclass(frozen=True)
class SelectionConfig:
    """Thresholds of the four selection steps.

    Attributes
    ----------
    p_threshold : a feature stays when its p (or q, with a correction) is below this.
    test : ``auto`` chooses Student, Welch or Mann-Whitney by normality and variance.
    correction : ``none`` as in the reference study, ``holm`` or ``bh`` (Benjamini-Hochberg).
    rho : of two features whose absolute Spearman correlation exceeds this, one stays.
    lasso_loss : ``gaussian`` on 0/1 labels or ``logistic``.
    lasso_rule : alpha at the minimum of the CV curve (``min``) or within one standard error (``1se``).
    folds : grouped, stratified folds of the LASSO.
    n_alphas : length of the alpha grid.
    drop_residue : leave out features of image types that are numerical residue (SGA010).
    icc_min : leave out features whose ICC(2,1) over perturbed ROIs has a lower bound below this;
        ``None`` keeps all.
    harmonize : ``combat`` takes the effect of each center out of the radiomics features, fitted on
        training images; images of centers without training patients then have no score.
    """

    p_threshold: float = 0.05
    test: Literal["auto", "student", "welch", "mannwhitney"] = "auto"
    correction: Literal["none", "holm", "bh"] = "none"
    rho: float = 0.9
    lasso_loss: Literal["gaussian", "logistic"] = "gaussian"
    lasso_rule: Literal["min", "1se"] = "min"
    folds: int = 5
    n_alphas: int = 100
    drop_residue: bool = False
    icc_min: float | None = None
    harmonize: Literal["none", "combat"] = field(default="none", metadata=_LATER)

    def __post_init__(self) -> None:
        _between("p_threshold", self.p_threshold, 0, 1)
        _between("rho", self.rho, 0, 1)
        if self.folds < 2:
            raise UsageError(f"folds is {self.folds}; cross-validation needs at least 2.")
        if self.n_alphas < 2:
            raise UsageError(f"n_alphas is {self.n_alphas}; a path needs at least 2.")
        if self.icc_min is not None:
            _between("icc_min", self.icc_min, -1, 1)
        if self.harmonize not in ("none", "combat"):
            raise UsageError(f"harmonize is {self.harmonize!r}; choose none or combat.")


@dataclass(frozen=True)
class ModelConfig:
    """Classifiers of each family and the rule that picks one.

    Attributes
    ----------
    classifiers : the candidates of the radiomics families.
    us_classifiers : the candidates of the US family; the reference study used logistic regression.
    pick : the scores on which the candidate with the highest AUC is picked.
    threshold : the training scores from which Youden's threshold is taken.
    folds : patient-grouped folds of the out-of-fold training scores.
    """

    classifiers: tuple[str, ...] = CLASSIFIERS
    us_classifiers: tuple[str, ...] = ("LR",)
    pick: PickRule = "external"
    threshold: Literal["fitted", "out_of_fold"] = "fitted"
    folds: int = 5

    def __post_init__(self) -> None:
        for name in (*self.classifiers, *self.us_classifiers):
            if name not in CLASSIFIERS:
                raise UsageError(f"unknown classifier {name!r}; choose from {', '.join(CLASSIFIERS)}.")
        if not self.classifiers or not self.us_classifiers:
            raise UsageError("at least one classifier is needed in each family.")
        if self.folds < 2:
            raise UsageError(f"folds is {self.folds}; cross-validation needs at least 2.")


@dataclass(frozen=True)
class AnalysisConfig:
    """Everything that determines the result of an analysis, besides the study and the software.

    ``preset`` is the name of a shipped preset or the path of a PyRadiomics parameter file;
    ``preset_hash`` is the hash of that file's content, so that an edited file is another analysis.
    """

    recipe: Recipe = "paper"
    preset: str = "paper-1288"
    preset_hash: str = ""
    selection: SelectionConfig = field(default_factory=SelectionConfig)
    models: ModelConfig = field(default_factory=ModelConfig)
    unit: Unit = "image"
    seed: int = 0
    deep: bool = False


def recipe(name: Recipe) -> AnalysisConfig:
    """Settings of a shipped recipe: ``paper`` (the reference study's) or ``strict``."""
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


def is_shipped(config: AnalysisConfig) -> bool:
    """Whether the settings are those of the recipe they name, whatever features the study brought."""
    shipped = recipe(config.recipe)
    preset = shipped.preset if config.preset == BROUGHT else config.preset
    return replace(config, preset=preset, preset_hash="") == shipped


def with_changes(config: AnalysisConfig, **changes: Any) -> AnalysisConfig:
    """The settings with some replaced; names of ``selection`` and ``models`` reach into them."""
    own = {f.name for f in fields(AnalysisConfig)}
    inner: dict[str, dict[str, Any]] = {"selection": {}, "models": {}}
    outer: dict[str, Any] = {}
    for name, value in changes.items():
        if name in own:
            outer[name] = value
            continue
        part, _, leaf = name.partition("__")
        if part not in inner or leaf not in {f.name for f in fields(getattr(config, part))}:
            raise UsageError(f"unknown setting {name!r}.")
        inner[part][leaf] = value
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
    return AnalysisConfig(**values)


SOFTWARE = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "statsmodels",
    "xgboost",
    "lightgbm",
    "pyradiomics",
    "simpleitk",
)


#: Libraries that decide numbers only where ComBat is asked for.
_COMBAT = ("neuroharmonize", "neurocombat")

#: Raised with every change of code by which the same input gives an analysis other numbers, so that no stored
#: analysis passes for one that this code would make. Extracted features have a name of their own.
#: 1: normal quantiles behind clustered odds ratios. 2: t quantiles. 3: classifiers count in any unit, and a
#: value beyond all numbers is no score. 4: bootstrap replicates that were skipped, and methods of comparisons.
RESULTS_REVISION = 4


def deciding_versions(config: AnalysisConfig) -> dict[str, str]:
    """Versions of what decides the numbers of an analysis with these settings."""
    names = (*SOFTWARE, *_COMBAT) if config.selection.harmonize == "combat" else SOFTWARE
    return {**software_versions(names), "results": str(RESULTS_REVISION)}


_version = cache(metadata.version)


def software_versions(names: tuple[str, ...] = SOFTWARE) -> dict[str, str]:
    """Versions of this program and of the libraries that decide the numbers."""
    return {name: _version(name) for name in ("sgaudit", *names)}


def fingerprint(*parts: Any) -> str:
    """A short stable name of settings, content hashes and versions: 16 hexadecimal digits."""
    plain = [_named_by(part) for part in parts]
    text = json.dumps(plain, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _named_by(part: Any) -> Any:
    """Settings as plain types, without those that came later and are at their default."""
    if not is_dataclass(part) or isinstance(part, type):
        return part
    return {
        each.name: _named_by(getattr(part, each.name))
        for each in fields(part)
        if not (each.metadata.get("later") and getattr(part, each.name) == each.default)
    }


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low < value <= high:
        raise UsageError(f"{name} is {value}; it must be above {low} and at most {high}.")
