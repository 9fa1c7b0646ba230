"""Images that a small network can tell apart, and requests to fit it; torch is loaded when it is made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from sgcore.cohort import LabelMap, ScalarImage
from sgcore.config import TrainingConfig
from sgcore.deep.fit import FitRequest
from sgcore.deep.inputs import Inputs, prepare_all

SIZE = 32


def make_tiny(seed: int = 0) -> Any:
    """The small network with weights drawn from the seed."""
    import torch

    from tests.deep.tiny_network import TinyNetwork

    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return TinyNetwork()


def case(rng: np.random.Generator, positive: bool, size: int = 48) -> tuple[ScalarImage, LabelMap]:
    """Noise with a lesion that is brighter where it is positive."""
    y, x = np.mgrid[:size, :size]
    mask = (y - size / 2) ** 2 + (x - size / 2) ** 2 <= (size * rng.uniform(0.2, 0.3)) ** 2
    pixels = rng.normal(110, 30, (size, size)) + mask * (40 * positive - 20)
    return ScalarImage(np.clip(np.round(pixels), 0, 255)), LabelMap(mask)


def images(n: int, seed: int = 0, size: int = SIZE) -> tuple[Inputs, np.ndarray]:
    """Inputs of n images with alternating labels, and the labels."""
    rng = np.random.default_rng(seed)
    y = np.arange(n) % 2
    return prepare_all(((f"i{row}", *case(rng, bool(y[row]))) for row in range(n)), size), y


def with_noise(inputs: Inputs, rows: np.ndarray) -> Inputs:
    """The same inputs with the pixels of some images replaced by noise."""
    gray = inputs.gray.copy()
    gray[rows] = np.random.default_rng(99).random((len(rows), *gray.shape[1:]), dtype=np.float32)
    return Inputs(inputs.image_ids, gray, inputs.crops, inputs.notes)


def request(n_train: int = 20, n_validation: int = 8, n_external: int = 6, **changes: object) -> FitRequest:
    """A fit of the small network in one thread on the CPU: training, validation and external rows in this order."""
    inputs, y = images(n_train + n_validation + n_external)
    usual = FitRequest(
        make=partial(make_tiny, 0),
        inputs=inputs,
        y=y,
        train=np.arange(n_train),
        validation=np.arange(n_train, n_train + n_validation),
        config=TrainingConfig(epochs=3, batch=8),
        backbone="tiny",
        device="cpu",
        threads=1,
    )
    return replace(usual, **changes)
