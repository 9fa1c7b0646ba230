"""The eight backbones, one row each: facts only, nothing here loads torch."""

from __future__ import annotations

from dataclasses import dataclass

from sgcore.errors import UsageError


@dataclass(frozen=True)
class Backbone:
    """One network of torchvision that ends in global average pooling.

    Attributes
    ----------
    constructor : its name in ``torchvision.models``.
    weights : its ImageNet weights, as ``torchvision.models.get_weight`` takes them. The first version of
        each: what ``pretrained=True`` gave when the literature was written, and one training recipe for all.
    length : of the average-pooled feature vector.
    size : side in pixels of the square input that the ImageNet weights were made for.
    cam_layer : module whose output is the last feature map before pooling, after its activation.
    head : torchvision's classifier of 1000 classes, which is replaced.
    dropout : before the head, torchvision's own share.
    smallest : side in pixels of the smallest input that the network can take.
    options : further arguments of the constructor, the same whatever the weights.
    auxiliary : second classifiers of torchvision's files, which are left out.
    """

    name: str
    title: str
    constructor: str
    weights: str
    length: int
    size: int
    cam_layer: str
    head: str = "fc"
    dropout: float = 0.0
    smallest: int = 1
    options: tuple[tuple[str, bool], ...] = ()
    auxiliary: tuple[str, ...] = ()


#: ``transform_input`` turns ImageNet's normalization into the one that these two were trained with. torchvision
#: sets it for pretrained weights only; here the network sees the same input whatever its weights are.
_INCEPTION = (("aux_logits", False), ("transform_input", True), ("init_weights", True))

BACKBONES: dict[str, Backbone] = {
    row.name: row
    for row in (
        Backbone("resnet18", "ResNet18", "resnet18", "ResNet18_Weights.IMAGENET1K_V1", 512, 224, "layer4"),
        Backbone("resnet50", "ResNet50", "resnet50", "ResNet50_Weights.IMAGENET1K_V1", 2048, 224, "layer4"),
        Backbone("resnet101", "ResNet101", "resnet101", "ResNet101_Weights.IMAGENET1K_V1", 2048, 224, "layer4"),
        Backbone(
            "densenet121", "DenseNet121", "densenet121", "DenseNet121_Weights.IMAGENET1K_V1", 1024, 224, "features",
            head="classifier", smallest=29,
        ),
        Backbone(
            "googlenet", "GoogLeNet", "googlenet", "GoogLeNet_Weights.IMAGENET1K_V1", 1024, 224, "inception5b",
            dropout=0.2, smallest=15, options=_INCEPTION, auxiliary=("aux1", "aux2"),
        ),
        Backbone(
            "inception_v3", "Inception v3", "inception_v3", "Inception_V3_Weights.IMAGENET1K_V1", 2048, 299, "Mixed_7c",
            dropout=0.5, smallest=75, options=_INCEPTION, auxiliary=("AuxLogits",),
        ),
        Backbone(
            "mobilenet_v3_large", "MobileNetV3-Large", "mobilenet_v3_large",
            "MobileNet_V3_Large_Weights.IMAGENET1K_V1", 960, 224, "features", head="classifier", dropout=0.2,
        ),
        Backbone(
            "efficientnet_b0", "EfficientNet-B0", "efficientnet_b0", "EfficientNet_B0_Weights.IMAGENET1K_V1",
            1280, 224, "features", head="classifier", dropout=0.2,
        ),
    )
}  # fmt: skip


def backbone(name: str) -> Backbone:
    """The row of a backbone.

    Raises
    ------
    UsageError : there is no such backbone.
    """
    if name not in BACKBONES:
        raise UsageError(f"there is no backbone {name!r}. Choose one of {', '.join(BACKBONES)}.")
    return BACKBONES[name]
