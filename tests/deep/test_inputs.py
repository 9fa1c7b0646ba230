"""What a network sees: the square around the lesion, its gray values, and nothing beyond."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sgcore.cohort import LabelMap, ScalarImage, load_study, read_case
from sgcore.deep.crop import Crop, crop_of
from sgcore.deep.inputs import prepare, prepare_all
from sgcore.errors import ImageError, UsageError


def _region(shape, rows, columns):
    mask = np.zeros(shape, dtype=bool)
    mask[rows, columns] = True
    return LabelMap(mask)


def _image(shape=(60, 80), seed=0):
    return ScalarImage(np.random.default_rng(seed).integers(0, 256, shape).astype(float))


def test_the_crop_is_the_longer_side_with_its_margin_on_both_sides():
    crop = crop_of(_region((60, 80), slice(20, 30), slice(30, 50)), 0.1)
    assert crop == Crop(top=13, left=28, side=24)


def test_a_region_at_the_border_stays_in_the_middle_with_black_beyond():
    image = replace(_image(), pixels=np.full((60, 80), 255.0))
    gray, crop = prepare(image, _region((60, 80), slice(0, 10), slice(0, 10)), 12)
    assert crop == Crop(-1, -1, 12)
    assert (gray[0] == 0).all()
    assert (gray[:, 0] == 0).all()
    assert (gray[1:, 1:] == 1).all()


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(slice(30, 31), slice(40, 41)), (slice(2, 58), slice(1, 79)), (slice(59, 60), slice(0, 80))],
    ids=["one pixel", "nearly all", "last row"],
)
def test_regions_of_any_size_become_the_same_input(rows, columns):
    gray, crop = prepare(_image(), _region((60, 80), rows, columns), 32)
    assert gray.shape == (32, 32)
    assert gray.dtype == np.float32
    assert 0 <= gray.min() < gray.max() <= 1
    assert crop.cut(_image().pixels).size > 0


def test_pixels_outside_of_the_crop_do_not_matter():
    mask = _region((60, 80), slice(20, 30), slice(30, 50))
    image = _image()
    gray, crop = prepare(image, mask, 32)
    outside = np.ones((60, 80), dtype=bool)
    outside[crop.top : crop.top + crop.side, crop.left : crop.left + crop.side] = False
    for value in (255.0, 60000.0, -1e6, 0.25):
        other = replace(image, pixels=np.where(outside, value, image.pixels))
        np.testing.assert_array_equal(prepare(other, mask, 32)[0], gray)
    inside = image.pixels.copy()
    inside[crop.top, crop.left] = 255 - inside[crop.top, crop.left]
    assert (prepare(replace(image, pixels=inside), mask, 32)[0] != gray).any()


def test_eight_bits_keep_their_brightness_and_other_numbers_are_scaled_by_the_crop():
    mask = _region((40, 40), slice(10, 30), slice(10, 30))
    dark = ScalarImage(np.random.default_rng(1).integers(0, 50, (40, 40)).astype(float))
    assert prepare(dark, mask, 24)[0].max() < 0.2
    for factor, offset in ((257, 0), (0.001, 0), (20, -1000.5), (1e300, 0), (1.7e308 / 49, 0)):
        gray, _ = prepare(ScalarImage(dark.pixels * factor + offset), mask, 24)
        assert gray.min() == pytest.approx(0, abs=1e-6)
        assert gray.max() == pytest.approx(1, abs=1e-6)


def test_a_crop_of_one_gray_value_is_black_or_its_own_eight_bit_gray():
    mask = _region((40, 40), slice(10, 30), slice(10, 30))
    assert (prepare(ScalarImage(np.full((40, 40), 3000.0)), mask, 24)[0] == 0).all()
    assert prepare(ScalarImage(np.full((40, 40), 51.0)), mask, 24)[0] == pytest.approx(0.2)


def test_a_map_of_the_input_lands_on_the_pixels_it_was_made_of():
    shape = (60, 80)
    for rows, columns in ((slice(20, 30), slice(30, 50)), (slice(0, 7), slice(70, 80))):
        mask = _region(shape, rows, columns)
        # Each pixel's own place: what the network saw of it must come back to it.
        places = np.add.outer(np.arange(60.0) / 100, np.arange(80.0) / 1000)
        crop = crop_of(mask, 0.1)
        placed = crop.place(crop.pad(crop.cut(places), shape), shape)
        seen = ~np.isnan(placed)
        assert seen[mask.pixels].all()
        assert not seen.all()
        np.testing.assert_allclose(placed[seen], places[seen], atol=1e-6)


def test_a_coarse_map_peaks_where_its_cell_is():
    grid = np.zeros((7, 7))
    grid[1, 5] = 1
    placed = Crop(top=10, left=-7, side=70).place(grid, (200, 100))
    row, column = np.unravel_index(np.nanargmax(placed), placed.shape)
    assert abs(row - 24.5) <= 1
    assert abs(column - 47.5) <= 1


def test_images_of_a_study_are_read_as_elsewhere_and_do_not_touch_each_other(study_toml):
    study = load_study(study_toml)
    image_ids = list(study.images["image_id"])[:4]
    inputs = prepare_all(((name, *read_case(study, name)) for name in image_ids), 32)
    assert inputs.gray.shape == (4, 32, 32)
    assert inputs.notes == ()
    alone, crop = prepare(*read_case(study, image_ids[2]), 32)
    np.testing.assert_array_equal(inputs.gray[2], alone)
    assert inputs.crops[2] == crop


def test_crops_scaled_by_themselves_are_said():
    mask = _region((60, 80), slice(20, 30), slice(30, 50))
    image = _image()
    cases = [("a", image, mask), ("b", replace(image, pixels=image.pixels * 100.5), mask)]
    (note,) = prepare_all(cases, 16).notes
    assert note.startswith("1 of 2 crops hold no 8-bit gray values")
    assert "(b); the others by 255" in note


def test_what_cannot_be_used_is_named():
    empty = LabelMap(np.zeros((60, 80), dtype=bool))
    with pytest.raises(ImageError, match=r"^x7: the mask is empty"):
        prepare_all([("x7", _image(), empty)], 16)
    with pytest.raises(ImageError, match=r"\(60, 80\).*\(10, 10\)"):
        prepare(_image(), _region((10, 10), slice(1, 3), slice(1, 3)), 16)
    with pytest.raises(ImageError, match="no images"):
        prepare_all([], 16)
    with pytest.raises(UsageError, match=r"margin is -0\.1"):
        crop_of(_region((60, 80), slice(20, 30), slice(30, 50)), -0.1)
