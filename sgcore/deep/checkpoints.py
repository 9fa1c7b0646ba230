"""The state of a training after an epoch, as one safetensors file: numbers and text, nothing that runs."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sgcore.errors import SgauditError

if TYPE_CHECKING:
    from torch import Tensor

#: Raised when the content of the file changes.
FORMAT = "sgaudit-training-1"
#: A file that cannot be used is kept under this ending.
ASIDE = ".unused"
#: A file that is being written has this ending; one that was interrupted is written over by the next.
PART = ".part"


class CheckpointError(SgauditError):
    """A checkpoint cannot be used; the message says why, and names the file."""


@dataclass(frozen=True)
class Checkpoint:
    """What a training needs to go on after ``epoch``.

    Attributes
    ----------
    fingerprint : of the images, labels, settings, first weights and software of the training.
    tensors : weights ``model.*``, momentum ``momentum.*`` and, with early stopping, the best weights ``best.*``.
    state : JSON values: the metrics so far, and what early stopping keeps.

    Generators have no state to keep: order, augmentation and dropout of an epoch are drawn from (seed, epoch).
    """

    fingerprint: str
    epoch: int
    tensors: Mapping[str, Tensor] = field(repr=False)
    state: Mapping[str, Any] = field(repr=False)

    def part(self, prefix: str) -> dict[str, Tensor]:
        """Tensors whose names begin with ``prefix.``, without it."""
        start = prefix + "."
        return {
            name.removeprefix(start): value for name, value in self.tensors.items() if name.startswith(start)
        }


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write beside ``path``, then put in its place at once: a reader finds the old file or the new one.

    Raises
    ------
    CheckpointError : the folder cannot be written, or the disk is full.
    """
    from safetensors.torch import save

    tensors = {name: value.detach().cpu().contiguous() for name, value in checkpoint.tensors.items()}
    content = {"epoch": checkpoint.epoch, "state": dict(checkpoint.state)}
    text = json.dumps(content)
    raw = save(
        tensors,
        metadata={
            "format": FORMAT,
            "fingerprint": checkpoint.fingerprint,
            "content": text,
            "sha256": _digest(tensors, text),
        },
    )
    beside = path.with_name(path.name + PART)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise CheckpointError(
            f"{path}: the checkpoint cannot be written ({error}). Make room or choose a folder that can be "
            "written; what was written before goes on."
        ) from error


def read_checkpoint(path: Path, fingerprint: str) -> Checkpoint:
    """The checkpoint of this very training.

    Raises
    ------
    CheckpointError : the file is truncated or damaged, is no checkpoint of a training, or is of a training
        with other images, labels, settings, first weights or software.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT:
                raise CheckpointError(f"{path.name} is no checkpoint of a training by this program")
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError, ValueError) as error:
        raise CheckpointError(f"{path.name} is truncated or damaged ({error})") from error
    text = metadata.get("content", "")
    if metadata.get("sha256") != _digest(tensors, text):
        raise CheckpointError(f"{path.name} is damaged: its numbers are not those that were written")
    if metadata.get("fingerprint") != fingerprint:
        raise CheckpointError(
            f"{path.name} is of another training: images, labels, settings, first weights or software differ"
        )
    content = json.loads(text)
    return Checkpoint(fingerprint, content["epoch"], tensors, content["state"])


def take_up(path: Path, fingerprint: str) -> tuple[Checkpoint | None, str | None]:
    """The checkpoint to go on from, or None and, where there was a file that cannot be used, a note on it.

    Such a file is renamed, not deleted and not overwritten: the training starts again and says so.
    """
    if not path.exists():
        return None, None
    try:
        return read_checkpoint(path, fingerprint), None
    except CheckpointError as error:
        aside = path.with_name(path.name + ASIDE)
        os.replace(path, aside)
        return None, f"{error}; it was kept as {aside.name}, and training started again from the first epoch"


def tensors_digest(tensors: Mapping[str, Tensor]) -> str:
    """SHA-256 of tensors: names, types, shapes and every byte."""
    return _digest(tensors, "")


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    import torch

    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        value = tensors[name].detach().cpu().contiguous()
        digest.update(f"{name} {value.dtype} {tuple(value.shape)}\n".encode())
        digest.update(value.reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
