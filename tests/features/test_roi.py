"""Perturbed regions: how far, never empty, never outside."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.errors import ExtractionError, UsageError
from sgcore.features import ROI_VARIANTS, Perturbation, perturb_roi
from sgcore.features.roi import distance, equivalent_diameter
from tests.features.phantoms import ellipse

DISK = ellipse((200, 200), 0.25, 0.25)


def test_areas_of_a_disk() -> None:
    # Radius 50, 3% of the diameter is 3 pixels.
    assert equivalent_diameter(DISK) == pytest.approx(100, rel=0.01)
    areas = {variant: perturb_roi(DISK, variant).sum() for variant in ("original", *ROI_VARIANTS)}
    assert areas["original"] == DISK.sum()
    assert areas["eroded"] == pytest.approx(np.pi * 47**2, rel=0.02)
    assert areas["dilated"] == pytest.approx(np.pi * 53**2, rel=0.02)
    assert areas["shifted"] == areas["original"]


def test_nested_and_moved() -> None:
    assert (perturb_roi(DISK, "eroded") <= DISK).all()
    assert (perturb_roi(DISK, "dilated") >= DISK).all()
    np.testing.assert_array_equal(perturb_roi(DISK, "shifted"), np.roll(DISK, 3, axis=1))


def test_millimeters_follow_the_spacing() -> None:
    square = np.zeros((60, 60), dtype=bool)
    square[20:40, 20:40] = True
    # 1 mm is 5 rows of 0.2 mm and 2 columns of 0.5 mm.
    amount = Perturbation(millimeters=1.0)
    eroded = perturb_roi(square, "eroded", amount, spacing=(0.2, 0.5))
    assert np.flatnonzero(eroded.any(axis=1))[[0, -1]].tolist() == [25, 34]
    assert np.flatnonzero(eroded.any(axis=0))[[0, -1]].tolist() == [22, 37]
    dilated = perturb_roi(square, "dilated", amount, spacing=(0.2, 0.5))
    assert np.flatnonzero(dilated.any(axis=1))[[0, -1]].tolist() == [15, 44]
    assert np.flatnonzero(dilated.any(axis=0))[[0, -1]].tolist() == [18, 41]
    shifted = perturb_roi(square, "shifted", amount, spacing=(0.2, 0.5))
    np.testing.assert_array_equal(shifted, np.roll(square, 2, axis=1))


def test_a_pixel_is_the_least_that_moves() -> None:
    small = np.zeros((20, 20), dtype=bool)
    small[8:11, 8:11] = True
    assert distance(small, Perturbation()) == 1
    assert distance(small, Perturbation(millimeters=0.1), spacing=(0.3, 0.2)) == 0.3
    assert np.argwhere(perturb_roi(small, "eroded")).tolist() == [[9, 9]]
    assert perturb_roi(small, "dilated").sum() == 9 + 12
    tenth = Perturbation(millimeters=0.1)
    assert perturb_roi(small, "dilated", tenth, spacing=(0.1, 0.1)).sum() == 9 + 12


def test_an_erosion_that_leaves_nothing_is_refused() -> None:
    thin = np.zeros((20, 20), dtype=bool)
    thin[5:7, 3:15] = True
    with pytest.raises(ExtractionError, match="region of 24 pixels by 1 pixels leaves nothing"):
        perturb_roi(thin, "eroded")
    with pytest.raises(ExtractionError, match="by 2 mm leaves nothing"):
        perturb_roi(DISK, "eroded", Perturbation(millimeters=2), spacing=(0.02, 0.02))


def test_the_edge_of_the_image_is_an_edge_of_the_region() -> None:
    half = np.zeros((30, 30), dtype=bool)
    half[:, :15] = True
    assert not perturb_roi(half, "eroded")[:, 0].any()


@pytest.mark.parametrize(
    ("rows", "columns", "expected"),
    [
        (slice(5, 15), slice(5, 20), (0, -1)),
        (slice(5, 15), slice(0, 20), (1, 0)),
        (slice(10, 20), slice(0, 20), (-1, 0)),
    ],
)
def test_a_shift_turns_where_the_image_ends(rows: slice, columns: slice, expected: tuple[int, int]) -> None:
    mask = np.zeros((20, 20), dtype=bool)
    mask[rows, columns] = True
    moved = perturb_roi(mask, "shifted")
    np.testing.assert_array_equal(moved, np.roll(mask, expected, axis=(0, 1)))
    assert moved.sum() == mask.sum()


def test_a_region_that_fills_the_image_cannot_be_shifted() -> None:
    with pytest.raises(ExtractionError, match=r"leaves the image wherever it is shifted"):
        perturb_roi(np.ones((20, 20), dtype=bool), "shifted")


def test_wrong_use() -> None:
    with pytest.raises(UsageError, match="unknown ROI variant 'rotated'"):
        perturb_roi(DISK, "rotated")
    with pytest.raises(UsageError, match="percent is 0"):
        Perturbation(percent=0)
    with pytest.raises(ExtractionError, match="the mask is empty"):
        perturb_roi(np.zeros((5, 5)), "eroded")
