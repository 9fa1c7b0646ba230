"""The RadiomicsDL family: components of deep features and selected radiomics, selected again."""

from __future__ import annotations

import pandas as pd

from sgcore.models import FamilyResult
from sgcore.workflow.families.given import Given
from sgcore.workflow.families.radiomics import fit_on
from sgcore.workflow.networks import why_no_networks


def fit_radiomics_dl(given: Given) -> FamilyResult | str:
    """The family, or why it cannot be made."""
    features = with_components(given)
    if isinstance(features, str):
        return features
    return fit_on(given, features, "radiomics_dl", deep=components_of(given))


def with_components(given: Given) -> pd.DataFrame | str:
    """Radiomics features and components of the images that have both, or why there are none."""
    if given.sources.deep is None:
        return why_no_networks(given.sources.study)
    if given.network is None or given.network.components is None:
        return str(given.network and given.network.without)
    values, components = given.sources.table.values, given.network.components.values
    twice = values.columns.intersection(components.columns)
    if len(twice):
        return f"the feature {twice[0]!r} has the name of a component of the deep features; rename it"
    both = given.cases.index.intersection(values.index).intersection(components.index)
    return values.loc[both].join(components)


def components_of(given: Given) -> tuple[str, ...]:
    """Names of the components."""
    components = None if given.network is None else given.network.components
    return () if components is None else tuple(components.values.columns)
