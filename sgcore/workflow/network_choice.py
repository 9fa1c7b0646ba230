"""Which of several networks an analysis stands by, and whose deep features it takes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore.config import AnalysisConfig
from sgcore.deep.components import ComponentsError
from sgcore.domain import Study
from sgcore.models import pick
from sgcore.workflow.areas import aucs
from sgcore.workflow.cases import labelled
from sgcore.workflow.deep_source import DeepComponents, DeepSource

FAMILY = "DL"


@dataclass(frozen=True)
class NetworkChoice:
    """The chosen network.

    Attributes
    ----------
    picks : the row of ``picks`` of the DL family; empty without scores.
    backbone : whose deep features are used, None where there are none.
    components : of these deep features.
    notes : what a reader should know, in words. without : why there are no components, or None.
    """

    picks: pd.DataFrame = field(repr=False)
    backbone: str | None
    components: DeepComponents | None = field(repr=False)
    notes: tuple[str, ...] = ()
    without: str | None = None


def choose_network(study: Study, config: AnalysisConfig, deep: DeepSource) -> NetworkChoice:
    """The network with the highest AUC by the rule of the settings; before any model on its features is fitted.

    A study may bring scores of networks whose deep features it does not bring; deep features are then those of the
    best network that has some. Deep features without components leave the families of them out, and no other.
    """
    picks = network_picks(study, config, deep.scores)
    if not deep.with_features:
        return NetworkChoice(
            picks, None, None, without="the study brings scores of networks, and no deep features"
        )
    scores = deep.scores[deep.scores["classifier"].isin(deep.with_features)]
    best = network_picks(study, config, scores)
    backbone = deep.with_features[0] if best.empty else str(best["classifier"].iloc[0])
    try:
        components = deep.components(backbone)
    except ComponentsError as error:
        return NetworkChoice(picks, backbone, None, without=f"deep features of {backbone}: {error}")
    notes = [f"deep features of {backbone}: {note}" for note in components.notes]
    if len(picks) and picks["classifier"].iloc[0] != backbone:
        notes.append(
            f"RadiomicsDL and Combined take deep features of {backbone}; the study brings none of "
            f"{picks['classifier'].iloc[0]}, by whose scores DL stands"
        )
    elif best.empty and len(deep.with_features) > 1:
        notes.append(
            f"the study brings deep features of {len(deep.with_features)} networks and no scores to choose by; those "
            f"of {backbone}, the first, are used"
        )
    return NetworkChoice(picks, backbone, components, tuple(notes))


def network_picks(study: Study, config: AnalysisConfig, scores: pd.DataFrame) -> pd.DataFrame:
    """The pick among networks with these ``scores``, columns of ``picks``; no row without scores."""
    if config.deep is None or scores.empty:
        return pick(pd.DataFrame(columns=["family", "center", "unit"]), "validation", config.unit)
    rows = scores.assign(family=FAMILY).merge(labelled(study), on="image_id", validate="many_to_one")
    areas = pd.concat([aucs(rows, "fitted"), aucs(rows, "out_of_fold")], ignore_index=True)
    return pick(areas.assign(center=None), config.deep.pick, config.unit)
