"""One network from its first weights to the scores and deep features of all images, as plain arguments."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sgcore.config import Device, TrainingConfig
from sgcore.deep.batches import Floats, Rows, logits_and_pooled_of, pooled_of
from sgcore.deep.devices import choose_device, reproducible
from sgcore.deep.epoch_metrics import log_odds, positive_share
from sgcore.deep.inputs import Inputs
from sgcore.deep.training import OnEpoch, Trained, train_network
from sgcore.jobs import Cancel, OnProgress

if TYPE_CHECKING:
    from torch import nn

#: Makes a network with its first weights, the same each time.
Make = Callable[[], "nn.Module"]


@dataclass(frozen=True)
class FitRequest:
    """What to train on what.

    Attributes
    ----------
    make : for a backbone of this program :func:`starting_network`, with its arguments bound.
    inputs : all images. y : (n,) 0 or 1. train, validation : rows, see ``train_network``.
    fold : 0 for the network of all training patients, 1 ... K for one that leaves a fold out.
    checkpoint : a file of this network alone, or None.
    """

    make: Make
    inputs: Inputs
    y: np.ndarray = field(repr=False)
    train: Rows = field(repr=False)
    validation: Rows = field(repr=False)
    config: TrainingConfig
    backbone: str = ""
    fold: int = 0
    device: Device = "auto"
    threads: int | None = None
    checkpoint: Path | None = None


@dataclass(frozen=True)
class NetworkOutputs:
    """What a network says of all n images, as arrays.

    Attributes
    ----------
    fold : 0 for the network of all training patients, 1 ... K for one that left a fold out.
    scores : (n,) softmax probability of the positive label. log_odds : (n,) of it, which softmax may round to 0 or 1.
    pooled : (n, length) float64 of float32 values.
    """

    fold: int
    scores: Floats = field(repr=False)
    log_odds: Floats = field(repr=False)
    pooled: Floats = field(repr=False)


@dataclass(frozen=True)
class FittedNetwork:
    """A trained network and what it says; ``seconds`` is the time for what was left to train and to ask."""

    trained: Trained = field(repr=False)
    outputs: NetworkOutputs
    seconds: float


def fit_network(
    request: FitRequest,
    *,
    on_epoch: OnEpoch | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> FittedNetwork:
    """Make, train, and ask the final network for every image.

    Raises
    ------
    As ``train_network`` and ``request.make``.
    """
    started = time.perf_counter()
    trained = train_network(
        request.make(),
        request.inputs,
        request.y,
        request.train,
        request.validation,
        config=request.config,
        backbone=request.backbone,
        fold=request.fold,
        device=request.device,
        threads=request.threads,
        checkpoint=request.checkpoint,
        on_epoch=on_epoch,
        on_progress=on_progress,
        cancel=cancel,
    )
    with reproducible(trained.device, request.threads):
        logits, pooled = logits_and_pooled_of(trained.network, request.inputs.gray, trained.device, cancel)
    outputs = NetworkOutputs(request.fold, positive_share(logits), log_odds(logits), pooled)
    return FittedNetwork(trained, outputs, time.perf_counter() - started)


def untrained_features(
    make: Make, inputs: Inputs, *, device: Device = "auto", threads: int | None = None
) -> Floats:
    """Deep features (n, length) of the network before its training: they have seen no label."""
    where = choose_device(device)
    with reproducible(where, threads):
        return pooled_of(make(), inputs.gray, where)


def starting_network(backbone: str, weights: str | Path, seed: int) -> nn.Module:
    """A backbone with two outputs and its first weights (``imagenet``, ``none`` or a file).

    Fold networks of one seed all start alike.

    Raises
    ------
    WeightsError : see ``sgcore.deep.weights.load_weights``.
    """
    from sgcore.deep.network import make_network
    from sgcore.deep.weights import load_weights

    network = make_network(backbone, seed=seed)
    load_weights(network, weights)
    return network


def making(backbone: str, weights: str | Path, seed: int) -> Make:
    """:func:`starting_network` with its arguments bound."""
    return partial(starting_network, backbone, weights, seed)
