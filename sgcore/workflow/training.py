"""Networks of a study into the store, one at a time; an interrupted training goes on after its last epoch."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from sgcore.cohort import LabelMap, ScalarImage, read_case
from sgcore.config import DeepConfig, Device, as_dict, software_versions
from sgcore.deep import LoadedWeights, check_weights
from sgcore.deep.fit import FitRequest, FittedNetwork, fit_network, making, untrained_features
from sgcore.deep.inputs import Inputs, prepare_all
from sgcore.deep.out_of_fold import fold_requests
from sgcore.deep.training import SOFTWARE
from sgcore.deep.weight_files import WeightsError
from sgcore.domain import Study
from sgcore.jobs import Cancel, OnProgress
from sgcore.store import Store
from sgcore.workflow.maps import network_maps
from sgcore.workflow.networks import UNTRAINED, backbones_of, brought, input_size, network_id, training_rows
from sgcore.workflow.stage import Stage
from sgcore.workflow.trainable import check_not_audit_only

#: Torch has one generator a process, from which weights and dropout are drawn.
_ONE_AT_A_TIME = threading.Lock()


def train(
    study: Study,
    deep: DeepConfig,
    store: Store,
    *,
    device: Device = "auto",
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> None:
    """Train what is not yet in the store: each backbone on all training patients, and once a fold.

    ``deep`` are the settings as :func:`~sgcore.workflow.networks.effective_deep` gives them. Each finished network is
    stored whole: scores, deep features, training curve, and for the one of all training patients its
    Grad-CAM maps with their checks. Its weights stay beside the store (:func:`checkpoint_folder`), those of fold
    networks are deleted. Brought networks need no training.

    Raises
    ------
    WeightsError, TrainingError, CheckpointError, ImageError : with what to do. SgauditError : the study was imported
        for audit only. CancelledError : on a stop; the finished epochs are kept.
    """
    check_not_audit_only(study)
    if brought(study):
        return
    with _ONE_AT_A_TIME:
        images: dict[int, _Images] = {}
        for name in backbones_of(study, deep):
            size = input_size(deep, name)
            images.setdefault(size, _Images(study, size, on_progress, cancel))
            _train_backbone(images[size], deep, name, store, device)


def checkpoint_folder(store: Store) -> Path:
    """Where trainings keep their state, and the weights of finished networks stay."""
    return store.path.with_name(f"{store.path.stem}.networks")


@dataclass(frozen=True)
class _Images:
    """The images of a study as a network sees them, read when they are first needed."""

    study: Study
    size: int
    on_progress: OnProgress | None
    cancel: Cancel | None

    @cached_property
    def inputs(self) -> Inputs:
        ids = list(self.study.images["image_id"])
        stage = Stage(f"images for networks, {self.size} pixels", len(ids), self.on_progress, self.cancel)

        def read() -> Iterator[tuple[str, ScalarImage, LabelMap]]:
            for image_id in ids:
                stage.step()
                yield (image_id, *read_case(self.study, image_id))

        found = prepare_all(read(), self.size)
        stage.end()
        return found

    @cached_property
    def cases(self) -> pd.DataFrame:
        return self.study.cases()


def _train_backbone(images: _Images, deep: DeepConfig, name: str, store: Store, device: Device) -> None:
    study, folds = images.study, range(deep.folds + 1)
    ids = {fold: network_id(study, deep, name, fold) for fold in (UNTRAINED, *folds)}
    missing = [fold for fold in folds if not store.networks.exists(ids[fold])]
    without = deep.folds > 0 and not store.features.done(ids[UNTRAINED])
    if without and not missing and not store.features.done(ids[1]):
        # These networks came with the study by their scores alone.
        return
    if not missing and not without:
        return
    make = making(name, deep.weights, deep.seed)
    weights = check_weights(name, deep.weights)
    expected = dict(deep.weights_sha256).get(name)
    if weights.sha256 != expected:
        raise WeightsError(
            f"{weights.file}: the file has changed since this run began (SHA-256 {str(weights.sha256)[:8]}, it was "
            f"{str(expected)[:8]}), or another of this name lies there now. Begin the run again "
            "with the file that is meant."
        )
    if without:
        features = untrained_features(make, images.inputs, device=device)
        _store_features(images, deep, f"{name}, untrained", features, store, ids[UNTRAINED], 0.0)
    rows = training_rows(study)
    whole = FitRequest(
        make, images.inputs, images.cases["y"].to_numpy(int), rows.train, rows.validation, deep.training, name,
        device=device,
    )  # fmt: skip
    parts = [whole, *(fold_requests(whole, rows.splits(deep)) if deep.folds else ())]
    for fold in missing:
        request = replace(parts[fold], checkpoint=checkpoint_folder(store) / f"{ids[fold]}.safetensors")
        fitted = fit_network(request, on_progress=images.on_progress, cancel=images.cancel)
        seen = network_maps(study, request, fitted, images.on_progress, images.cancel) if fold == 0 else {}
        _store_features(images, deep, name, fitted.outputs.pooled, store, ids[fold], fitted.seconds)
        store.networks.add(
            ids[fold], _record(images, deep, request, fitted, weights), _settings(deep, name),
            {**_outputs(images, fitted), **seen},
        )  # fmt: skip
        if fold:
            request.checkpoint.unlink(missing_ok=True)


def _store_features(
    images: _Images,
    deep: DeepConfig,
    name: str,
    features: np.ndarray,
    store: Store,
    set_id: str,
    seconds: float,
) -> None:
    table = pd.DataFrame(
        features,
        index=pd.Index(images.inputs.image_ids, name="image_id"),
        columns=[f"pooled_{number}" for number in range(features.shape[1])],
    )
    store.features.append_all(
        set_id,
        table,
        study_id=images.study.fingerprint,
        kind="deep",
        preset=name,
        settings=_settings(deep, name),
        seconds=seconds / len(table),
        # A run may have been killed before it stored the network of other features.
        replace=True,
    )


def _settings(deep: DeepConfig, name: str) -> dict[str, object]:
    return {**as_dict(deep.training), "size": input_size(deep, name), "versions": software_versions(SOFTWARE)}


def _record(
    images: _Images, deep: DeepConfig, request: FitRequest, fitted: FittedNetwork, weights: LoadedWeights
) -> dict[str, object]:
    trained = fitted.trained
    return {
        "study_id": images.study.fingerprint,
        "backbone": request.backbone,
        "fold": request.fold,
        "weights": weights.source,
        "weights_file": weights.file,
        "weights_sha256": weights.sha256,
        "weights_text": weights.text,
        "epoch": trained.epoch,
        "device": trained.device,
        "n_train": len(request.train),
        "n_validation": len(request.validation),
        "seconds": fitted.seconds,
        "notes": "; ".join((*images.inputs.notes, *trained.notes)),
    }


def _outputs(images: _Images, fitted: FittedNetwork) -> dict[str, pd.DataFrame]:
    scores = pd.DataFrame({"image_id": images.inputs.image_ids, "score": fitted.outputs.scores})
    return {"scores": scores, "curves": fitted.trained.curve.drop(columns=["backbone", "fold"])}
