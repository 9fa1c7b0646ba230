"""Augmentation: drawn by seed, epoch and image, and no more than is documented."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sgcore.deep.augment import BRIGHTNESS, CONTRAST, DEGREES, SCALE, augment, draw
from tests.deep.tiny import images


def test_an_image_is_augmented_the_same_whatever_else_is_in_the_batch():
    inputs, _ = images(6)
    gray = torch.as_tensor(inputs.gray)
    together = augment(gray, 3, 2, np.arange(6))
    alone = augment(gray[4:5], 3, 2, np.array([4]))
    torch.testing.assert_close(together[4:5], alone, rtol=0, atol=0)


@pytest.mark.parametrize("other", [(4, 2, 4), (3, 1, 4), (3, 2, 5)], ids=["seed", "epoch", "image"])
def test_seed_epoch_and_image_each_give_another_draw(other):
    assert (draw(3, 2, 4) == draw(3, 2, 4)).all()
    assert (draw(3, 2, 4) != draw(*other)).any()


def test_draws_fill_the_documented_ranges_and_mirror_half():
    drawn = np.array([draw(0, 1, index) for index in range(2000)])
    linear = drawn[:, [0, 1, 3, 4]].reshape(-1, 2, 2)
    sizes = 1 / np.sqrt(np.abs(np.linalg.det(linear)))
    angles = np.rad2deg(np.arctan2(linear[:, 1, 0], linear[:, 1, 1]))
    for values, low, high in (
        (sizes, 1 - SCALE, 1 + SCALE),
        (angles, -DEGREES, DEGREES),
        (drawn[:, 2], -0.1, 0.1),
        (drawn[:, 5], -0.1, 0.1),
        (drawn[:, 6], 1 - CONTRAST, 1 + CONTRAST),
        (drawn[:, 7], -BRIGHTNESS, BRIGHTNESS),
    ):
        assert low <= values.min() < low + 0.02 * (high - low)
        assert high >= values.max() > high - 0.02 * (high - low)
    assert 0.45 < (np.linalg.det(linear) < 0).mean() < 0.55
    # Never top to bottom.
    assert (linear[:, 1, 1] > 0).all()


def test_augmented_images_stay_between_black_and_white_and_global_draws_are_untouched():
    gray = torch.ones(40, 16, 16)
    torch.manual_seed(5)
    before = torch.random.get_rng_state()
    changed = augment(gray, 0, 1, np.arange(40))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert changed.std() > 0
