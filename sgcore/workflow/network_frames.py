"""What the store keeps of networks beside the analyses that use them, as result frames of one analysis."""

from __future__ import annotations

import pandas as pd

from sgcore.domain import Study
from sgcore.store import Store


def training_curves(networks: pd.DataFrame, study: Study, store: Store) -> pd.DataFrame:
    """One row an epoch and subset of each network, those of networks made elsewhere as the study brings them.

    ``networks`` : the result frame of that name; without a row there is none.
    """
    if networks.empty:
        return pd.DataFrame()
    if study.training_curves is not None and (networks["origin"] == "brought").all():
        own = study.training_curves
        return (
            own[own["backbone"].isin(networks["backbone"])].assign(fold=0, reason="").reset_index(drop=True)
        )
    named = networks[["network_id", "backbone", "fold"]]
    rows = store.networks.part("curves", _ids(networks))
    return named.merge(rows, on="network_id", validate="one_to_many").drop(columns="network_id")


def of_chosen(part: str, networks: pd.DataFrame, store: Store) -> pd.DataFrame:
    """``maps``, ``randomization`` or ``occlusion`` of the chosen network of all training patients."""
    chosen = networks if networks.empty else networks[networks["picked"] & (networks["fold"] == 0)]
    return store.networks.part(part, _ids(chosen)).drop(columns="network_id")


def _ids(networks: pd.DataFrame) -> list[str]:
    return [] if networks.empty else networks["network_id"].dropna().tolist()
