"""How far the centers of a model must lie apart before a test of their differences finds it."""

from __future__ import annotations

from math import sqrt

import scipy

from sgcore.stats._arrays import check_level


def detectable_spread(half: float, k: int, *, p: float, level: float = 0.95) -> float:
    """Distance of the highest from the lowest of ``k`` estimates at which Cochran's Q has this p.

    All have intervals of the same half width; the others lie halfway between, so that Q is d^2 / (2 SE^2): with any of
    them elsewhere a smaller distance is enough.

    Parameters
    ----------
    half : half the width of each interval at ``level``. k : centers, 2 or more.

    Raises
    ------
    ValueError : fewer than two centers, a p outside (0, 1), a bad level.

    References
    ----------
    Cochran WG. Biometrics 1954;10:101 (Q).
    """
    check_level(level)
    if k < 2 or not 0 < p < 1:
        raise ValueError(
            f"{k} centers and p = {p:g}: there are two centers or more, and p lies between 0 and 1."
        )
    se = half / float(scipy.stats.norm.isf((1 - level) / 2))
    return se * sqrt(2 * float(scipy.stats.chi2.isf(p, k - 1)))
