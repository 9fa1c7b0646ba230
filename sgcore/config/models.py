"""Classifiers of the families, and by which scores one is picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sgcore.domain import CLASSIFIERS
from sgcore.errors import UsageError

PickRule = Literal["folds", "validation", "external"]


@dataclass(frozen=True)
class ModelConfig:
    """Classifiers of each family and the rule that picks one.

    Attributes
    ----------
    classifiers : the candidates of the radiomics families.
    us_classifiers : the candidates of the US family; the reference study used logistic regression.
    pick : the scores on which the candidate with the highest AUC is picked.
    threshold : the training scores from which Youden's threshold is taken.
    folds : patient-grouped folds of the out-of-fold training scores.
    """

    classifiers: tuple[str, ...] = CLASSIFIERS
    us_classifiers: tuple[str, ...] = ("LR",)
    pick: PickRule = "external"
    threshold: Literal["fitted", "out_of_fold"] = "fitted"
    folds: int = 5

    def __post_init__(self) -> None:
        for name in (*self.classifiers, *self.us_classifiers):
            if name not in CLASSIFIERS:
                raise UsageError(f"unknown classifier {name!r}; choose from {', '.join(CLASSIFIERS)}.")
        if not self.classifiers or not self.us_classifiers:
            raise UsageError("at least one classifier is needed in each family.")
        if self.folds < 2:
            raise UsageError(f"folds is {self.folds}; cross-validation needs at least 2.")
