"""A small study with settings under which its networks are trained in seconds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sgcore.config import AnalysisConfig, DeepConfig, ModelConfig, SelectionConfig
from sgcore.domain import Study

#: A parameter file of PyRadiomics with few features.
PRESET = """
imageType:
  Original: {}
featureClass:
  firstorder: []
  glcm: []
setting:
  binWidth: 25
  force2D: true
"""
#: ResNet18 at 64 pixels: its maps have 2 x 2 cells.
NETWORK = DeepConfig(backbone="resnet18", weights="none", epochs=2, batch=8, size=64, components=3)


def write_preset(folder: Path) -> Path:
    path = folder / "few-features.yaml"
    path.write_text(PRESET)
    return path


def settings(preset: Path, deep: DeepConfig | None = NETWORK, **selection: Any) -> AnalysisConfig:
    """Two classifiers, three folds, a lenient selection, and these networks."""
    return AnalysisConfig(
        preset=str(preset),
        selection=SelectionConfig(**{"p_threshold": 0.5, "n_alphas": 30, **selection}),
        models=ModelConfig(classifiers=("LR", "SVM"), folds=3),
        deep=deep,
    )


def relabelled(study: Study, labels: Mapping[str, int]) -> Study:
    """The study with other labels (0, 1) of some patients, whose subsets stay."""
    patients = study.patients.copy()
    for patient_id, y in labels.items():
        patients.loc[patients["patient_id"] == patient_id, "y"] = y
    return replace(study, patients=patients, fingerprint=f"{study.fingerprint}-{sorted(labels.items())}")


def fill_with_noise(folder: Path, image_ids: list[str]) -> None:
    """Replace the pixels of images of a study that :func:`tests.support.studies.make_study` wrote."""
    rng = np.random.default_rng(7)
    for image_id in image_ids:
        path = folder / "images" / f"{image_id}.png"
        with Image.open(path) as image:
            shape = (image.height, image.width)
        Image.fromarray(rng.integers(0, 256, shape, dtype=np.uint8)).save(path)
