"""The Combined family: RadiomicsDL and the descriptors that the US model keeps."""

from __future__ import annotations

from sgcore.models import FamilyResult
from sgcore.workflow.families.given import Given
from sgcore.workflow.families.radiomics import fit_on
from sgcore.workflow.families.radiomics_dl import components_of, with_components
from sgcore.workflow.families.us import descriptors_of


def fit_combined(given: Given) -> FamilyResult | str:
    """The family, or why it cannot be made."""
    features = with_components(given)
    if isinstance(features, str):
        return features
    descriptors = descriptors_of(given.sources.study)
    if descriptors is None or "US" in given.unavailable:
        return f"has no descriptor to add to RadiomicsDL: {given.unavailable.get('US', 'the study has none')}"
    twice = features.columns.intersection(descriptors.columns)
    if len(twice):
        return f"{twice[0]!r} names a feature and a descriptor; rename one of them"
    return fit_on(
        given,
        features.join(descriptors),
        "combined",
        deep=components_of(given),
        descriptors=tuple(descriptors.columns),
    )
