"""Deep features and scores of training patients by networks that never saw them (``--deep-folds K``, A10).

K networks leave out one fold of the training patients each; the network of all training patients speaks for
all others. So what a classifier is trained on was made as what it is tested on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sgcore.deep.batches import Floats, Rows
from sgcore.deep.components import N_COMPONENTS
from sgcore.deep.fit import FitRequest
from sgcore.deep.fold_components import FoldComponents, FoldNetwork, fold_components
from sgcore.errors import UsageError

#: (training, held-out) numbers into the training rows, as ``sgcore.selection.folds`` gives them.
Splits = Sequence[tuple[np.ndarray, np.ndarray]]


def label_free_splits(patients: np.ndarray, folds: int, seed: int) -> Splits:
    """Patient-grouped folds of training images that no label decides: a flipped label moves nobody.

    Parameters
    ----------
    patients : (n,) patient of each training image. seed : of the shuffle.

    Raises
    ------
    UsageError : fewer patients than folds.
    """
    from sklearn.model_selection import GroupKFold

    count = len(np.unique(patients))
    if count < folds:
        raise UsageError(f"{folds} deep folds of {count} training patients; give at most one fold a patient.")
    splitter = GroupKFold(folds, shuffle=True, random_state=seed)
    return tuple(splitter.split(np.zeros(len(patients)), groups=patients))


def fold_requests(request: FitRequest, splits: Splits) -> list[FitRequest]:
    """Requests of the K fold networks, from that of the network of all training patients; without checkpoints.

    Parameters
    ----------
    splits : patient-grouped; each training image held out once. They must not be drawn anew when a label
        changes, or the features of everybody change with it (:func:`label_free_splits`).

    Raises
    ------
    ValueError : the held-out parts do not hold each training image once, or a part is trained on and held out.
    """
    train = request.train
    held_out = np.concatenate([held for _, held in splits]) if len(splits) else np.zeros(0, dtype=int)
    if not np.array_equal(np.sort(held_out), np.arange(len(train))):
        raise ValueError("the folds do not hold out each training image exactly once.")
    if any(len(np.intersect1d(inner, held)) for inner, held in splits):
        raise ValueError("a fold trains on an image that it holds out.")
    return [
        replace(request, train=train[inner], fold=number, checkpoint=None)
        for number, (inner, _) in enumerate(splits, start=1)
    ]


def speaking_network(n_images: int, train: Rows, splits: Splits) -> Rows:
    """(n,) the fold of the network that did not train on each image: 0 is that of all training patients."""
    fold = np.zeros(n_images, dtype=np.int64)
    for number, (_, held) in enumerate(splits, start=1):
        fold[train[held]] = number
    return fold


def out_of_fold_components(
    pooled: Sequence[Floats], untrained: Floats, train: Rows, splits: Splits, n_components: int = N_COMPONENTS
) -> FoldComponents:
    """Components of each image by the network that did not train on it.

    Parameters
    ----------
    pooled : (n, length) deep features of all images by the networks of fold 0, 1 ... K, in this order.
    untrained : of ``sgcore.deep.fit.untrained_features`` with the same first weights.
    train : rows of the training images, into which ``splits`` count.

    Raises
    ------
    ComponentsError, ValueError : as :func:`~sgcore.deep.fold_components.fold_components`; not K + 1 networks.
    """
    speaks = speaking_network(len(untrained), train, splits)
    seen = [train, *(train[inner] for inner, _ in splits)]
    networks = [
        FoldNetwork(features, rows, np.flatnonzero(speaks == fold))
        for fold, (features, rows) in enumerate(zip(pooled, seen, strict=True))
    ]
    return fold_components(untrained, networks, train, n_components)
