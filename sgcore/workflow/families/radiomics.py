"""The Radiomics family, and what the settings leave out of it."""

from __future__ import annotations

import pandas as pd

from sgcore.features import parse, residue_image_types
from sgcore.models import FamilyResult, Kind, fit_predict, trainable
from sgcore.workflow.families.given import Given
from sgcore.workflow.sources import Sources


def fit_radiomics(given: Given) -> FamilyResult | str:
    """The family, or why it cannot be made."""
    values = given.sources.table.values
    return fit_on(given, values.loc[given.cases.index.intersection(values.index)])


def fit_on(
    given: Given,
    features: pd.DataFrame,
    kind: Kind = "features",
    deep: tuple[str, ...] = (),
    descriptors: tuple[str, ...] = (),
) -> FamilyResult | str:
    """A family on radiomics ``features``, index ``image_id``, and what ``fit_predict`` takes beside them."""
    sources, cases = given.sources, given.cases
    train = given.training(features.index)
    if given.too_few(train):
        return "fewer than 2 training patients of a label have features"
    centers, patients = cases.loc[features.index, "center"], cases.loc[features.index, "patient_id"]
    if given.too_few(trainable(sources.config, centers.loc[train], patients.loc[train])):
        return "fewer than 2 training patients of a label are from centers that ComBat can harmonize"
    return fit_predict(
        features,
        cases.loc[features.index, "y"],
        patients,
        sources.config,
        train=train,
        classifiers=sources.config.models.classifiers,
        kind=kind,
        deep=deep,
        descriptors=descriptors,
        centers=centers,
        exclude=_excluded(sources, features.columns, train, given.icc),
        estimates=given.estimates,
        on_step=given.on_step,
        preferred=given.preferred,
    )


def _excluded(sources: Sources, names: pd.Index, train: pd.Index, icc: pd.DataFrame) -> dict[str, str]:
    """Feature -> why the settings leave it out; judged on training images, without their labels."""
    selection = sources.config.selection
    excluded = {}
    for row in icc.itertuples() if selection.icc_min is not None else ():
        if not row.ci_low >= selection.icc_min:
            low = "undefined" if pd.isna(row.ci_low) else f"{row.ci_low:.2f}"
            excluded[row.feature] = (
                f"depends on the ROI: lower bound of the ICC {low}, below {selection.icc_min:g}"
            )
    if selection.drop_residue:
        residue = sources.table.residue
        types = set(residue_image_types(residue[residue["image_id"].isin(train)]))
        for name in names:
            if parse(name).image_type in types:
                excluded[name] = "numerical residue: the filter has no response on a single slice"
    return excluded
