"""Result frames as an analysis gives them, made up but consistent, to draw from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.domain import CLASSIFIERS, FAMILIES, SUBSETS


def evaluations(seed: int = 0) -> pd.DataFrame:
    """Every family by two classifiers, subset and unit; one AUC cannot be estimated."""
    rng = np.random.default_rng(seed)
    rows = []
    for family in FAMILIES:
        for classifier in CLASSIFIERS:
            for subset in SUBSETS:
                for unit in ("patient", "image"):
                    auc = float(rng.uniform(0.55, 0.85))
                    rows.append(
                        {
                            "family": family,
                            "classifier": classifier,
                            "subset": subset,
                            "center": None,
                            "estimate": "out_of_fold" if subset == "train" else "fitted",
                            "unit": unit,
                            "n_patients": 29,
                            "n_images": 55,
                            "n_pos": 15,
                            "n_neg": 14,
                            "auc": auc,
                            "ci_low": auc - 0.15,
                            "ci_high": min(0.99, auc + 0.12),
                            "n_left_out": 0,
                            "within_center_auc": auc - 0.03,
                            "within_center_note": "pairs within Beta",
                            "reason": None,
                            "picked": classifier == "SVM",
                        }
                    )
    frame = pd.DataFrame(rows)
    lost = (frame["family"] == "US") & (frame["subset"] == "external")
    frame.loc[lost, ["auc", "ci_low", "ci_high", "within_center_auc"]] = np.nan
    frame.loc[lost, "reason"] = "one class only in this center, n = 4"
    return frame


def comparisons() -> pd.DataFrame:
    """Three pairs of families; one could not be compared."""
    columns = [
        "a", "b", "delta", "ci_low", "ci_high", "p", "p_adjusted", "n_patients", "n_images", "n_left_out", "reason"
    ]  # fmt: skip
    return pd.DataFrame(
        [
            ("Radiomics", "DL", 0.04, -0.1, 0.19, 0.55, 1.0, 29, 55, 0, None),
            ("RadiomicsDL", "Radiomics", 0.12, 0.02, 0.22, 0.01, 0.03, 29, 55, 0, None),
            ("RadiomicsDL", "DL", np.nan, np.nan, np.nan, np.nan, np.nan, 0, 0, 0, "no shared cases"),
        ],
        columns=columns,
    )
