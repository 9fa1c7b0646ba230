"""The training images that stand for a feature that is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

BACKGROUND_ROWS = 50
#: Keeps this draw apart from others that a study makes with the same seed.
STREAM = 0x5A9


def draw_background(
    patients: ArrayLike,
    *,
    seed: int,
    size: int = BACKGROUND_ROWS,
    usable: ArrayLike | None = None,
) -> np.ndarray:
    """Positions of the drawn images, one row an image, patients as evenly as can be.

    Every patient gives one image before any gives a second, and so on: of two patients with images to
    spare neither gives more than one image more than the other.

    Parameters
    ----------
    patients : (n,) patient of each training image.
    size : at most so many images; all usable ones where there are no more.
    usable : (n,) bool, images whose selected features are all numbers; all where it is not given.

    Returns
    -------
    (k,) positions in ``patients``, ascending, k = min(size, usable images).

    Raises
    ------
    ValueError : no usable image, or ``size`` below 1.
    """
    owners = np.asarray(patients)
    places = np.arange(len(owners)) if usable is None else np.flatnonzero(np.asarray(usable, bool))
    if size < 1:
        raise ValueError(f"a background has at least one row, {size} were asked for.")
    if not len(places):
        raise ValueError(
            "no training image has all selected features: there is no background to compare with."
        )
    rng = np.random.default_rng([seed, STREAM])
    shuffled = rng.permutation(places)
    codes, names = pd.factorize(owners[shuffled], sort=True)
    turn = pd.Series(codes).groupby(codes).cumcount().to_numpy()
    order = np.lexsort((rng.permutation(len(names))[codes], turn))
    return np.sort(shuffled[order[:size]])
