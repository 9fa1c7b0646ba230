"""The DL family: the networks' own scores."""

from __future__ import annotations

from sgcore.models import FamilyResult, unselected
from sgcore.workflow.families.given import Given
from sgcore.workflow.networks import why_no_networks


def fit_network_scores(given: Given) -> FamilyResult | str:
    """Scores of every network (a candidate each, by the name of its backbone), or why there are none."""
    deep = given.sources.deep
    if deep is None:
        return why_no_networks(given.sources.study)
    if deep.scores.empty:
        return "the study brings deep features of a network, and not its scores"
    wanted = deep.scores["estimate"].isin(given.estimates)
    return unselected(deep.scores[wanted].reset_index(drop=True))
