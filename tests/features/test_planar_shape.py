"""The mesh of one slice is the one that PyRadiomics measures, whatever the region."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from sgcore.features.planar_shape import coefficients

ONE = np.ones(3)


def measured(mask: NDArray[np.bool_], spacing: NDArray[np.float64]) -> NDArray[np.float64]:
    surface, volume, diameters = coefficients(np.pad(mask, 1), spacing)
    return np.array([surface, volume, *diameters])


def reference(mask: NDArray[np.bool_], spacing: NDArray[np.float64]) -> NDArray[np.float64]:
    from radiomics import cShape

    surface, volume, diameters = cShape.calculate_coefficients(np.pad(mask[None], 1), spacing)
    return np.array([surface, volume, *diameters])


def test_equals_pyradiomics_on_random_regions() -> None:
    rng = np.random.default_rng(7)
    compared = 0
    for _ in range(400):
        size = rng.integers(1, 15, 2)
        # Sparse pixels, several pieces, holes, and full rectangles that touch every border.
        mask = rng.random(size) < rng.choice([0.1, 0.3, 0.5, 0.8, 1.0])
        if not mask.any():
            continue
        spacing = ONE if compared % 3 == 0 else rng.uniform(0.05, 3, 3)
        np.testing.assert_allclose(measured(mask, spacing), reference(mask, spacing), rtol=1e-12)
        compared += 1
    assert compared > 300


@pytest.mark.parametrize("index", range(1, 16))
def test_every_neighborhood_alone(index: int) -> None:
    mask = np.array([[index & 1, index & 2], [index & 4, index & 8]]) != 0
    for spacing in (ONE, np.array([2.0, 0.4, 0.7])):
        np.testing.assert_allclose(measured(mask, spacing), reference(mask, spacing), rtol=1e-12)


def test_a_ring_and_an_island() -> None:
    rows, columns = np.mgrid[:40, :50]
    radius = np.hypot(rows - 19, columns - 22)
    mask = (radius < 17) & (radius > 9) | (radius < 3)
    mask[:, 0] = True
    for spacing in (ONE, np.array([1.0, 0.1, 0.3])):
        np.testing.assert_allclose(measured(mask, spacing), reference(mask, spacing), rtol=1e-12)


def test_a_single_voxel_by_hand() -> None:
    # An octahedron with half diagonals of 1/2: eight triangles of side sqrt(1/2).
    surface, volume, diameters = coefficients(np.pad(np.ones((1, 1), dtype=bool), 1), ONE)
    assert surface == pytest.approx(8 * np.sqrt(3) / 4 / 2)
    assert volume == pytest.approx(1 / 6)
    assert diameters == pytest.approx((1, 1, 1, 1))


def test_a_large_rectangle_by_hand() -> None:
    # Flat faces over the inner pixels dominate: n x m pixels, one thick.
    mask = np.ones((200, 300), dtype=bool)
    values = measured(mask, ONE)
    assert values[0] == pytest.approx(2 * 199 * 299, rel=0.02)
    assert values[1] == pytest.approx(199 * 299 + (199 + 299) * 2 / 4 + 4 / 24)
    assert values[3:5] == pytest.approx([300, 200])


def test_lengths_scale_with_the_spacing() -> None:
    rng = np.random.default_rng(8)
    mask = rng.random((12, 9)) < 0.6
    np.testing.assert_allclose(measured(mask, 3 * ONE), measured(mask, ONE) * [9, 27, 3, 3, 3, 3], rtol=1e-12)
    turned = measured(mask.T, np.array([1.0, 0.5, 2.0]))
    np.testing.assert_allclose(
        turned[[0, 1, 2, 4, 3, 5]], measured(mask, np.array([1.0, 2.0, 0.5])), rtol=1e-12
    )
