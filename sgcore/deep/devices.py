"""Where a network computes, and how the same seed gives the same numbers there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from sgcore.config import Device
from sgcore.errors import UsageError


def choose_device(wanted: Device) -> str:
    """``cpu`` or ``cuda``: for ``auto`` the GPU where there is one.

    Raises
    ------
    UsageError : ``cuda`` was asked for and there is none, or another word was given.
    """
    import torch

    if wanted not in ("auto", "cpu", "cuda"):
        raise UsageError(f"--device is {wanted!r}; choose auto, cpu or cuda.")
    there = torch.cuda.is_available()
    if wanted == "cuda" and not there:
        raise UsageError(
            "--device is cuda, and torch finds no GPU here. Use --device auto or cpu, or install "
            "the driver and a torch built for it."
        )
    return "cuda" if wanted == "cuda" or (wanted == "auto" and there) else "cpu"


@contextmanager
def reproducible(device: str, threads: int | None = None) -> Iterator[None]:
    """Within it torch takes deterministic algorithms; after it settings, generators and threads are as before.

    Parameters
    ----------
    device : ``cpu`` or ``cuda``, as :func:`choose_device` gives it.
    threads : of the CPU, or None for as many as torch has. Another number can change the last bits.
    """
    import torch

    # cuBLAS reads it when it is first used; without it torch refuses to call it deterministic.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    before = (
        torch.are_deterministic_algorithms_enabled(),
        torch.is_deterministic_algorithms_warn_only_enabled(),
    )
    benchmark, had = torch.backends.cudnn.benchmark, torch.get_num_threads()
    try:
        with torch.random.fork_rng(devices=[torch.cuda.current_device()] if device == "cuda" else []):
            torch.use_deterministic_algorithms(True)
            torch.backends.cudnn.benchmark = False
            if threads is not None:
                torch.set_num_threads(threads)
            yield
    finally:
        torch.use_deterministic_algorithms(before[0], warn_only=before[1])
        torch.backends.cudnn.benchmark = benchmark
        torch.set_num_threads(had)


def seed_torch(seed: int, device: str) -> None:
    """Seed torch's generators of the CPU and of the GPU that is used; of no other GPU, as ``manual_seed`` would."""
    import torch

    torch.default_generator.manual_seed(seed)
    if device == "cuda":
        torch.cuda.manual_seed(seed)


def mixed_precision(device: str) -> AbstractContextManager[object]:
    """Half-length floats (bfloat16) in training on a GPU that computes with them; elsewhere nothing.

    bfloat16 has the range of float32, so that no gradient has to be scaled and no state of a scaler kept.
    """
    import torch

    if device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.autocast("cuda", dtype=torch.bfloat16)
    return nullcontext()
