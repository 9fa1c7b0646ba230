"""Deep features and scores of training patients by networks that never saw them (``--deep-folds K``, A10).

K networks leave out one fold of the training patients each; the network of all training patients speaks for
all others. So what a classifier is trained on was made as what it is tested on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from sgcore.deep.batches import Floats, Rows
from sgcore.deep.components import N_COMPONENTS
from sgcore.deep.fit import FitRequest, NetworkOutputs
from sgcore.deep.fold_components import FoldComponents, FoldNetwork, fold_components

#: (training, held-out) numbers into the training rows, as ``sgcore.selection.folds`` gives them.
Splits = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class OutOfFold:
    """Each image by the network that did not train on it.

    ``scores`` (n,), ``pooled`` (n, length) and ``fold`` (n,) the number of that network, 0 for the one of all
    training patients; ``components`` of all.
    """

    scores: Floats = field(repr=False)
    pooled: Floats = field(repr=False)
    fold: Rows = field(repr=False)
    components: FoldComponents = field(repr=False)


def fold_requests(request: FitRequest, splits: Splits) -> list[FitRequest]:
    """Requests of the K fold networks, from the request of the network of all training patients.

    Parameters
    ----------
    splits : patient-grouped; each training image held out once. They must not be drawn anew when a label
        changes, or the features of everybody change with it.

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
        replace(
            request,
            train=train[inner],
            fold=number,
            checkpoint=None if request.checkpoint is None else of_fold(request.checkpoint, number),
        )
        for number, (inner, _) in enumerate(splits, start=1)
    ]


def of_fold(checkpoint: Path, fold: int) -> Path:
    """Name of a fold network's checkpoint beside that of the network of all training patients."""
    return checkpoint.with_name(f"{checkpoint.stem}-fold{fold}{checkpoint.suffix}")


def out_of_fold(
    full: NetworkOutputs,
    fold_networks: Sequence[NetworkOutputs],
    untrained: Floats,
    train: Rows,
    splits: Splits,
    n_components: int = N_COMPONENTS,
) -> OutOfFold:
    """Put together what the networks say of the images that they were not trained on.

    Parameters
    ----------
    full : fold 0. fold_networks : folds 1 ... K in the order of ``splits``.
    untrained : of ``sgcore.deep.fit.untrained_features`` with the same first weights.
    train : rows of the training images, into which ``splits`` count.

    Raises
    ------
    ComponentsError, ValueError : as :func:`~sgcore.deep.fold_components.fold_components`; networks and folds differ.
    """
    numbers = [each.fold for each in (full, *fold_networks)]
    if numbers != list(range(len(splits) + 1)):
        raise ValueError(f"networks are of folds {numbers}; give 0 and then 1 to {len(splits)}.")
    others = np.setdiff1d(np.arange(len(full.scores)), train)
    parts = [FoldNetwork(full.pooled, train, others)]
    scores, pooled = full.scores.copy(), full.pooled.copy()
    fold = np.zeros(len(scores), dtype=np.int64)
    for network, (inner, held) in zip(fold_networks, splits, strict=True):
        rows = train[held]
        scores[rows], pooled[rows], fold[rows] = network.scores[rows], network.pooled[rows], network.fold
        parts.append(FoldNetwork(network.pooled, train[inner], rows))
    return OutOfFold(scores, pooled, fold, fold_components(untrained, parts, train, n_components))
