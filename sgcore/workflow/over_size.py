"""What the picked models gain over the size of the ROI alone, on cases that trained neither."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, EvaluationSet
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import counted, labelled, model_cases, picked_models
from sgcore.workflow.evaluate import compare_scores, paired
from sgcore.workflow.feature_list import lesion_size

COLUMNS = [
    "family", "classifier", "subset", "unit", "feature", "size_unit", "direction", "train_auc", "n_train",
    "auc", "auc_low", "auc_high", "size_auc", "size_low", "size_high", "delta", "ci_low", "ci_high", "p",
    "n_patients", "n_images", "n_pos", "n_neg", "n_left_out", "method", "reason",
]  # fmt: skip


def size_gains(analysis: Analysis) -> pd.DataFrame:
    """The AUC of each picked model, that of ROI size, and their paired difference; one row a model and held-out subset.

    Size is a score as it is: an AUC needs its direction and no fit. ``direction`` (``larger`` or ``smaller`` ROIs are
    more positive) is the one with which its AUC among the training patients, ``train_auc``, is not below 0.5. Patients
    stand with the mean size of their images. ``n_left_out`` images lack a score or a size. Empty without a size, or
    without a training case that has one.
    """
    size, unit = lesion_size(analysis), analysis.config.unit
    if size is None:
        return pd.DataFrame(columns=COLUMNS)
    cases = labelled(analysis.study)
    cases = cases.assign(y_score=cases["image_id"].map(size.values))
    train = counted(cases[cases["subset"] == "train"], unit)
    area = stats.auc(train.y, train.score, train.groups).auc
    if pd.isna(area):
        return pd.DataFrame(columns=COLUMNS)
    larger = area >= 0.5
    shared = {
        "unit": unit,
        "feature": size.feature,
        "size_unit": size.unit,
        "direction": "larger" if larger else "smaller",
        "train_auc": max(area, 1 - area),
        "n_train": train.counts["n_patients"],
    }
    sizes = cases.assign(y_score=cases["y_score"] if larger else -cases["y_score"])
    predictions, rows = analysis.frame("predictions"), []
    for subset in SUBSETS[1:]:
        own = sizes[sizes["subset"] == subset]
        for family, classifier in picked_models(analysis.frame("picks")):
            at = EvaluationSet(subset, None, unit)
            model = model_cases(predictions, (family, classifier), at)
            if model.empty:
                continue
            where = {"family": family, "classifier": classifier, "subset": subset}
            rows.append(where | shared | _gain(model, own, at))
    return pd.DataFrame(rows, columns=COLUMNS)


def _gain(model: pd.DataFrame, sizes: pd.DataFrame, at: EvaluationSet) -> dict[str, Any]:
    # Cases that the analysis has no row of are no cases of the model.
    pair = paired(model, sizes[sizes["image_id"].isin(model["image_id"])])
    both = counted(pair, at.unit, "y_score_a", "y_score_b")
    found = compare_scores(pair, at.unit)
    for name, score in (("", "y_score_a"), ("size_", "y_score_b")):
        area = stats.auc(both.y, both.of(score), both.groups)
        found |= {
            f"{name}auc": area.auc,
            f"{name or 'auc_'}low": area.ci_low,
            f"{name or 'auc_'}high": area.ci_high,
        }
    return {**both.counts, **found}
