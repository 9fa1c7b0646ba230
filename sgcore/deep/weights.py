"""The weights a network starts from: ImageNet's, a file's, or drawn ones. Nothing falls back silently."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sgcore.deep.backbones import Backbone, backbone
from sgcore.deep.imagenet import imagenet_tensors
from sgcore.deep.weight_files import read_weights
from sgcore.deep.weight_names import fitted

if TYPE_CHECKING:
    from torch import Tensor

    from sgcore.deep.network import Network


@dataclass(frozen=True)
class LoadedWeights:
    """What a network started from, for the record.

    Attributes
    ----------
    file : its name, without the folder; None for drawn weights.
    sha256 : of the whole file; None for drawn weights.
    text : the same in words.
    head_from_file : whether the last layer came from the file too; otherwise it is drawn from the seed.
    """

    source: Literal["imagenet", "none", "file"]
    file: str | None
    sha256: str | None
    text: str
    head_from_file: bool = False


def load_weights(network: Network, source: str | Path) -> LoadedWeights:
    """Put weights into a network that :func:`~sgcore.deep.network.make_network` has just drawn.

    Parameters
    ----------
    source : ``imagenet`` for torchvision's, through its own loader and cache (the ImageNet classifier is left
        out, the head stays as drawn); ``none`` to leave all as drawn; else a file, safetensors or a state
        dict of PyTorch, of torchvision's network or of this one.

    The network is changed as a whole or, with an error, not at all.

    Raises
    ------
    WeightsError : the weights are not there, or the file is damaged, not of this backbone or not finite.
    """
    tensors, loaded = _found(network.backbone, source)
    if tensors:
        network.load_state_dict({**network.state_dict(), **tensors})
    return loaded


def check_weights(name: str, source: str | Path) -> LoadedWeights:
    """What :func:`load_weights` will say of the backbone ``name``, before a long run and without building it.

    Everything is checked as if loaded; ImageNet weights that lack are downloaded.

    Raises
    ------
    WeightsError : as :func:`load_weights`. UsageError : there is no such backbone.
    """
    return _found(backbone(name), source)[1]


def _found(row: Backbone, source: str | Path) -> tuple[dict[str, Tensor], LoadedWeights]:
    if source == "none":
        return {}, LoadedWeights("none", None, None, "no pretraining: all weights drawn from the seed")
    if source == "imagenet":
        found, path, digest = imagenet_tensors(row)
        tensors, head = fitted(found, row, path)
        text = f"ImageNet weights of torchvision ({path.name}), last layer drawn from the seed"
        return tensors, LoadedWeights("imagenet", path.name, digest, text, head)
    path = Path(source)
    found, digest = read_weights(path)
    tensors, head = fitted(found, row, path)
    text = f"weights of the file {path.name}, last layer {'from the file too' if head else 'drawn from the seed'}"
    return tensors, LoadedWeights("file", path.name, digest, text, head)
