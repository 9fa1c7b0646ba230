"""How large and how small the AUC of a curve through one point can be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RocBounds:
    """Limits of the AUC of any rising curve through a point, and of one without a dent (concave).

    ``concave_low`` and ``concave_high`` are None for a point below the diagonal: no concave curve goes through it.
    """

    low: float
    high: float
    concave_low: float | None
    concave_high: float | None


def roc_bounds(sensitivity: float, specificity: float) -> RocBounds:
    """Bounds of the AUC of a curve that goes through (1 - specificity, sensitivity).

    Any curve that never falls contains the rectangle right of the point and below it, and misses the one left of
    it and above: from se sp to 1 - (1 - se) (1 - sp). A concave curve lies above the two chords from the corners,
    area (se + sp) / 2, and below a line through the point; of all such lines the one that leaves out least has a
    slope s between those of the chords and leaves out ((1 - se)^2 / s + s x^2) / 2 + x (1 - se), x = 1 - sp.

    Raises
    ------
    ValueError : a value outside 0 to 1.

    References
    ----------
    The rectangles are Bamber's pairs (J Math Psychol 1975;12:387), counted; the rest is geometry.
    """
    if not (0 <= sensitivity <= 1 and 0 <= specificity <= 1):
        raise ValueError(f"sensitivity {sensitivity} and specificity {specificity} must lie between 0 and 1.")
    x, missed = 1 - specificity, 1 - sensitivity
    low, high = sensitivity * specificity, 1 - missed * x
    if sensitivity + specificity < 1:
        return RocBounds(low, high, None, None)
    return RocBounds(low, high, (sensitivity + specificity) / 2, 1 - _left_out(x, missed))


def _left_out(x: float, missed: float) -> float:
    """Least area above a line through the point, within the unit square."""
    if not x or not missed:
        # On an edge of the square: the line may follow the edge.
        return 0.0
    gentlest, steepest = missed / (1 - x) if x < 1 else float("inf"), (1 - missed) / x
    slope = min(max(missed / x, gentlest), steepest)
    return (missed**2 / slope + slope * x**2) / 2 + x * missed
