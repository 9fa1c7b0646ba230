"""The import page's choice of networks, inside its form."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from sgcore import workflow
from sgcore.config import AnalysisConfig, DeepConfig, Recipe, deep_recipe, recipe, with_changes
from sgcore.deep import BACKBONES
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.plots import words

_NONE, _BROUGHT, _RESULTS = "none", "auto", "results"
_WEIGHTS = {
    "imagenet": "ImageNet (torchvision)",
    "none": "Drawn at random",
    "file": "From the file named here",
}


@dataclass(frozen=True)
class NetworkSettings:
    """What was chosen; ``folds`` is None where the recipe decides."""

    backbone: str
    weights: str
    file: str
    epochs: int
    folds: int | None

    def of(self, name: Recipe, study: Study) -> AnalysisConfig:
        """Settings of a recipe with these networks. Raises ``UsageError`` where a file is chosen and none is named."""
        config = recipe(name)
        if self.backbone == _RESULTS:
            return workflow.as_computed(study, config)
        return with_changes(config, deep=None if self.backbone == _NONE else self._deep(name))

    def _deep(self, name: Recipe) -> DeepConfig:
        if self.weights == "file" and not self.file.strip():
            raise UsageError("No file of weights is named. Give its path, or choose other first weights.")
        weights = self.file.strip() if self.weights == "file" else self.weights
        changes = {} if self.folds is None else {"folds": self.folds}
        return deep_recipe(name, backbone=self.backbone, weights=weights, epochs=self.epochs, **changes)


def _folds(count: int | None) -> str:
    if count is None:
        return "As the recipe says"
    return words.count(count, "network") if count else "None"


def choose(study: Study) -> NetworkSettings:
    """Widgets of the choice; without networks at first, except where the study brings what they gave."""
    brought = study.deep_scores is not None or study.deep_features is not None
    names = {_NONE: "None"}
    if study.results is not None:
        names = {_RESULTS: "As in the results that came with the study", **names}
    if brought:
        names = {_BROUGHT: "Those that the study brings", **names}
    elif study.images["image"].notna().any():
        names |= {row.name: row.title for row in BACKBONES.values()}
        names["all"] = "All eight; the best on validation patients counts"
    usual = DeepConfig()
    backbone = st.selectbox(
        "Network",
        list(names),
        format_func=names.__getitem__,
        help="Trained on the training patients, here and one at a time; without a GPU fifty epochs of ResNet50 take "
        "hours. A network adds the families DL, RadiomicsDL and Combined.",
    )
    with st.expander("How networks are trained"):
        first, second = st.columns(2)
        weights = first.selectbox("First weights", list(_WEIGHTS), format_func=_WEIGHTS.__getitem__)
        file = second.text_input("File of weights", help="A safetensors file or a PyTorch state dict.")
        epochs = int(first.number_input("Epochs", 1, 1000, usual.epochs))
        folds = second.selectbox(
            "Out-of-fold networks",
            [None, 0, 5, 10],
            format_func=_folds,
            help="Networks that each leave out a fold of the training patients, whose deep features come from them.",
        )
    return NetworkSettings(backbone, weights, file, epochs, folds)
