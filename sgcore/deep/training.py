"""Train one network as the reference study did, from images, labels and row numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sgcore.config import Device, TrainingConfig, fingerprint, software_versions
from sgcore.deep.batches import Rows, logits_of, three_channels, training_batches
from sgcore.deep.checkpoints import tensors_digest
from sgcore.deep.devices import choose_device, mixed_precision, reproducible, seed_torch
from sgcore.deep.epoch_metrics import EpochMetrics, curve_frame, epoch_metrics
from sgcore.deep.inputs import Inputs
from sgcore.deep.run_state import RunState
from sgcore.errors import SgauditError, UsageError
from sgcore.jobs import Cancel, OnProgress, Reporter

if TYPE_CHECKING:
    from torch import Tensor, nn

OnEpoch = Callable[[list[EpochMetrics]], None]
#: What reads the pixels and trains on them.
SOFTWARE = ("numpy", "pillow", "torch", "torchvision")
#: Raised with every change of code by which the same training gives other numbers.
TRAINING_REVISION = 1
#: Keeps the seeds of dropout apart from the other draws of the same seed.
_DROPOUT = 2


class TrainingError(SgauditError):
    """A network cannot be trained on these images, or its loss ran away."""


@dataclass(frozen=True)
class Trained:
    """A trained network.

    Attributes
    ----------
    network : with its final weights, on ``device``, in evaluation mode.
    epoch : whose weights these are: the last, or with early stopping that of the smallest validation loss.
    curve : the columns of :class:`~sgcore.deep.epoch_metrics.EpochMetrics`, all epochs, resumed or not.
    fingerprint : of all that decides the numbers, see :func:`training_fingerprint`.
    resumed_after : the epoch after which an interrupted run went on, 0 without one.
    notes : what a person should know of this training.
    """

    network: nn.Module = field(repr=False)
    epoch: int
    curve: pd.DataFrame = field(repr=False)
    fingerprint: str
    device: str
    resumed_after: int
    notes: tuple[str, ...]


def train_network(
    network: nn.Module,
    inputs: Inputs,
    y: np.ndarray,
    train: Rows,
    validation: Rows,
    *,
    config: TrainingConfig,
    backbone: str = "",
    fold: int = 0,
    device: Device = "auto",
    threads: int | None = None,
    checkpoint: Path | None = None,
    on_epoch: OnEpoch | None = None,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Trained:
    """Train ``network`` in place by SGD and cross entropy.

    Parameters
    ----------
    network : gives logits (n, 2), negative and positive, of (n, 3, size, size); its weights are the start.
    y : (n,) 0 or 1, one an entry of ``inputs``; looked at in the rows below alone.
    train : rows that change weights. validation : rows whose metrics are shown; they change no weight, and
        choose the epoch only with ``config.early_stopping``. No row may be in both.
    backbone, fold : names in the curve; fold 0 is the network of all training patients.
    threads : of the CPU; ``None`` for as many as torch has.
    checkpoint : file that is written after each epoch and from which the same training goes on. One that
        is damaged or of another training is kept aside, with a note, and training starts again.
    on_epoch : called after each epoch that is computed (not for those taken from the checkpoint) with its
        metrics, after the checkpoint was written.
    on_progress : counts the batches that are left, and tells the metrics of the last epoch.
    cancel : looked at before each batch.

    Same seed, same device, same number of threads: same numbers, interrupted or not.

    Raises
    ------
    TrainingError : fewer than two training images, one label only, a row in both parts, a loss that is no number.
    CheckpointError : the checkpoint cannot be written. CancelledError : somebody asked for a stop.
    UsageError : no such device; early stopping without validation images.
    """
    import torch

    y = np.asarray(y)
    train, validation = np.asarray(train, dtype=np.int64), np.asarray(validation, dtype=np.int64)
    _check(inputs, y, train, validation, config)
    where, cancel = choose_device(device), cancel or Cancel()
    subsets = {"train": train, **({"validation": validation} if len(validation) else {})}
    with reproducible(where, threads):
        name = training_fingerprint(network, inputs, y, train, validation, config)
        state = RunState(network.to(where), config, name)
        notes = [] if checkpoint is None else state.take_up(checkpoint, where, torch.get_num_threads())
        resumed_after = state.epoch
        weights = _class_weights(y[train]) if config.class_weights else None
        batches = sum(1 for _ in training_batches(train, config.batch, config.seed, 1))
        stage = f"training {backbone}".strip() + (f", fold {fold}" if fold else "")
        report = Reporter(stage, (config.epochs - resumed_after) * batches, on_progress)
        done, told = 0, ""
        while not state.ended:
            epoch = state.epoch + 1
            for _ in _epoch(state, inputs, y, train, weights, epoch, where, cancel):
                done += 1
                report(done, f"epoch {epoch} of {config.epochs}{told}")
            metrics = [
                epoch_metrics(
                    logits_of(network, inputs.gray[rows], where, cancel), y[rows],
                    backbone=backbone, fold=fold, epoch=epoch, subset=subset,
                )
                for subset, rows in subsets.items()
            ]  # fmt: skip
            told = f"; after epoch {epoch}: {', '.join(map(str, metrics))}"
            report(done, f"epoch {epoch} of {config.epochs}{told}")
            state.finished(metrics)
            if checkpoint is not None:
                state.save(checkpoint, where, torch.get_num_threads())
            if on_epoch is not None:
                on_epoch(metrics)
        last, of = state.epoch, state.settle()
    if config.early_stopping is not None:
        notes.append(
            f"early stopping: {last} of {config.epochs} epochs were trained; validation patients chose epoch {of}"
        )
    network.eval()
    return Trained(network, of, curve_frame(state.metrics), name, where, resumed_after, tuple(notes))


def training_fingerprint(
    network: nn.Module, inputs: Inputs, y: np.ndarray, train: Rows, validation: Rows, config: TrainingConfig
) -> str:
    """Name of a training by all that decides its numbers: pixels, labels and ids of training and validation
    images, settings, first weights, versions. What other images look like is no part of it.
    """
    digest = hashlib.sha256()
    for rows in (train, validation):
        digest.update(inputs.gray[rows].tobytes())
        digest.update(y[rows].astype(np.int64).tobytes())
        digest.update(repr([inputs.image_ids[row] for row in rows]).encode())
        # Augmentation is drawn by the row number.
        digest.update(rows.tobytes())
    return fingerprint(
        "training",
        TRAINING_REVISION,
        digest.hexdigest(),
        tensors_digest(network.state_dict()),
        config,
        software_versions(SOFTWARE),
    )


def _epoch(
    state: RunState, inputs: Inputs, y: np.ndarray, train: Rows, weights: np.ndarray | None,
    epoch: int, device: str, cancel: Cancel,
) -> Iterator[float]:  # fmt: skip
    """Train through all batches of an epoch, yielding the loss after each."""
    import torch
    from torch.nn import functional

    from sgcore.deep.augment import augment

    config, network = state.config, state.network
    # By epoch, not once: a resumed run has no need to know where the generator stood.
    drawn = np.random.SeedSequence([_DROPOUT, config.seed, epoch]).generate_state(1)
    seed_torch(int(drawn[0]), device)
    balance = None if weights is None else torch.as_tensor(weights, dtype=torch.float32, device=device)
    network.train()
    for rows in training_batches(train, config.batch, config.seed, epoch):
        cancel.check()
        gray = torch.as_tensor(inputs.gray[rows]).to(device)
        if config.augmentation:
            gray = augment(gray, config.seed, epoch, rows)
        labels = torch.as_tensor(y[rows], dtype=torch.int64, device=device)
        state.optimizer.zero_grad(set_to_none=True)
        with mixed_precision(device):
            logits = network(three_channels(gray))
        loss: Tensor = functional.cross_entropy(logits.float(), labels, weight=balance)
        value = float(loss.detach())
        if not np.isfinite(value):
            raise TrainingError(
                f"the loss became {value} in epoch {epoch}: the weights ran away. Train again with a "
                f"learning rate below {config.learning_rate:g}, or from other first weights."
            )
        loss.backward()
        state.optimizer.step()
        yield value


def _class_weights(y: np.ndarray) -> np.ndarray:
    """Weight of the negative and of the positive label: n / (2 n of the label)."""
    return len(y) / (2 * np.bincount(y.astype(np.int64), minlength=2))


def _check(inputs: Inputs, y: np.ndarray, train: Rows, validation: Rows, config: TrainingConfig) -> None:
    if len(y) != len(inputs.image_ids):
        raise ValueError(f"there are {len(y)} labels for {len(inputs.image_ids)} images.")
    both = np.intersect1d(train, validation)
    if len(both):
        raise TrainingError(
            f"{inputs.image_ids[both[0]]} is a training and a validation image. Give each image one part."
        )
    if len(np.unique(train)) != len(train):
        raise ValueError("a row is given twice in train.")
    labels = set(np.unique(y[np.concatenate([train, validation])]).tolist())
    if not labels <= {0, 1}:
        raise ValueError(f"labels are {sorted(labels)}; give 0 and 1.")
    counts = np.bincount(y[train].astype(np.int64), minlength=2)
    if counts.min() == 0:
        raise TrainingError(
            f"of {len(train)} training images {counts[1]} are positive: a network needs images of both labels."
        )
    if config.early_stopping is not None and not len(validation):
        raise UsageError("early stopping needs validation images, and there are none. Leave it out.")
