"""What ComBat left of an analysis: features as the selection saw them, and why a center has no score."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.models import harmonized, why_not_harmonized


def as_selected(values: pd.DataFrame, cases: pd.DataFrame, config: AnalysisConfig) -> pd.DataFrame:
    """Features of the training images as the selection saw them: harmonized where the analysis is.

    Parameters
    ----------
    values : index ``image_id``, one column a feature. cases : ``image_id, patient_id, center, subset``.
    """
    known = cases[(cases["subset"] == "train") & cases["image_id"].isin(values.index)].set_index("image_id")
    inside = values.loc[known.index]
    centers, patients = known["center"], known["patient_id"]
    none = config.selection.harmonize == "none"
    if none or known.empty or why_not_harmonized(config, centers, patients) is not None:
        return inside
    # Fitted again rather than stored: the same images always give the same values, in some hundredths of a second.
    return harmonized(inside, centers, patients, known.index).values


def with_reasons(frame: pd.DataFrame, unscored: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """``evaluations`` or ``comparisons`` with ComBat's reason in rows where it left no image to judge.

    Parameters
    ----------
    unscored : family -> center -> why none of its images has a score. A row of all centers together gets
        the reasons of the centers that this subset has: without one image, all of them are without a batch.
    """
    if frame.empty or not any(unscored.values()):
        return frame
    frame = frame.copy()
    pairs = "a" in frame
    for at in frame.index[frame["n_images"] == 0]:
        row = frame.loc[at]
        families = [row["a"], row["b"]] if pairs and row["kind"] == "families" else [row["family"]]
        whys = {center: why for family in families for center, why in unscored.get(family, {}).items()}
        here = frame.loc[(frame["subset"] == row["subset"]) & frame["center"].notna(), "center"].unique()
        centers = list(here) if pd.isna(row["center"]) else [row["center"]]
        told = [whys[center] for center in centers if center in whys]
        if len(told) == len(centers):
            frame.loc[at, "reason"] = "; ".join(dict.fromkeys(told))
    return frame
