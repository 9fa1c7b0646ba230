"""What the demo study is made with."""

from __future__ import annotations

from typing import Literal

from sgcore.config.analysis import AnalysisConfig, Recipe, deep_recipe, recipe, with_changes

DemoPart = Literal["images", "radiomics", "networks", "analyses", "audit"]
#: In the order in which one rests on the other.
DEMO_PARTS: tuple[DemoPart, ...] = ("images", "radiomics", "networks", "analyses", "audit")
DEMO_RECIPES: tuple[Recipe, ...] = ("paper", "strict")


def demo_settings(name: Recipe) -> AnalysisConfig:
    """Settings of a recipe with all eight networks, trained by a shorter recipe than the paper's.

    It fits a machine without a GPU: images of 80 pixels, 6 epochs of batches of 8, weights that are drawn, and three
    networks out of fold in place of five.
    """
    folds = {"folds": 3} if name == "strict" else {}
    deep = deep_recipe(name, backbone="all", weights="none", size=80, epochs=6, batch=8, **folds)
    return with_changes(recipe(name), deep=deep)
