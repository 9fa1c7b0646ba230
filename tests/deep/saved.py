"""Weights on disk, as people have them."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
import torch

KINDS = ("safetensors", "pth", "old.pth")


def save(tensors: dict[str, torch.Tensor], folder: Path, kind: str) -> Path:
    """A file of ``tensors``: safetensors, a state dict, or one as torch wrote it before 1.6."""
    file = folder / f"weights.{kind}"
    if kind == "safetensors":
        safetensors.torch.save_file(tensors, file)
    else:
        torch.save(tensors, file, _use_new_zipfile_serialization=kind == "pth")
    return file
