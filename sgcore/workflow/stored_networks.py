"""The networks of a study alone: trained into the store, without an analysis that uses them."""

from __future__ import annotations

import pandas as pd

from sgcore.config import AnalysisConfig, Device
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.jobs import Cancel, OnProgress
from sgcore.store import Store
from sgcore.workflow.network_summary import with_areas
from sgcore.workflow.networks import brought, check_splits, effective_deep, network_ids, why_no_networks
from sgcore.workflow.trainable import check_trainable
from sgcore.workflow.training import train


def trained_networks(
    study: Study,
    config: AnalysisConfig,
    store: Store,
    *,
    device: Device = "auto",
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> pd.DataFrame:
    """Train the networks of these settings and say how each did: columns of ``Store.networks.records``, with the AUCs.

    Raises ``UsageError`` for a study that has no network to train; else as :func:`train`.
    """
    if brought(study):
        raise UsageError(
            f"{study.name!r} brings what networks gave elsewhere, so that none is trained here. Leave the tables "
            "deep_scores and deep_features out of the study file to train one."
        )
    deep = effective_deep(study, config.deep)
    if deep is None:
        raise UsageError(f"{study.name!r} cannot train a network: {why_no_networks(study)}.")
    check_trainable(study)
    check_splits(study, deep)
    train(study, deep, store, device=device, on_progress=on_progress, cancel=cancel)
    names = list(network_ids(study, deep).values())
    networks = store.networks.records(names)
    curves = store.networks.part("curves", names).merge(
        networks[["network_id", "backbone", "fold"]], on="network_id"
    )
    return with_areas(networks.drop(columns=["study_id", "settings", "trained_at"]), curves)
