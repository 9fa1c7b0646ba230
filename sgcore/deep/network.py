"""A backbone with one linear layer of two outputs on its average-pooled features."""

from __future__ import annotations

from functools import cache

import torch
import torchvision
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from sgcore.deep.backbones import Backbone, backbone
from sgcore.errors import UsageError


class Network(nn.Module):
    """Images in, two logits out.

    The head is the same for all eight: dropout (torchvision's share) and one linear layer on the average-pooled
    features. MobileNetV3's hidden layer of 1280 belongs to its ImageNet classifier and goes with it. So the
    logits are linear in the very features that :meth:`pooled` gives, and in evaluation mode the signed
    Grad-CAM of a class sums to its logit less the bias.

    Input is (n, 3, side, side), normalized by ImageNet's mean and standard deviation.

    Dropout and EfficientNet's stochastic depth draw from torch's global generator in training mode.
    """

    def __init__(self, row: Backbone) -> None:
        super().__init__()
        self.backbone = row
        self.body = _body(row)
        self.dropout = nn.Dropout(row.dropout)
        self.head = nn.Linear(row.length, 2)

    @property
    def cam_layer(self) -> nn.Module:
        """The module whose output is the last feature map (n, channels, h, w) before pooling."""
        return self.body.get_submodule(self.backbone.cam_layer)

    def pooled(self, images: Tensor) -> Tensor:
        """Average-pooled features (n, length) of images (n, 3, side, side).

        Raises
        ------
        UsageError : the images are smaller than the network can take.
        """
        height, width = images.shape[-2:]
        least = self.backbone.smallest
        if min(height, width) < least:
            raise UsageError(
                f"{self.backbone.title} takes images of at least {least} x {least} pixels; these have "
                f"{height} x {width}. Choose a larger input, at best {self.backbone.size}."
            )
        features: Tensor = self.body(images)
        return features

    def forward(self, images: Tensor) -> Tensor:
        """Logits (n, 2), columns negative and positive. Errors as in :meth:`pooled`."""
        logits: Tensor = self.head(self.dropout(self.pooled(images)))
        return logits


def make_network(name: str, *, seed: int) -> Network:
    """A backbone whose every weight is drawn from ``seed`` alone; torch's global generator is left as it was.

    Raises
    ------
    UsageError : there is no such backbone.
    """
    row = backbone(name)
    with torch.random.fork_rng(devices=[]):
        # Not torch.manual_seed, which would seed the generators of every GPU as well.
        torch.default_generator.manual_seed(seed)
        return Network(row)


@cache
def expected_tensors(name: str) -> dict[str, Tensor]:
    """Names of a network's tensors with shapes and types, without memory for their values (do not change it)."""
    with torch.random.fork_rng(devices=[]), torch.device("meta"):
        return dict(Network(backbone(name)).state_dict())


def _body(row: Backbone) -> nn.Module:
    """torchvision's network up to and with average pooling: (n, 3, side, side) -> (n, length)."""
    body: nn.Module = getattr(torchvision.models, row.constructor)(weights=None, **dict(row.options))
    setattr(body, row.head, nn.Identity())
    if isinstance(getattr(body, "dropout", None), nn.Dropout):
        body.dropout = (
            nn.Identity()
        )  # GoogLeNet and Inception drop before the head: Network does, for all alike
    if row.constructor.startswith("densenet"):
        return _PooledMap(body.get_submodule("features"))
    return body


class _PooledMap(nn.Module):
    """DenseNet's features with the ReLU that torchvision applies outside of them.

    That ReLU must not come a second time: its gradient is 0 where the map is 0, and Grad-CAM averages gradients.
    """

    def __init__(self, features: nn.Module) -> None:
        super().__init__()
        features.add_module("relu5", nn.ReLU(inplace=True))
        self.features = features

    def forward(self, images: Tensor) -> Tensor:
        return adaptive_avg_pool2d(self.features(images), 1).flatten(1)
