"""Folds that keep a patient's images together and the labels balanced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

Split = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Folds:
    """Row numbers of (training, held-out) parts, and what had to be given up to make them.

    ``splits`` is empty where no cross-validation is possible; ``note`` then says why.
    """

    splits: tuple[Split, ...]
    note: str | None = None

    def __len__(self) -> int:
        return len(self.splits)


def grouped_folds(y: np.ndarray, groups: np.ndarray | None, n_folds: int, seed: int) -> Folds:
    """Patient-grouped, label-stratified folds; fewer than asked for where a class has too few patients.

    Parameters
    ----------
    y : shape (n,), labels 0 and 1.
    groups : shape (n,), the patient of each row; ``None`` makes each row its own patient.
    n_folds : the number asked for, at least 2.
    seed : of the shuffle.

    Returns
    -------
    Folds whose training parts always hold both classes.
    """
    y = np.asarray(y)
    patients = np.arange(len(y)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    smallest = min(len(np.unique(patients[y == value])) for value in (0, 1))
    if smallest < 2:
        return Folds(
            (), f"no folds: a class has {smallest} patient(s), cross-validation needs 2 in each class"
        )
    placeholder = np.zeros((len(y), 1))
    for count in range(min(n_folds, smallest), 1, -1):
        splitter = StratifiedGroupKFold(n_splits=count, shuffle=True, random_state=seed)
        splits = tuple(splitter.split(placeholder, y, patients))
        if all(len(held) and len(np.unique(y[train])) == 2 for train, held in splits):
            return Folds(splits, _reduced(count, n_folds, smallest))
    return Folds((), "no folds: no split by patient leaves both classes in every training part")


def _reduced(count: int, asked: int, smallest: int) -> str | None:
    if count == asked:
        return None
    return f"{count} folds instead of {asked}: the smaller class has {smallest} patients"
