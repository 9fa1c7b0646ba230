"""Grad-CAM: where the last feature map of a network speaks for a class."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sgcore.deep.crop import Crop

if TYPE_CHECKING:
    from torch import Tensor

    from sgcore.deep.network import Network

#: Columns of the logits.
NEGATIVE, POSITIVE = 0, 1
_BATCH = 16


@dataclass(frozen=True)
class GradCam:
    """A small map for one image and one class, and the square of the original image that it covers.

    Attributes
    ----------
    signed : float32 (h, w), one value a cell of the last feature map, before the method's ReLU. Of no unit:
        values compare within a map, not between maps.
    target : 0 for the negative class, 1 for the positive.
    crop : what the network saw, in pixels of the original image; the cells tile it evenly.
    reason : why ``grid`` shows nothing; empty where it does. The grid is then all zero, or holds NaN.
    """

    signed: NDArray[np.float32] = field(repr=False, compare=False)
    target: int
    crop: Crop
    reason: str = ""

    @property
    def grid(self) -> NDArray[np.float32]:
        """The map (h, w) that is shown: what speaks for the class, 0 where a cell speaks against it."""
        return np.maximum(self.signed, np.float32(0))

    def on_image(self, shape: tuple[int, int]) -> NDArray[np.float64]:
        """:attr:`grid` on the pixels of the original image, [rows, columns]; NaN where the network saw nothing.

        Bilinear between the centers of the cells. Cells are taken to tile the crop evenly, as the method's
        authors do; a convolution's padding shifts what a cell really sees by up to half a cell.
        """
        return self.crop.place(self.grid, shape)


def grad_cam(network: Network, images: Tensor, crops: Sequence[Crop]) -> list[tuple[GradCam, GradCam]]:
    """Grad-CAM of both classes at the network's last feature map.

    The map that is shown has the method's ReLU, applied to the coarse grid: what speaks for a class, not what speaks
    against it. The signed grid is kept for the randomization test: where a network is sure of one class, or
    is not trained, the other's map is often zero everywhere, and a rank order would be left of the sign alone.

    Parameters
    ----------
    network : on the device of ``images``. Its weights, gradients and modes are left as they were; it is looked
        at in evaluation mode.
    images : (n, 3, side, side) as the network takes them.
    crops : n squares of the original images, in the order of ``images``.

    Returns
    -------
    For each image the maps of the negative and of the positive class. A map that is zero everywhere, or that
    is not finite, says so in its ``reason``.

    Raises
    ------
    ValueError : not as many crops as images.

    References
    ----------
    Selvaraju RR et al. Grad-CAM. ICCV 2017:618 (arXiv:1610.02391).
    """
    import torch

    if len(images) != len(crops):
        raise ValueError(f"{len(images)} images and {len(crops)} crops; each image has one.")
    found: list[tuple[GradCam, GradCam]] = []
    with _as_evaluated(network), torch.enable_grad():
        for start in range(0, len(images), _BATCH):
            part = images[start : start + _BATCH]
            grids = [_grids(network, part, target) for target in (NEGATIVE, POSITIVE)]
            found.extend(
                (_map(negative, NEGATIVE, crop), _map(positive, POSITIVE, crop))
                for negative, positive, crop in zip(*grids, crops[start : start + _BATCH], strict=True)
            )
    return found


def _grids(network: Network, images: Tensor, target: int) -> NDArray[np.float32]:
    from captum.attr import LayerGradCam

    # A leaf that asks for gradients, so that there is a graph even when every weight is frozen.
    leaf = images.detach().clone().requires_grad_(True)
    maps = LayerGradCam(network, network.cam_layer).attribute(leaf, target=target, relu_attributions=False)
    grids: NDArray[np.float32] = maps[:, 0].detach().float().cpu().numpy()
    return grids


def _map(signed: NDArray[np.float32], target: int, crop: Crop) -> GradCam:
    if not np.isfinite(signed).all():
        reason = "the map is not finite: the network's activations or weights overflow on this image"
    elif (signed <= 0).all():
        reason = "the map is zero everywhere: no part of the image speaks for this class"
    else:
        reason = ""
    return GradCam(signed, target, crop, reason)


@contextmanager
def _as_evaluated(network: Network) -> Iterator[None]:
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
