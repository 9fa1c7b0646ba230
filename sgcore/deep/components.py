"""Principal components ``DL_0`` ... ``DL_9`` of deep features, fitted on training images alone."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sgcore.deep.batches import Floats
from sgcore.errors import SgauditError

N_COMPONENTS = 10
#: Below this share of the largest a component's standard deviation is rounding.
_NOTHING = 1e-7


class ComponentsError(SgauditError):
    """There is nothing to take components of."""


@dataclass(frozen=True)
class Components:
    """Axes in the space of deep features.

    Attributes
    ----------
    mean : (d,) of the training images.
    axes : (k, d) orthonormal rows. Signs: the entry of the largest size in each row is positive, so that numbers
        do not flip between machines (after an alignment the reference's signs hold instead).
    scale : (k,) what the projections are divided by: 1, or a standard deviation after an alignment.
    explained : (k,) share of the training images' variance along each axis.
    n_images : training images they were fitted on.
    note : why there are fewer than were asked for; empty otherwise.
    """

    mean: Floats = field(repr=False)
    axes: Floats = field(repr=False)
    scale: Floats = field(repr=False)
    explained: Floats
    n_images: int
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"DL_{number}" for number in range(len(self.axes)))

    def transform(self, features: Floats) -> Floats:
        """Component values (n, k) of deep features (n, d)."""
        return ((features - self.mean) @ self.axes.T) / self.scale

    def frame(self) -> pd.DataFrame:
        """One row a component: ``component, explained, cumulative``."""
        return pd.DataFrame(
            {
                "component": list(self.names),
                "explained": self.explained,
                "cumulative": np.cumsum(self.explained),
            }
        )


def fit_components(training: Floats, n_components: int = N_COMPONENTS) -> Components:
    """Principal components of the deep features (n, d) of the training images.

    Images count one by one, as in the reference study. There are at most n - 1 components, and none along
    which the images do not differ.

    Raises
    ------
    ComponentsError : fewer than two images, images that do not differ, or features that are no numbers.
    """
    from sklearn.decomposition import PCA

    training = np.asarray(training, dtype=float)
    n_images, length = training.shape
    if not np.isfinite(training).all():
        raise ComponentsError("the network gives deep features that are no numbers. Train it again.")
    if n_images < 2 or np.ptp(training, axis=0).max() == 0:
        raise ComponentsError(
            f"the deep features of {n_images} training image(s) do not differ: there are no components. "
            "Look at the weights and at the training curve of this network."
        )
    fitted = PCA(n_components=min(n_components, n_images - 1, length), svd_solver="full").fit(training)
    spread = np.sqrt(fitted.explained_variance_)
    kept = spread > _NOTHING * spread[0]
    axes = fitted.components_[kept]
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    axes = axes * np.sign(largest)[:, None]
    note = ""
    if len(axes) < n_components:
        note = f"{len(axes)} components instead of {n_components}: {n_images} training images span no more"
    return Components(
        fitted.mean_, axes, np.ones(len(axes)), fitted.explained_variance_ratio_[kept], n_images, note
    )
