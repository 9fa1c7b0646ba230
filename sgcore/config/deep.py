"""How networks are trained: the reference study's settings, and ours where it does not say."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from sgcore.config.models import PickRule
from sgcore.errors import UsageError

Device = Literal["auto", "cpu", "cuda"]

#: Backbone of the reference study's best network, which is trained where no other is named.
DEFAULT_BACKBONE = "resnet50"


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of a training.

    Attributes
    ----------
    epochs, learning_rate, batch : 50, 0.01 and 32 as in the reference study, with SGD and cross entropy.
        It calls 0.01 the initial rate and names no schedule: the rate stays.
    momentum : of SGD, 0.9. The reference study does not say; nor of weight decay, which there is none.
    seed : of weights that are drawn, of the order of images, of augmentation and of dropout.
    augmentation : whether training images are changed as ``sgcore.deep.augment`` says.
    class_weights : weigh the loss of each label by n / (2 n of the label), counted in training images.
    early_stopping : stop after so many epochs without a smaller loss on validation images and take the
        weights of the smallest; validation patients then choose the epoch. ``None`` trains to the last
        epoch and takes its weights, as the reference study did.
    """

    epochs: int = 50
    learning_rate: float = 0.01
    momentum: float = 0.9
    batch: int = 32
    seed: int = 0
    augmentation: bool = True
    class_weights: bool = False
    early_stopping: int | None = None

    def __post_init__(self) -> None:
        if self.epochs < 1:
            raise UsageError(f"epochs is {self.epochs}; give at least 1.")
        if not 0 < self.learning_rate < 10:
            raise UsageError(
                f"learning_rate is {self.learning_rate}; give a number above 0, for example 0.01."
            )
        if not 0 <= self.momentum < 1:
            raise UsageError(f"momentum is {self.momentum}; it lies from 0 to below 1.")
        if self.batch < 2:
            raise UsageError(f"batch is {self.batch}; batch normalization needs at least 2 images at a time.")
        if self.seed < 0:
            raise UsageError(f"seed is {self.seed}; give 0 or a positive whole number.")
        if self.early_stopping is not None and self.early_stopping < 1:
            raise UsageError(
                f"early_stopping is {self.early_stopping}; give at least 1 epoch, or leave it out."
            )


@dataclass(frozen=True)
class DeepConfig(TrainingConfig):
    """Which networks, from which first weights, and what becomes of their features.

    Attributes
    ----------
    backbone : one of the eight, ``all``, or ``auto``: the networks that the study brings, else ResNet50.
    weights : ``imagenet``, ``none`` (drawn from the seed), or the path of a file.
    weights_sha256 : (backbone, SHA-256 of its file), filled in when a run begins: another content of the
        same file is another analysis.
    folds : with K above 0 the deep features and scores of training patients come from K networks, each of
        which left out a fold of these patients; 0 takes them from the network that was trained on them.
    components : principal components of the deep features.
    size : side of the networks' input in pixels; ``None`` is the side that the ImageNet weights were made for.
    pick : the scores whose AUC chooses among several networks.
    """

    backbone: str = "auto"
    weights: str = "imagenet"
    weights_sha256: tuple[tuple[str, str], ...] = ()
    folds: int = 0
    components: int = 10
    size: int | None = None
    pick: PickRule = "validation"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.folds < 0 or self.folds == 1:
            raise UsageError(f"deep folds is {self.folds}; give 0 (none) or at least 2.")
        if self.components < 1:
            raise UsageError(f"components is {self.components}; give at least 1.")
        if self.size is not None and not 1 <= self.size <= 1024:
            raise UsageError(f"size is {self.size}; a network's input has a side of 1 to 1024 pixels.")
        if self.pick not in ("folds", "validation", "external"):
            raise UsageError(f"pick is {self.pick!r}; choose folds, validation or external.")
        if self.pick == "folds" and not self.folds:
            raise UsageError("Networks are chosen by their training folds only with deep folds of 2 or more.")

    @property
    def training(self) -> TrainingConfig:
        """The settings of each training alone."""
        return TrainingConfig(**{each.name: getattr(self, each.name) for each in fields(TrainingConfig)})
