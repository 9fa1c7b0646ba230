"""What the networks of an analysis say: scores, deep features by component, and the record of each network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from sgcore.config import DeepConfig
from sgcore.deep.components import Components, fit_components
from sgcore.deep.out_of_fold import out_of_fold_components, speaking_network
from sgcore.domain import Study
from sgcore.store import Store
from sgcore.workflow.networks import UNTRAINED, backbones_of, brought, network_id, network_ids, training_rows

#: Columns of the result frame ``networks`` beside ``picked``.
NETWORKS = (
    "backbone", "fold", "network_id", "origin", "weights", "weights_file", "weights_sha256", "weights_text", "epoch",
    "device", "n_train", "n_validation", "notes",
)  # fmt: skip
_MADE_ELSEWHERE = "made elsewhere; the study does not say from which weights"


@dataclass(frozen=True)
class DeepComponents:
    """Deep features of one backbone by principal component.

    Attributes
    ----------
    values : index ``image_id``, columns ``DL_0`` ...; training patients out of fold where there are folds.
    fold : by ``image_id``, the fold of the network that speaks for the image; 0 is that of all training patients.
    explained : ``fold, component, share`` of the variance of the training images of each network.
    notes : what a reader should know, in words.
    """

    values: pd.DataFrame = field(repr=False)
    fold: pd.Series = field(repr=False)
    explained: pd.DataFrame = field(repr=False)
    notes: tuple[str, ...] = ()

    def frames(self, backbone: str) -> dict[str, pd.DataFrame]:
        """The result frames ``deep_components`` and ``explained_variance``."""
        long = self.values.melt(ignore_index=False, var_name="component").reset_index()
        long.insert(1, "fold", long["image_id"].map(self.fold))
        return {"deep_components": long, "explained_variance": self.explained.assign(backbone=backbone)}


@dataclass(frozen=True)
class DeepSource:
    """Networks of an analysis.

    Attributes
    ----------
    networks : one row a network, columns :data:`NETWORKS`.
    scores : ``image_id, classifier`` (the backbone)``, estimate, y_score``: ``fitted`` for every image,
        ``out_of_fold`` for training images where there are folds.
    with_features : backbones that have deep features.
    """

    networks: pd.DataFrame = field(repr=False)
    scores: pd.DataFrame = field(repr=False)
    with_features: tuple[str, ...]
    _study: Study = field(repr=False)
    _deep: DeepConfig = field(repr=False)
    _store: Store = field(repr=False)

    def components(self, backbone: str) -> DeepComponents:
        """Components of a backbone's deep features, fitted on training images alone.

        Raises ``ComponentsError`` where the deep features have none.
        """
        study, deep = self._study, self._deep
        ids = pd.Index(study.images["image_id"], name="image_id")
        rows = training_rows(study)
        if not deep.folds:
            pooled = self._pooled(backbone, 0, ids)
            fitted = fit_components(pooled[rows.train], deep.components)
            values = pd.DataFrame(fitted.transform(pooled), index=ids, columns=list(fitted.names))
            explained, note = [_explained(fitted, 0)], fitted.note
        else:
            networks = [self._pooled(backbone, fold, ids) for fold in range(deep.folds + 1)]
            untrained = self._pooled(backbone, UNTRAINED, ids)
            found = out_of_fold_components(
                networks, untrained, rows.train, rows.splits(deep), deep.components
            )
            values = pd.DataFrame(found.values, index=ids, columns=list(found.names))
            explained, note = [_explained(each, fold) for fold, each in enumerate(found.networks)], found.note
        return DeepComponents(
            values, speaking(study, deep), pd.concat(explained, ignore_index=True), (note,) if note else ()
        )

    def _pooled(self, backbone: str, fold: int, ids: pd.Index) -> np.ndarray:
        if brought(self._study) and self._study.deep_features is not None:
            table = self._study.deep_features
            own = table[table["backbone"] == backbone].set_index("image_id").drop(columns="backbone")
            # Networks of other lengths leave columns empty.
            return own.dropna(axis=1, how="all").loc[ids].to_numpy(float)
        name = network_id(self._study, self._deep, backbone, fold)
        return self._store.features.load(name).values.loc[ids].to_numpy(float)


def deep_source(study: Study, deep: DeepConfig | None, store: Store) -> DeepSource | None:
    """The networks of a study under settings as they apply to it; None where there is none.

    Networks that are not in the store yet are left out; see :func:`~sgcore.workflow.networks.missing_networks`.
    """
    if deep is None:
        return None
    names = backbones_of(study, deep)
    if brought(study):
        scores = study.deep_scores
        table = study.deep_features
        return DeepSource(
            networks=pd.DataFrame([_brought(name) for name in names], columns=list(NETWORKS)),
            scores=_brought_scores(scores, names, study),
            with_features=() if table is None else tuple(n for n in names if (table["backbone"] == n).any()),
            _study=study, _deep=deep, _store=store,
        )  # fmt: skip
    ids = list(network_ids(study, deep).values())
    records = store.networks.records(ids).assign(origin="trained")
    return DeepSource(
        networks=records[list(NETWORKS)],
        scores=_scores(store.networks.part("scores", ids), records, study, deep),
        with_features=tuple(name for name in names if _has_features(study, deep, name, store)),
        _study=study, _deep=deep, _store=store,
    )  # fmt: skip


def _has_features(study: Study, deep: DeepConfig, backbone: str, store: Store) -> bool:
    """Whether the store has every deep feature that the components of a backbone are made of.

    Of networks that came with a study it may have the scores alone.
    """
    names = [name for (own, _), name in network_ids(study, deep).items() if own == backbone]
    return all(len(store.features.done(name)) == len(study.images) for name in names)


def speaking(study: Study, deep: DeepConfig) -> pd.Series:
    """By ``image_id``, the fold of the network that did not train on the image; 0 is that of all training patients."""
    rows = training_rows(study)
    return pd.Series(
        speaking_network(len(study.images), rows.train, rows.splits(deep)),
        study.images["image_id"].to_numpy(),
    )


def _explained(components: Components, fold: int) -> pd.DataFrame:
    return pd.DataFrame({"fold": fold, "component": components.names, "share": components.explained})


def _scores(rows: pd.DataFrame, records: pd.DataFrame, study: Study, deep: DeepConfig) -> pd.DataFrame:
    """Scores of all images by the networks of fold 0, and of each training image by the one that left it out."""
    rows = rows.merge(records[["network_id", "backbone", "fold"]], on="network_id", validate="many_to_one")
    left_out = (rows["fold"] > 0) & (rows["fold"] == rows["image_id"].map(speaking(study, deep)))
    found = pd.concat(
        [rows[rows["fold"] == 0].assign(estimate="fitted"), rows[left_out].assign(estimate="out_of_fold")],
        ignore_index=True,
    )
    found = found.rename(columns={"backbone": "classifier", "score": "y_score"})
    return found[["image_id", "classifier", "estimate", "y_score"]]


def _brought(backbone: str) -> dict[str, Any]:
    return {
        "backbone": backbone,
        "fold": 0,
        "network_id": None,
        "origin": "brought",
        "weights": "unknown",
        "weights_text": _MADE_ELSEWHERE,
        "notes": "",
    }


def _brought_scores(scores: pd.DataFrame | None, names: tuple[str, ...], study: Study) -> pd.DataFrame:
    """Scores of every image and network that gave scores; NaN, to be counted, where one has none."""
    columns = ["image_id", "classifier", "estimate", "y_score"]
    if scores is None:
        return pd.DataFrame(columns=columns)
    wide = scores.pivot(index="image_id", columns="backbone", values="score")
    wide = wide.reindex(study.images["image_id"])[[name for name in names if name in wide]]
    found = wide.melt(ignore_index=False, var_name="classifier", value_name="y_score").reset_index()
    return found.assign(estimate="fitted")[columns]
