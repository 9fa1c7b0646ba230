"""Seconds an epoch of training a network, on the CPU and on a GPU where there is one.

Run: ``python benchmarks/training.py [--backbone resnet50 --size 224 --batch 32 --batches 3 --threads N]``.
Images and weights are random. A few batches are trained, the first of them to warm up and not counted, and the
same number of images is evaluated; the epoch of the reference study (130 training images trained and evaluated,
57 validation images evaluated) is calculated from the two paces.
"""

from __future__ import annotations

import argparse
import time
from contextlib import suppress

import numpy as np

from sgcore.config import Device, TrainingConfig
from sgcore.deep.batches import logits_of
from sgcore.deep.crop import Crop
from sgcore.deep.devices import choose_device, mixed_precision, reproducible
from sgcore.deep.fit import starting_network
from sgcore.deep.inputs import Inputs
from sgcore.deep.training import train_network
from sgcore.errors import CancelledError
from sgcore.jobs import Cancel, Progress

TRAINING, VALIDATION = 130, 57


def random_inputs(n: int, size: int) -> Inputs:
    gray = np.random.default_rng(0).random((n, size, size), dtype=np.float32)
    return Inputs(tuple(str(row) for row in range(n)), gray, (Crop(0, 0, size),) * n)


def measure(device: Device, options: argparse.Namespace) -> None:
    import torch

    n = options.batch * options.batches
    inputs, y = random_inputs(n, options.size), np.arange(n) % 2
    network = starting_network(options.backbone, "none", 0)
    config = TrainingConfig(epochs=1, batch=options.batch)
    cancel, ends = Cancel(), []

    def stop(progress: Progress) -> None:
        if device == "cuda":
            torch.cuda.synchronize()
        ends.append(time.perf_counter())
        if progress.done == progress.total:
            # The evaluation that would follow is measured by itself.
            cancel.set()

    started = time.perf_counter()
    with suppress(CancelledError):
        train_network(
            network, inputs, y, np.arange(n), np.zeros(0, dtype=int), config=config,
            device=device, threads=options.threads, on_progress=stop, cancel=cancel,
        )  # fmt: skip
    training = options.batch * (len(ends) - 1) / (ends[-1] - ends[0])
    with reproducible(device, options.threads):
        threads, mixed = torch.get_num_threads(), "bfloat16" in repr(vars(mixed_precision(device)))
        logits_of(network, inputs.gray[:16], device)
        began = time.perf_counter()
        logits_of(network, inputs.gray, device)
        evaluation = n / (time.perf_counter() - began)
    where = torch.cuda.get_device_name() if device == "cuda" else f"{threads} thread(s)"
    epoch = TRAINING / training + (TRAINING + VALIDATION) / evaluation
    print(
        f"{options.backbone}, {options.size} pixels, batch {options.batch}, {device} ({where}"
        f"{', mixed precision' if mixed else ''}): first batch {ends[0] - started:.1f} s; then "
        f"{training:.1f} images a second in training, {evaluation:.1f} in evaluation, measured on "
        f"{len(ends) - 1} batch(es); an epoch of {TRAINING} training and {VALIDATION} validation images "
        f"takes {epoch:.1f} s (calculated), 50 epochs {50 * epoch / 60:.0f} minutes"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backbone", default="resnet50")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--batches", type=int, default=3, help="at least 2; the first is not counted")
    parser.add_argument("--threads", type=int, default=None, help="of the CPU; default: as many as torch has")
    options = parser.parse_args()
    if options.batches < 2:
        parser.error("--batches must be at least 2: the first one is not counted")
    measure("cpu", options)
    if choose_device("auto") == "cuda":
        measure("cuda", options)
    else:
        print("torch finds no GPU here: nothing was measured on one")


if __name__ == "__main__":
    main()
