"""ImageNet weights through torchvision's own loader and cache."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlparse

from sgcore.deep.backbones import Backbone
from sgcore.deep.weight_files import MAX_BYTES, WeightsError, readable

if TYPE_CHECKING:
    from torch import Tensor
    from torchvision.models import WeightsEnum

#: Where a firewall swallows the request nothing would ever answer.
SECONDS_WITHOUT_ANSWER = 20
WAYS_ON = "use --weights FILE (your own file), --weights none (no pretraining) or --no-deep (no networks)"


def imagenet_tensors(row: Backbone) -> tuple[dict[str, Tensor], Path, str]:
    """torchvision's tensors for a backbone, the file in its cache, and that file's SHA-256; downloaded where it lacks.

    The name of the file carries the first eight digits of its hash. torchvision compares them after a download
    only; here they are compared before every reading, since a cached file may be damaged or put there by hand.

    Raises
    ------
    WeightsError : not in the cache and no download; or the file is not the one that its name says.
    """
    import torch
    from torchvision.models import get_weight

    weights = get_weight(row.weights)
    name = PurePosixPath(urlparse(weights.url).path).name
    path = Path(torch.hub.get_dir()) / "checkpoints" / name
    if not os.path.exists(path):  # False as well where the folder may not be entered
        _download(row, weights, path)
    digest = _checked(path)
    with readable(path):
        return _through_torchvision(weights), path, digest


def _through_torchvision(weights: WeightsEnum) -> dict[str, Tensor]:
    return dict(
        weights.get_state_dict(progress=False, check_hash=True, map_location="cpu", weights_only=True)
    )


def _download(row: Backbone, weights: WeightsEnum, path: Path) -> None:
    try:
        with _patient(), redirect_stdout(sys.stderr):  # standard output is for results alone
            _through_torchvision(weights)
    except (OSError, HTTPException, RuntimeError, ValueError) as error:  # RuntimeError: the hash does not fit
        raise WeightsError(
            f"{row.title}: the ImageNet weights are not there. The file {path.name} is not in the folder "
            f"{path.parent} and could not be downloaded from {weights.url} ({getattr(error, 'reason', error)}). "
            f"Put the file into that folder, or {WAYS_ON}."
        ) from error


@contextmanager
def _patient() -> Iterator[None]:
    """A limit on the silence of the other side, for urllib, which torchvision gives none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(SECONDS_WITHOUT_ANSWER)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _promised(path: Path) -> str:
    return path.stem.rpartition("-")[2]


def _checked(path: Path) -> str:
    """SHA-256 of a cached file, which must begin as its name says."""
    remedy = f"Delete it and put the right file there (or have it downloaded), or {WAYS_ON}."
    try:
        if not path.is_file():
            raise WeightsError(f"{path}: this is no regular file. {remedy}")
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise WeightsError(
                f"{path}: the file has {size:,} bytes; at most {MAX_BYTES:,} are read. {remedy}"
            )
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"{path}: the file cannot be read ({error.strerror}). {remedy}") from error
    if not digest.startswith(_promised(path)):
        raise WeightsError(
            f"{path}: the file is truncated, damaged or another one: its SHA-256 begins with {digest[:8]}, "
            f"its name says {_promised(path)}. {remedy}"
        )
    return digest
