"""The randomization test of Grad-CAM: maps of the network against maps of networks with re-drawn weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from sgcore.deep.crop import Crop
from sgcore.explain.gradcam import NEGATIVE, POSITIVE, grad_cam
from sgcore.explain.map_checks import MapSummary, map_correlation, summarize

if TYPE_CHECKING:
    from torch import Tensor

    from sgcore.deep.network import Network

#: Unlike any that a person would train with: re-drawn weights must not be a network's own first ones.
SEEDS = (1_000_001, 1_000_002, 1_000_003, 1_000_004, 1_000_005)
COLUMNS = ("image_id", "patient_id", "target", "seed", "rho", "n_cells", "reason")


@dataclass(frozen=True)
class RandomizationTest:
    """Rank correlation of each map with the maps of re-drawn networks.

    Attributes
    ----------
    rows : one row an image, class and re-drawn network: ``image_id, patient_id, target, seed, rho, n_cells,
        reason``; ``rho`` is NaN beside a reason.
    negative, positive : summaries over patients for either class. Their intervals are for these re-drawn networks.
    """

    rows: pd.DataFrame = field(repr=False, compare=False)
    negative: MapSummary
    positive: MapSummary

    def frame(self) -> pd.DataFrame:
        return self.rows.copy()


def randomization_test(
    network: Network,
    images: Tensor,
    crops: Sequence[Crop],
    image_ids: Sequence[str],
    patient_ids: Sequence[str],
    *,
    seeds: Sequence[int] = SEEDS,
    level: float = 0.95,
    on_network: Callable[[], None] | None = None,
) -> RandomizationTest:
    """Do the maps depend on what the network learned?

    All weights are drawn anew, once a seed, both classes mapped again on the same images, and the signed maps
    compared (those shown, with their ReLU, are often zero everywhere without training). A correlation near 0
    says that the maps rest on the weights; one near 1 that any network of this architecture would show them.
    There is no threshold: architecture and image borders alone give some correlation.

    Parameters
    ----------
    images, crops : as :func:`sgcore.explain.gradcam.grad_cam` takes them. image_ids, patient_ids : (n,) of them.
    seeds : one re-drawn network each; not the seed that the network itself was drawn from, whose maps would be
        those of its own beginning.
    on_network : called before each re-drawn network; it may raise to stop.

    Raises
    ------
    ValueError : not as many crops, ids or patients as images; no seed.

    References
    ----------
    Adebayo J et al. Sanity checks for saliency maps. NeurIPS 2018 (arXiv:1810.03292).
    """
    from sgcore.deep.network import make_network

    if not len(images) == len(crops) == len(image_ids) == len(patient_ids) or not seeds:
        raise ValueError(
            f"{len(images)} images, {len(crops)} crops, {len(image_ids)} ids, {len(patient_ids)} patients, "
            f"{len(seeds)} seeds; as many of the first four and at least one seed are needed."
        )
    real = grad_cam(network, images, crops)
    rows = []
    for seed in seeds:
        if on_network is not None:
            on_network()
        drawn = make_network(network.backbone.name, seed=seed).to(images.device)
        for image_id, patient_id, ours, theirs in zip(
            image_ids, patient_ids, real, grad_cam(drawn, images, crops), strict=True
        ):
            for a, b in zip(ours, theirs, strict=True):
                found = map_correlation(a.signed, b.signed)
                rows.append((image_id, patient_id, a.target, seed, found.rho, found.n_cells, found.reason))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    negative, positive = (
        summarize(part["rho"], part["patient_id"], level=level)
        for part in (frame[frame["target"] == NEGATIVE], frame[frame["target"] == POSITIVE])
    )
    return RandomizationTest(frame, negative, positive)
