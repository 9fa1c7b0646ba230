"""Sanity of Grad-CAM maps: do they look at the lesion, and do they depend on what the network learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

NAN = float("nan")


@dataclass(frozen=True)
class RoiShare:
    """How much of a map lies inside the ROI.

    Attributes
    ----------
    share : of the map's sum, 0 to 1. chance : share of the looked-at pixels that are ROI: what a map that is the same
        everywhere has. ratio : share / chance, 1 by chance. n_pixels : looked at.
    reason : why there is no ratio; the numbers that it concerns are NaN.
    """

    share: float
    chance: float
    ratio: float
    n_pixels: int
    reason: str = ""


def roi_share(values: ArrayLike, roi: ArrayLike) -> RoiShare:
    """Share of a map inside the region of interest, over its chance level.

    Parameters
    ----------
    values : [rows, columns] on the pixels of the original image, 0 or more, NaN where the network saw nothing
        (:meth:`sgcore.explain.gradcam.GradCam.on_image`). Only pixels with a value count, in map and ROI.
    roi : [rows, columns] of the same size, nonzero inside.

    The chance level is that of a map without any pattern. A crop is centered on the lesion and networks often
    look at the middle; a ratio above 1 is no evidence of looking at the lesion for its own sake.

    Raises
    ------
    ValueError : map and ROI differ in size, or a value is negative.
    """
    values, inside = np.asarray(values, dtype=float), np.asarray(roi) != 0
    if values.shape != inside.shape:
        raise ValueError(f"the map has shape {values.shape}, the ROI {inside.shape}.")
    seen = ~np.isnan(values)
    n = int(seen.sum())
    if not n:
        return RoiShare(NAN, NAN, NAN, 0, "no pixel has a map value")
    looked, inside = values[seen], inside[seen]
    if (looked < 0).any():
        raise ValueError("a map of shares has no negative values; take it with its ReLU.")
    chance = float(inside.mean())
    if not np.isfinite(looked).all():
        return RoiShare(NAN, chance, NAN, n, "the map is not finite")
    if not looked.any():
        return RoiShare(NAN, chance, NAN, n, "the map is zero everywhere")
    looked = looked / looked.max()  # so that no sum overflows or vanishes
    share = float(looked[inside].sum() / looked.sum())
    if chance == 0:
        return RoiShare(share, chance, NAN, n, "no part of the ROI lies in what the network saw")
    if chance == 1:
        return RoiShare(share, chance, NAN, n, "the ROI fills all that the network saw: every share is 1")
    return RoiShare(share, chance, share / chance, n)


@dataclass(frozen=True)
class MapCorrelation:
    """Spearman's rho of two maps of one image over their ``n_cells``; NaN beside a ``reason``."""

    rho: float
    n_cells: int
    reason: str = ""


def map_correlation(real: ArrayLike, other: ArrayLike) -> MapCorrelation:
    """Spearman's rank correlation of two grids (h, w), cell by cell.

    Of the coarse grids, not of maps laid on the image: interpolation adds pixels and no information. Of the
    signed grids where there are such: ReLU ties all cells that speak against the class.

    Raises
    ------
    ValueError : the grids differ in size.
    """
    a, b = np.asarray(real, dtype=float), np.asarray(other, dtype=float)
    if a.shape != b.shape:
        raise ValueError(f"one grid has shape {a.shape}, the other {b.shape}.")
    for name, grid in (("the network's map", a), ("the re-drawn network's map", b)):
        if not np.isfinite(grid).all():
            return MapCorrelation(NAN, a.size, f"{name} is not finite")
        if not grid.any():
            return MapCorrelation(NAN, a.size, f"{name} is zero everywhere")
        if np.ptp(grid) == 0:
            return MapCorrelation(NAN, a.size, f"{name} is the same in all {a.size} cell(s): nothing to rank")
    return MapCorrelation(float(np.corrcoef(scipy.stats.rankdata(a), scipy.stats.rankdata(b))[0, 1]), a.size)


@dataclass(frozen=True)
class MapSummary:
    """Mean over patients of their images' mean, with its interval; NaN beside a ``reason``.

    ``n_left_out`` counts the values that were NaN; ``n_values`` and ``n_patients`` those that counted.
    """

    mean: float
    ci_low: float
    ci_high: float
    n_values: int
    n_patients: int
    n_left_out: int
    method: str
    reason: str = ""


def summarize(values: ArrayLike, patients: ArrayLike, *, level: float = 0.95) -> MapSummary:
    """Mean of a check's values, each patient counting once.

    Parameters
    ----------
    values : (n,) ratios or correlations, NaN where there is none. patients : (n,) whose image it is.

    Raises
    ------
    ValueError : arrays of different length, or a level outside of 0 to 1.
    """
    numbers: NDArray[np.float64] = np.asarray(values, dtype=float)
    groups = np.asarray(patients)
    if numbers.ndim != 1 or numbers.shape != groups.shape:
        raise ValueError(
            f"{numbers.shape} values and {groups.shape} patients; one patient a value is needed."
        )
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; give a number between 0 and 1, like 0.95.")
    known = ~np.isnan(numbers)
    left_out = int((~known).sum())
    names, which = np.unique(groups[known], return_inverse=True)
    method = "mean of the patients' means, Student's t interval over patients"
    n, k = int(known.sum()), int(names.size)
    if not k:
        return MapSummary(NAN, NAN, NAN, 0, 0, left_out, method, "no image has a value")
    means = np.bincount(which, numbers[known]) / np.bincount(which)
    mean = float(means.mean())
    if k == 1:
        return MapSummary(mean, NAN, NAN, n, 1, left_out, method, "one patient: no interval")
    half = float(-stdtrit(k - 1, (1 - level) / 2) * means.std(ddof=1) / np.sqrt(k))
    return MapSummary(mean, mean - half, mean + half, n, k, left_out, method)
