"""Predictions as statistics take them: the cases of one model, counted by patient or by image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sgcore.domain import EvaluationSet, Study, Unit

UNITS: tuple[Unit, ...] = ("patient", "image")
MODEL = ["family", "classifier"]


@dataclass(frozen=True)
class Counted:
    """Cases that have all scores, one row a unit.

    Attributes
    ----------
    rows : images as they are, or patients with the mean of each score over their images.
    scored : the images behind ``rows``.
    y, groups : labels (n,), and the patient of each row where rows are images, else None.
    n_left_out : images without a score.
    """

    rows: pd.DataFrame
    scored: pd.DataFrame
    unit: Unit
    n_left_out: int

    @property
    def y(self) -> np.ndarray:
        return self.rows["y_true"].to_numpy(int)

    @property
    def score(self) -> np.ndarray:
        return self.of("y_score")

    @property
    def groups(self) -> np.ndarray | None:
        return self.rows["patient_id"].to_numpy() if self.unit == "image" else None

    def of(self, score: str) -> np.ndarray:
        """One of several scores, (n,)."""
        return self.rows[score].to_numpy(float)

    @property
    def unscored(self) -> str:
        """Why there is nothing to estimate although there are images; empty where an image has a score."""
        if len(self.scored) or not self.n_left_out:
            return ""
        one = "y_score" in self.rows
        if self.n_left_out == 1:
            return "the only image has no score" if one else "the only image lacks a score"
        return f"none of {self.n_left_out} images has {'a score' if one else 'both scores'}"

    @property
    def counts(self) -> dict[str, Any]:
        """``n_pos`` and ``n_neg`` count by the unit."""
        return {
            "n_patients": int(self.scored["patient_id"].nunique()),
            "n_images": len(self.scored),
            "n_pos": int((self.y == 1).sum()),
            "n_neg": int((self.y == 0).sum()),
            "n_left_out": self.n_left_out,
        }


def counted(cases: pd.DataFrame, unit: Unit, *scores: str) -> Counted:
    """The cases that have all of ``scores`` (``y_score``), by patient or by image."""
    names = list(scores or ["y_score"])
    scored = cases[cases[names].notna().all(axis=1)]
    rows = scored
    if unit == "patient":
        rows = scored.groupby("patient_id", sort=False, as_index=False).agg(
            {"center": "first", "y_true": "first", **dict.fromkeys(names, "mean")}
        )
    return Counted(rows, scored, unit, len(cases) - len(scored))


def model_cases(predictions: pd.DataFrame, model: tuple[str, str], at: EvaluationSet) -> pd.DataFrame:
    """Predictions of a (family, classifier), one row an image whatever the unit; out of fold in training.

    Of a subgroup ``predictions`` are those of :func:`with_levels`.
    """
    kept = (
        (predictions["family"] == model[0])
        & (predictions["classifier"] == model[1])
        & (predictions["subset"] == at.subset)
        & (predictions["estimate"] == at.estimate)
    )
    if at.center is not None:
        kept &= predictions["center"] == at.center
    if at.subgroup is not None:
        kept &= predictions["level"] == at.subgroup.level
    return predictions[kept]


def with_levels(predictions: pd.DataFrame, levels: pd.Series) -> pd.DataFrame:
    """Predictions with the ``level`` of each image (:func:`~sgcore.workflow.subgroups`)."""
    return predictions.assign(level=predictions["image_id"].map(levels.astype(object)))


def standing(predictions: pd.DataFrame) -> pd.DataFrame:
    """The scores by which images stand: of training images those out of fold, where a model has such."""
    train = predictions["subset"] == "train"
    honest = train & (predictions["estimate"] == "out_of_fold")
    models = pd.MultiIndex.from_frame(predictions[MODEL])
    return predictions[honest | ~(train & models.isin(models[honest]))]


def labelled(study: Study) -> pd.DataFrame:
    """The images of a study with ``y_true``, as predictions have them."""
    return study.cases().rename(columns={"y": "y_true"})


def picked_models(picks: pd.DataFrame) -> list[tuple[str, str]]:
    """(family, classifier) of the families that have a pick."""
    known = picks.dropna(subset=["classifier"])
    return list(zip(known["family"], known["classifier"], strict=True))
