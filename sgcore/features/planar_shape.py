"""The mesh of a region on one slice: surface, volume, diameters, as PyRadiomics measures them.

``_cshape.calculate_coefficients`` compares every pair of mesh vertices, and a region of n pixels has
more than 2 n of them. A slice needs no such search: surface and volume are sums over its 2 x 2
neighborhoods, and the two farthest points of a set lie on its convex hull.
"""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

Points = NDArray[np.float64]

# Volume under the mesh of one 2 x 2 neighborhood, both sides of the slice, as a share of a voxel, by
# which corners are inside (bit 0: this pixel, 1: right, 2: right below, 3: below). A corner alone cuts
# two tetrahedra of 1/48; two diagonal corners stay apart.
_ALONE, _PAIR, _DIAGONAL, _THREE, _FULL = 1 / 24, 1 / 4, 1 / 12, 17 / 24, 1.0
VOLUME = np.array(
    [
        *(0, _ALONE, _ALONE, _PAIR, _ALONE, _DIAGONAL, _PAIR, _THREE),
        *(_ALONE, _PAIR, _DIAGONAL, _THREE, _PAIR, _THREE, _THREE, _FULL),
    ]
)


def coefficients(
    mask: NDArray[np.bool_], spacing: NDArray[np.float64]
) -> tuple[float, float, tuple[float, float, float, float]]:
    """Surface area, volume and the maximum diameters of the mesh around a region on one slice.

    Parameters
    ----------
    mask : bool [rows, columns], at least one pixel, with a border of False on every side.
    spacing : distance of voxel centers along slice, row and column.

    Returns
    -------
    surface, volume, (within a slice, within a row, within a column, in space): the numbers of
    ``radiomics.cShape.calculate_coefficients(mask[None] padded by a slice on each side, spacing)``.
    """
    counts = np.bincount(_neighborhoods(mask).ravel(), minlength=16)
    surface = float(counts @ _surface_of_neighborhoods(spacing))
    volume = float(counts @ VOLUME * np.prod(spacing))
    return surface, volume, _diameters(mask, spacing)


def _neighborhoods(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    bits = mask.astype(np.intp)
    return bits[:-1, :-1] + 2 * bits[:-1, 1:] + 4 * bits[1:, 1:] + 8 * bits[1:, :-1]


def _surface_of_neighborhoods(spacing: NDArray[np.float64]) -> NDArray[np.float64]:
    # Asked of PyRadiomics' own table, one neighborhood between two empty ones at a time: how it cuts
    # five-cornered faces into triangles decides the area where the spacing is not the same on all axes.
    from radiomics import cShape

    areas = np.zeros(16)
    for index in range(1, 16):
        cube = np.zeros((3, 2, 2), dtype=bool)
        cube[1, (0, 0, 1, 1), (0, 1, 1, 0)] = [bool(index >> bit & 1) for bit in range(4)]
        areas[index] = cShape.calculate_coefficients(cube, spacing)[0]
    return areas


def _diameters(mask: NDArray[np.bool_], spacing: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Largest distances between two mesh vertices: of one slice, one row, one column, and any two.

    The vertices: above and below every pixel of the region, half a slice away, and halfway between
    every pixel of the region and a neighbor outside.
    """
    thickness, height, width = spacing
    centers = np.argwhere(mask).astype(np.float64)
    between_columns = np.argwhere(mask[:, :-1] != mask[:, 1:]) + np.array([0.0, 0.5])
    between_rows = np.argwhere(mask[:-1] != mask[1:]) + np.array([0.5, 0.0])
    scale = np.array([height, width])
    outer = _hull(np.concatenate([between_columns, between_rows]) * scale)
    inner = _hull(centers * scale)
    # The faces of the slice are a thickness apart, each of them half of it from the middle.
    across = _farthest(inner, inner)
    within_slice = max(_farthest(outer, outer), across)
    slanted = np.hypot([_farthest(outer, inner), across], [thickness / 2, thickness])
    row = _along_lines(centers, between_columns, between_rows, width, thickness)
    column = _along_lines(
        centers[:, ::-1], between_rows[:, ::-1], between_columns[:, ::-1], height, thickness
    )
    in_space = max(within_slice, float(slanted.max()))
    return within_slice, row, column, in_space


def _hull(points: Points) -> Points:
    """The corners of the convex hull, or all points where they lie on a line."""
    if len(points) < 3:
        return points
    try:
        return points[ConvexHull(points).vertices]
    except QhullError:
        return points


def _farthest(a: Points, b: Points) -> float:
    difference = a[:, None] - b[None]
    return float(np.sqrt((difference**2).sum(axis=2).max()))


def _along_lines(centers: Points, ends: Points, sides: Points, step: float, thickness: float) -> float:
    """Largest distance of two vertices in one line of pixels, or between two lines.

    ``centers`` have a vertex half a slice above and below, ``ends`` lie in the slice on the same lines,
    ``sides`` in the slice between two lines; each as (line, place along it).
    """
    half = thickness / 2
    best = 0.0
    low, high = _ranges(ends, step)
    inner_low, inner_high = _ranges(centers, step)
    for a, b in combinations_with_replacement(((low, high, 0.0), (inner_low, inner_high, half)), 2):
        apart = np.maximum(b[1] - a[0], a[1] - b[0])
        # Both on their own faces of the slice: one above, one below.
        lift = a[2] + b[2]
        best = max(best, float(np.hypot(apart, lift).max()))
    if len(sides):
        low, high = _ranges(sides, step)
        best = max(best, float((high - low).max()))
    return best


def _ranges(points: Points, step: float) -> tuple[Points, Points]:
    """First and last place along each line that has points, lines in order."""
    order = np.argsort(points[:, 0], kind="stable")
    starts = np.unique(points[order, 0], return_index=True)[1]
    places = points[order, 1] * step
    return np.minimum.reduceat(places, starts), np.maximum.reduceat(places, starts)
