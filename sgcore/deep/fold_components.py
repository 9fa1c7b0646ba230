"""Components of several networks on one scale, without a look at a label.

Networks that were trained on different patients have different axes: ``DL_0`` of one is not ``DL_0`` of the
next. What they share is where they started. So each network's components are turned (an orthogonal rotation,
Procrustes) to lie as close as they can to those of the *untrained* network, over the images which that network
was trained on, and are divided by their standard deviation there. The untrained network has seen no label, and
a network's rotation sees only images it was trained on: nothing of a patient's own label reaches that patient's
components.

Reference: Schönemann PH. Psychometrika 1966;31:1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import orthogonal_procrustes

from sgcore.deep.batches import Floats, Rows
from sgcore.deep.components import N_COMPONENTS, Components, fit_components


@dataclass(frozen=True)
class FoldNetwork:
    """What a network gave: ``pooled`` (n, d) of all images, and the rows it was trained on and speaks for."""

    pooled: Floats
    train: Rows
    speaks_for: Rows


@dataclass(frozen=True)
class FoldComponents:
    """``values`` (n, k), each image by the network that speaks for it, and the components of each network."""

    values: Floats
    networks: tuple[Components, ...]
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return self.networks[0].names


def fold_components(
    untrained: Floats, networks: Sequence[FoldNetwork], train: Rows, n_components: int = N_COMPONENTS
) -> FoldComponents:
    """Component values of all images, each by a network that was not trained on it.

    Parameters
    ----------
    untrained : (n, d) deep features of all images by the network before its training; ``train`` rows count.
    networks : together they speak for each of the n images once, none for an image it was trained on.
    train : rows of all training images.

    Raises
    ------
    ComponentsError : as :func:`~sgcore.deep.components.fit_components`.
    ValueError : an image has no network, two, or one that was trained on it.
    """
    _check(len(untrained), networks)
    fitted = [fit_components(each.pooled[each.train], n_components) for each in networks]
    reference = fit_components(untrained[train], n_components)
    count = min(len(each.axes) for each in (reference, *fitted))
    anchor = reference.transform(untrained)[:, :count]
    turned = tuple(
        _turned(components, each, anchor, count) for components, each in zip(fitted, networks, strict=True)
    )
    values = np.empty((len(untrained), count))
    for components, each in zip(turned, networks, strict=True):
        values[each.speaks_for] = components.transform(each.pooled[each.speaks_for])
    note = ""
    if count < n_components:
        note = f"{count} components instead of {n_components}: a network, trained or not, spans no more"
    return FoldComponents(values, turned, note)


def _turned(components: Components, network: FoldNetwork, anchor: Floats, count: int) -> Components:
    """The first ``count`` components, turned towards the anchor over the network's own training images."""
    own = network.pooled[network.train]
    axes = components.axes[:count]
    projected = (own - components.mean) @ axes.T
    target = anchor[network.train] - anchor[network.train].mean(axis=0)
    rotation, _ = orthogonal_procrustes(projected, target)
    turned = projected @ rotation
    spread = turned.std(axis=0, ddof=1)
    total = own.var(axis=0, ddof=1).sum()
    return replace(components, axes=rotation.T @ axes, scale=spread, explained=spread**2 / total)


def _check(n_images: int, networks: Sequence[FoldNetwork]) -> None:
    times = np.zeros(n_images, dtype=int)
    for each in networks:
        np.add.at(times, each.speaks_for, 1)
        if len(np.intersect1d(each.train, each.speaks_for)):
            raise ValueError("a network speaks for an image that it was trained on.")
    if (times != 1).any():
        raise ValueError(
            f"{int((times != 1).sum())} image(s) have no network or more than one to speak for them."
        )
