"""Made-up images of patients with radiomics features, components of a network and descriptors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.models import FamilyResult, fit_predict

CONFIG = AnalysisConfig(
    selection=SelectionConfig(n_alphas=25, folds=3), models=ModelConfig(classifiers=("LR",), folds=3)
)
RADIOMICS = [f"f{i}" for i in range(20)]
DEEP = [f"DL_{i}" for i in range(4)]
DESCRIPTORS = ["margin", "echo", "aspect_ratio"]


@dataclass
class Cases:
    """Two images a patient; the last third of the images is held out. ``features`` has all columns."""

    features: pd.DataFrame
    labels: pd.Series
    groups: pd.Series
    train: pd.Index

    def columns(self, kind):
        names = {
            "features": RADIOMICS,
            "descriptors": DESCRIPTORS,
            "radiomics_dl": [*RADIOMICS, *DEEP],
            "combined": [*RADIOMICS, *DEEP, *DESCRIPTORS],
        }
        return self.features[names[kind]]

    def run(self, kind="radiomics_dl", classifiers=("LR",), config=CONFIG, **options) -> FamilyResult:
        if kind in ("radiomics_dl", "combined"):
            options["deep"] = DEEP
        if kind == "combined":
            options["descriptors"] = DESCRIPTORS
        return fit_predict(
            self.columns(kind), self.labels, self.groups, config, train=self.train, classifiers=classifiers,
            kind=kind, **options,
        )  # fmt: skip


def cases(seed=0, n=120, radiomics=1.2, deep=1.2, descriptor=0.6):
    """``f0`` and ``f1``, ``DL_0``, and ``margin`` and ``aspect_ratio`` carry the label, as strongly as is said."""
    rng = np.random.default_rng(seed)
    patients = np.repeat(np.arange(n // 2), 2)
    y = rng.permutation(np.arange(n // 2) % 2)[patients]
    values = rng.normal(size=(n, len(RADIOMICS) + len(DEEP)))
    values[:, :2] += radiomics * y[:, None]
    values[:, len(RADIOMICS)] += deep * y
    index = pd.Index([f"i{i}" for i in range(n)], name="image_id")
    frame = pd.DataFrame(values, index, [*RADIOMICS, *DEEP])
    frame["margin"] = np.where(rng.random(n) < 0.5 + descriptor * (y - 0.5), "ill-defined", "clear")
    frame["echo"] = rng.choice(["hypo", "iso"], n)
    frame["aspect_ratio"] = np.exp(rng.normal(0, 0.3, n) + descriptor * (y - 0.5))
    labels, groups = pd.Series(y, index), pd.Series([f"P{p:03d}" for p in patients], index)
    return Cases(frame, labels, groups, index[: 2 * n // 3])


def scores(result, estimate="fitted", classifier="LR"):
    rows = result.scores[
        (result.scores["estimate"] == estimate) & (result.scores["classifier"] == classifier)
    ]
    return rows.set_index("image_id")["y_score"]


def selected(result):
    return result.trace.loc[result.trace["step"] == "selected", "feature"].tolist()
