"""Adjustment of p values for the number of comparisons that are shown together."""

from __future__ import annotations

from typing import Literal

import numpy as np
import scipy
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Floats, as_floats

Correction = Literal["holm", "bh", "none"]


def adjust(p: ArrayLike, method: Correction = "holm") -> Floats:
    """Adjusted p values (n,): Holm, Benjamini-Hochberg (``bh``) or unchanged (``none``).

    NaN stays NaN and does not count as a comparison.

    Raises
    ------
    ValueError : an unknown method, p values outside [0, 1].

    References
    ----------
    Holm S. Scand J Stat 1979;6:65. Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289.
    """
    if method not in ("holm", "bh", "none"):
        raise ValueError(f"method is {method!r}; choose holm, bh or none.")
    values = as_floats(p, "p").copy()
    known = ~np.isnan(values)
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("p values lie between 0 and 1.")
    if method == "none" or not known.any():
        return values
    values[known] = (
        _holm(values[known]) if method == "holm" else scipy.stats.false_discovery_control(values[known])
    )
    return values


def _holm(p: Floats) -> Floats:
    """As statsmodels' ``multipletests``, which collects all garbage in each call: 0.1 s once torch is loaded."""
    order = np.argsort(p)
    steps = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(steps, 1)
    return adjusted
