"""Frames of networks and explanations as an analysis gives them, made up but consistent, to draw from."""

from __future__ import annotations

import numpy as np
import pandas as pd

FEATURES = ("DL_0", "wavelet-LHH_glcm_SumEntropy", "original_firstorder_Mean", "margin=clear")


def training_curves(epochs: int = 6, folds: int = 2) -> pd.DataFrame:
    """A network of all training patients and ``folds`` that leave one out; the last loss of validation is missing."""
    rng = np.random.default_rng(3)
    rows = [
        {
            "backbone": "resnet18",
            "fold": fold,
            "epoch": epoch,
            "subset": subset,
            "n_images": 130 if subset == "train" else 57,
            "loss": 0.7 - 0.05 * epoch + 0.1 * (subset == "validation") + 0.02 * float(rng.random()),
            "accuracy": 0.6,
            "precision": 0.6,
            "recall": 0.6,
            "f1": 0.6,
            "auc": 0.5 + 0.05 * epoch,
            "reason": None,
        }
        for fold in range(folds + 1)
        for epoch in range(1, epochs + 1)
        for subset in ("train", "validation")
    ]
    frame = pd.DataFrame(rows)
    last = (frame["epoch"] == epochs) & (frame["subset"] == "validation")
    frame.loc[last, ["loss", "reason"]] = [np.nan, "the loss is not finite"]
    return frame


def shap_values(images: int = 40) -> pd.DataFrame:
    """Values of four features whose sizes fall from the first to the last; one value of a feature is missing."""
    rng = np.random.default_rng(5)
    parts = []
    for place, feature in enumerate(FEATURES):
        value = rng.normal(size=images)
        parts.append(
            pd.DataFrame(
                {
                    "family": "RadiomicsDL",
                    "classifier": "SVM",
                    "image_id": [f"i{number}" for number in range(images)],
                    "subset": np.resize(["train", "train", "validation", "external"], images),
                    "feature": feature,
                    "feature_value": value,
                    "shap_value": 0.2 / (place + 1) * np.tanh(value),
                    "mc_error": 0.0,
                }
            )
        )
    frame = pd.concat(parts, ignore_index=True)
    frame.loc[0, "feature_value"] = np.nan
    return frame


def network_evaluations() -> pd.DataFrame:
    """Two networks by subset, training patients by both estimates; one external AUC is missing."""
    rows = [
        {
            "family": "DL",
            "classifier": backbone,
            "subset": subset,
            "center": None,
            "estimate": estimate,
            "unit": "patient",
            "n_patients": 40,
            "n_images": 57,
            "auc": auc,
            "ci_low": auc - 0.15,
            "ci_high": auc + 0.12,
            "reason": "",
        }
        for backbone in ("resnet18", "made-elsewhere")
        for subset, estimate, auc in (
            ("train", "fitted", 0.86),
            ("train", "out_of_fold", 0.62),
            ("validation", "fitted", 0.61),
            ("external", "fitted", 0.58),
        )
    ]
    frame = pd.DataFrame(rows)
    lost = (frame["classifier"] == "made-elsewhere") & (frame["subset"] == "external")
    frame.loc[lost, ["auc", "ci_low", "ci_high"]] = np.nan
    frame.loc[lost, "reason"] = "one class only, n = 4"
    return frame
