"""The US family: descriptors read from the images."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.domain import Study
from sgcore.models import FamilyResult, fit_predict
from sgcore.models.descriptor_coding import ASPECT
from sgcore.workflow.families.given import Given


def descriptors_of(study: Study) -> pd.DataFrame | None:
    """Descriptors, index ``image_id``, or None."""
    return None if study.descriptors is None else study.descriptors.set_index("image_id")


def fit_us(given: Given) -> FamilyResult | str:
    """The family, or why it cannot be made."""
    config, cases = given.sources.config, given.cases
    table = descriptors_of(given.sources.study)
    if table is None:
        return "the study has no descriptors, and no masks from which the aspect ratio could be computed"
    X = table.loc[cases.index]
    train = given.training(X.index)
    if X.loc[train].isna().all(axis=None):
        return "the training images have no descriptor"
    notes = []
    if ASPECT in X and X.loc[train, ASPECT].notna().any() and X[ASPECT].isna().any():
        notes.append(
            f"{int(X[ASPECT].isna().sum())} of {len(X)} images have no aspect ratio and are missing from the "
            "US models"
        )
        X = X[X[ASPECT].notna()]
        train = train.intersection(X.index)
    if given.too_few(train):
        return "fewer than 2 training patients of a label have descriptors"
    result = fit_predict(
        X,
        cases.loc[X.index, "y"],
        cases.loc[X.index, "patient_id"],
        config,
        train=train,
        classifiers=config.models.us_classifiers,
        kind="descriptors",
        estimates=given.estimates,
        on_step=given.on_step,
        preferred=given.preferred,
    )
    return replace(result, notes=(*notes, *result.notes), unavailable=_none_selected(result, config))


def _none_selected(result: FamilyResult, config: AnalysisConfig) -> str | None:
    if (result.trace["step"] == "selected").any():
        return None
    known = result.trace["p"].dropna()
    if known.empty:
        return f"no descriptor could be tested in the training images: {result.trace['reason'].iloc[0]}"
    limit = config.selection.p_threshold
    if known.min() >= limit:
        return (
            f"no descriptor had p < {limit:g} in the training images "
            f"(the smallest of {len(result.trace)} is {known.min():.3f})"
        )
    return f"no descriptor kept p < {limit:g} in the multivariable model of the training images"
