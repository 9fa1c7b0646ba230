"""How a network is trained: the reference study's settings, and ours where it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sgcore.errors import UsageError

Device = Literal["auto", "cpu", "cuda"]


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of a training.

    Attributes
    ----------
    epochs, learning_rate, batch : 50, 0.01 and 32 as in the reference study, with SGD and cross entropy.
        It calls 0.01 the initial rate and names no schedule: the rate stays.
    momentum : of SGD, 0.9. The reference study does not say; nor of weight decay, which there is none.
    seed : of the order of images, of augmentation and of dropout.
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
