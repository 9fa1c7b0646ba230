"""Which networks an analysis rests on: their settings as they apply to a study, and the name of each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sgcore.config import DEFAULT_BACKBONE, DeepConfig, fingerprint, software_versions
from sgcore.deep import BACKBONES, backbone, check_weights
from sgcore.deep.inputs import MARGIN
from sgcore.deep.out_of_fold import Splits, label_free_splits
from sgcore.deep.training import SOFTWARE, TRAINING_REVISION
from sgcore.domain import Study
from sgcore.errors import UsageError
from sgcore.store import Store

#: Fold number under which the deep features of a network before its training are named.
UNTRAINED = -1
_NO_IMAGES = "the study brings no images to train a network on, and no scores or deep features of one"
_LEFT_OUT = "networks were left out of this run"


def brought(study: Study) -> bool:
    """Whether the study brings what networks gave elsewhere; then none is trained here."""
    return study.deep_scores is not None or study.deep_features is not None


def why_no_networks(study: Study) -> str:
    """Why an analysis of this study has no networks."""
    return _NO_IMAGES if study.images["image"].isna().all() and not brought(study) else _LEFT_OUT


def effective_deep(study: Study, deep: DeepConfig | None) -> DeepConfig | None:
    """Settings of the networks as they apply to this study, with the hash of each file of first weights.

    None where there can be no network. Of brought networks the settings of a training say nothing, and are
    left at their defaults.

    Raises
    ------
    UsageError : no such backbone, or the study does not bring it. WeightsError : weights that are not there or
        cannot be used.
    """
    if deep is None:
        return None
    if brought(study):
        backbones_of(study, deep)
        pick = "validation" if deep.pick == "folds" else deep.pick
        backbone = "auto" if deep.backbone == "all" else deep.backbone
        return DeepConfig(backbone=backbone, components=deep.components, pick=pick)
    if study.images["image"].isna().all():
        return None
    return with_weights(deep)


def with_weights(deep: DeepConfig) -> DeepConfig:
    """The settings with the hash of each file of first weights, which is read and checked for it.

    Settings that have the hashes of their networks stay as they are.
    """
    names = _trained_here(deep)
    if deep.weights == "none":
        return replace(deep, weights_sha256=())
    if tuple(name for name, _ in deep.weights_sha256) == names:
        return deep
    found = [check_weights(name, deep.weights) for name in names]
    hashes = tuple((name, str(each.sha256)) for name, each in zip(names, found, strict=True))
    return replace(deep, weights_sha256=hashes)


def without_folder(deep: DeepConfig | None) -> DeepConfig | None:
    """The settings as a store keeps them: where a file of weights lay is no part of a result."""
    return None if deep is None else replace(deep, weights=Path(deep.weights).name)


def backbones_of(study: Study, deep: DeepConfig) -> tuple[str, ...]:
    """Names of the networks, in the order in which they are shown."""
    if not brought(study):
        return _trained_here(deep)
    tables = [table for table in (study.deep_scores, study.deep_features) if table is not None]
    there = tuple(dict.fromkeys(name for table in tables for name in table["backbone"]))
    if deep.backbone in ("auto", "all"):
        return there
    if deep.backbone not in there:
        raise UsageError(
            f"{study.name!r} brings what {', '.join(there)} gave, and nothing of {deep.backbone!r}. Choose one of "
            "these, or leave the backbone out."
        )
    return (deep.backbone,)


def network_id(study: Study, deep: DeepConfig, name: str, fold: int) -> str:
    """Name of a network by what decides its numbers; ``fold`` may be ``UNTRAINED``.

    The device and the number of its threads, by which the last digits differ (of a GPU more), are recorded
    beside it: a training may be finished elsewhere.
    """
    rows = training_rows(study)
    left_out = rows.splits(deep)[fold - 1][1].tolist() if fold > 0 else []
    return fingerprint(
        "network", study.fingerprint, name, fold, left_out, deep.training, input_size(deep, name), MARGIN,
        dict(deep.weights_sha256).get(name, "none"), TRAINING_REVISION, software_versions(SOFTWARE),
    )  # fmt: skip


def network_ids(study: Study, deep: DeepConfig) -> dict[tuple[str, int], str]:
    """Names of all networks, by backbone and fold, in the order in which they are shown; none where they are brought.

    Raises ``UsageError`` for more folds than training patients.
    """
    if brought(study):
        return {}
    folds = range(UNTRAINED if deep.folds else 0, deep.folds + 1)
    names = backbones_of(study, deep)
    return {(name, fold): network_id(study, deep, name, fold) for name in names for fold in folds}


def missing_networks(study: Study, deep: DeepConfig, store: Store) -> list[str]:
    """Networks that are not in the store yet, in words."""
    return [
        f"{name}, fold {fold}" if fold else name
        for (name, fold), network in network_ids(study, deep).items()
        if fold != UNTRAINED and not store.networks.exists(network)
    ]


def check_splits(study: Study, deep: DeepConfig) -> None:
    """Raise ``UsageError`` for folds or early stopping that these patients cannot have, before anything is trained."""
    if brought(study):
        return
    rows, y = training_rows(study), study.cases()["y"].to_numpy()
    if deep.early_stopping is not None and not len(rows.validation):
        raise UsageError(
            f"Early stopping looks at validation images, and {study.name!r} has none. Leave --early-stopping out."
        )
    for number, (inner, _) in enumerate(rows.splits(deep), start=1):
        if len(np.unique(y[rows.train[inner]])) < 2:
            raise UsageError(
                f"The network of deep fold {number} would train on patients of one label alone: {study.name!r} has "
                f"too few training patients for {deep.folds} folds. Give fewer --deep-folds, or 0."
            )


@dataclass(frozen=True)
class TrainingRows:
    """Rows of a study's images: which train, which validate, and the patients of those that train."""

    train: np.ndarray
    validation: np.ndarray
    patients: np.ndarray

    def splits(self, deep: DeepConfig) -> Splits:
        """(training, held-out) numbers into ``train`` of the fold networks; none without folds."""
        if not deep.folds:
            return ()
        return label_free_splits(self.patients, deep.folds, deep.seed)


def training_rows(study: Study) -> TrainingRows:
    """Rows in the order of ``study.images``."""
    cases = study.cases()
    train, validation = (np.flatnonzero(cases["subset"] == subset) for subset in ("train", "validation"))
    return TrainingRows(train, validation, cases["patient_id"].to_numpy()[train])


def input_size(deep: DeepConfig, name: str) -> int:
    """Side of a network's input in pixels."""
    return deep.size or backbone(name).size


def _trained_here(deep: DeepConfig) -> tuple[str, ...]:
    if deep.backbone == "all":
        return tuple(BACKBONES)
    return (backbone(DEFAULT_BACKBONE if deep.backbone == "auto" else deep.backbone).name,)
