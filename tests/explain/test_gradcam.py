"""Grad-CAM on a network whose map is known, and the way back onto the pixels of the original image."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import interpolate

from sgcore.deep.crop import Crop
from sgcore.explain.gradcam import NEGATIVE, POSITIVE, GradCam, grad_cam

CELL = 8  # pixels of the input a cell of the synthetic map


class Bright(nn.Module):
    """Its last map is the mean brightness of each cell; logits are -2 and +3 times the mean of the map."""

    def __init__(self) -> None:
        super().__init__()
        self.cam_layer = nn.AvgPool2d(CELL)
        self.drop = nn.Dropout(0.5)
        self.weights = nn.Parameter(torch.tensor([-2.0, 3.0]))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        pooled = self.cam_layer(images).mean(dim=(2, 3)).sum(dim=1, keepdim=True)
        return self.drop(pooled) * self.weights


def with_spot(rows: int, columns: int, cell: tuple[int, int]) -> torch.Tensor:
    """One image of ``rows`` x ``columns`` cells, black but for one cell."""
    images = torch.zeros(1, 3, rows * CELL, columns * CELL)
    top, left = (number * CELL for number in cell)
    images[:, :, top : top + CELL, left : left + CELL] = 1
    return images


def cam_of(grid: np.ndarray, crop: Crop) -> GradCam:
    return GradCam(np.asarray(grid, dtype=np.float32), POSITIVE, crop)


def test_the_hot_cell_is_where_the_spot_is_and_for_one_class_only():
    [(negative, positive)] = grad_cam(Bright(), with_spot(5, 7, (1, 4)), [Crop(0, 0, 40)])
    expected = np.zeros((5, 7), np.float32)
    expected[1, 4] = 3 * 3 / 35  # three channels, weight 3, averaged over 35 cells
    np.testing.assert_allclose(positive.grid, expected, rtol=1e-6)
    assert positive.reason == ""
    np.testing.assert_allclose(negative.signed, expected * -2 / 3, rtol=1e-6)
    assert not negative.grid.any()
    assert "zero everywhere" in negative.reason
    assert (negative.target, positive.target) == (NEGATIVE, POSITIVE)


def test_the_overlay_lands_on_the_lesion_of_the_original_image():
    """A spot of the original image, cropped and resized as a network sees it, comes back to its own pixels."""
    crop, shape = Crop(30, 50, 80), (150, 220)
    original = np.zeros(shape)
    original[60:70, 110:120] = 1  # the cell (3, 6) of 8 x 8 cells of 10 pixels
    seen = torch.tensor(crop.cut(original), dtype=torch.float32)[None, None].expand(1, 3, -1, -1)
    images = interpolate(seen, size=(8 * CELL, 8 * CELL), mode="area")
    [(_, positive)] = grad_cam(Bright(), images, [crop])
    placed = positive.on_image(shape)
    assert placed.shape == shape
    hot = np.argwhere(placed > 0.999 * np.nanmax(placed))
    assert hot.mean(axis=0) == pytest.approx(
        [64.5, 114.5], abs=1e-6
    )  # the middle of the spot, between two pixels
    weights = np.nan_to_num(placed)
    middle = [(weights * axis).sum() / weights.sum() for axis in np.indices(shape)]
    assert middle == pytest.approx([64.5, 114.5], abs=1e-4)


def test_cells_are_aligned_at_half_pixels():
    """As torch's interpolation with align_corners=False, which is another program's reading of the same rule."""
    grid = np.random.default_rng(0).random((7, 5)).astype(np.float32)
    placed = cam_of(grid, Crop(4, 9, 56)).on_image((70, 80))
    expected = interpolate(
        torch.tensor(grid)[None, None], size=(56, 56), mode="bilinear", align_corners=False
    )
    np.testing.assert_allclose(placed[4:60, 9:65], expected[0, 0].numpy(), atol=1e-6)
    assert np.isnan(placed).sum() == 70 * 80 - 56 * 56


def test_a_ramp_keeps_its_place():
    placed = cam_of(np.arange(7.0)[:, None].repeat(7, axis=1), Crop(10, 10, 70)).on_image((90, 100))
    # The middle of the cell i lies at row 10 + 10 i + 5, between the pixels 14 + 10 i and 15 + 10 i.
    centers = (placed[14:80:10, 40] + placed[15:81:10, 40]) / 2
    np.testing.assert_allclose(centers[1:-1], np.arange(1, 6), atol=1e-5)


@pytest.mark.parametrize(("top", "left"), [(-20, -30), (60, 90), (-20, 90)])
def test_a_crop_beyond_the_image_keeps_its_pixels(top, left):
    """What lies outside falls away, what lies inside is the same as on an image that holds the whole crop."""
    grid = np.random.default_rng(1).random((6, 6)).astype(np.float32)
    placed = cam_of(grid, Crop(top, left, 60)).on_image((100, 130))
    whole = cam_of(grid, Crop(top + 50, left + 50, 60)).on_image((200, 230))[50:150, 50:180]
    np.testing.assert_array_equal(placed, whole)
    assert np.isfinite(placed).any()
    assert np.isfinite(placed).sum() < 60 * 60


def test_a_part_of_one_cell_and_a_crop_smaller_than_the_grid():
    assert (cam_of([[2.0]], Crop(1, 2, 3)).on_image((5, 6))[1:4, 2:5] == 2).all()
    small = cam_of(np.ones((8, 8)), Crop(0, 0, 3)).on_image((4, 4))
    np.testing.assert_allclose(small[:3, :3], 1, rtol=1e-6)


def test_many_images_are_the_same_as_one_at_a_time():
    images = torch.rand(19, 3, 24, 24, generator=torch.Generator().manual_seed(0))
    crops = [Crop(i, 0, 24) for i in range(19)]
    together = grad_cam(Bright(), images, crops)
    for i in (0, 15, 16, 18):
        [(_, alone)] = grad_cam(Bright(), images[i : i + 1], crops[i : i + 1])
        np.testing.assert_allclose(together[i][POSITIVE].grid, alone.grid, rtol=1e-6)
        assert together[i][POSITIVE].crop == crops[i]


def test_the_network_is_left_as_it_was():
    network = Bright().train()
    network.drop.eval()
    network.weights.requires_grad_(False)
    images = with_spot(2, 2, (0, 1))
    with torch.no_grad():
        [(_, positive)] = grad_cam(network, images, [Crop(0, 0, 16)])
    assert positive.grid[0, 1] > 0
    assert network.training
    assert not network.drop.training
    assert network.weights.grad is None
    assert not images.requires_grad


def test_a_map_that_is_not_finite_says_so():
    images = with_spot(2, 2, (0, 1))
    images[0, 0, 0, 0] = float("nan")
    [(_, positive)] = grad_cam(Bright(), images, [Crop(0, 0, 16)])
    assert "not finite" in positive.reason


def test_each_image_has_a_crop():
    with pytest.raises(ValueError, match="1 images and 2 crops"):
        grad_cam(Bright(), with_spot(2, 2, (0, 0)), [Crop(0, 0, 16)] * 2)
