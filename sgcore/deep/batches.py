"""Batches of images on their way into a network, and what it says of each image in evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sgcore.deep.inputs import Gray
from sgcore.jobs import Cancel

if TYPE_CHECKING:
    from torch import Tensor, nn

#: ImageNet's mean and standard deviation of the three channels, on the scale from 0 to 1.
MEAN = (0.485, 0.456, 0.406)
SPREAD = (0.229, 0.224, 0.225)
#: Images of one pass in evaluation; a short one is filled with black, so that every pass has this size.
PASS = 16

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


def three_channels(gray: Tensor) -> Tensor:
    """Gray (n, size, size) from 0 to 1 as (n, 3, size, size), normalized as ImageNet's images were."""
    import torch

    mean, spread = (
        torch.tensor(values, dtype=gray.dtype, device=gray.device)[None, :, None, None]
        for values in (MEAN, SPREAD)
    )
    return (gray[:, None].expand(-1, 3, -1, -1) - mean) / spread


def training_batches(rows: Rows, batch: int, seed: int, epoch: int) -> Iterator[Rows]:
    """The training rows of an epoch in a drawn order, ``batch`` at a time.

    A single image left at the end joins the batch before it: batch normalization has no variance of one.
    """
    order = np.random.default_rng([0, seed, epoch]).permutation(rows)
    starts = list(range(0, len(order), batch))
    if len(starts) > 1 and len(order) - starts[-1] == 1:
        starts.pop()
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        yield order[start:stop]


def logits_of(network: nn.Module, gray: Gray, device: str, cancel: Cancel | None = None) -> Floats:
    """Logits (n, 2) of every image, negative and positive, in evaluation mode."""
    return _passes(network, network, gray, device, cancel)


def pooled_of(network: Any, gray: Gray, device: str, cancel: Cancel | None = None) -> Floats:
    """Average-pooled features (n, length) of every image, in evaluation mode; computed as float32."""
    return _passes(network, network.pooled, gray, device, cancel)


def logits_and_pooled_of(
    network: Any, gray: Gray, device: str, cancel: Cancel | None = None
) -> tuple[Floats, Floats]:
    """What :func:`logits_of` and :func:`pooled_of` give, in one pass through the images."""
    import torch

    def both(images: Tensor) -> Tensor:
        pooled = network.pooled(images)
        return torch.cat([network.head(pooled), pooled], dim=1)

    answers = _passes(network, both, gray, device, cancel)
    return answers[:, :2], answers[:, 2:]


def _passes(network: nn.Module, ask: Any, gray: Gray, device: str, cancel: Cancel | None) -> Floats:
    """What ``ask`` gives for each image; the network is left in the mode in which it was."""
    import torch

    was_training = network.training
    network.to(device).eval()
    answers = []
    try:
        with torch.no_grad():
            for start in range(0, len(gray), PASS):
                if cancel is not None:
                    cancel.check()
                part = gray[start : start + PASS]
                filled = np.zeros((PASS, *gray.shape[1:]), dtype=np.float32)
                filled[: len(part)] = part
                given = ask(three_channels(torch.as_tensor(filled).to(device)))
                answers.append(given[: len(part)].double().cpu().numpy())
    finally:
        network.train(was_training)
    return np.concatenate(answers)
