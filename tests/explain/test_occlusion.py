"""An image without its lesion, and the lesion alone."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.cohort import LabelMap, ScalarImage
from sgcore.deep.crop import Crop
from sgcore.deep.inputs import prepare
from sgcore.explain.occlusion import part_image


def _case(size=40):
    """A textured lesion of 20 by 20 pixels in a textured image of 60 by 60, as a network sees it."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 100, (60, 60)).astype(float)
    roi = np.zeros((60, 60), dtype=np.uint8)
    roi[20:40, 20:40] = 1
    image[20:40, 20:40] += 120
    gray, crop = prepare(ScalarImage(image), LabelMap(roi), size, margin=0.5)
    return gray, roi, crop


def test_what_is_taken_away_is_the_mean_of_what_stays():
    gray, roi, crop = _case()
    found = part_image(gray, roi, crop)
    inside = np.zeros_like(gray, dtype=bool)
    # The crop is 40 pixels wide with the lesion in its middle, and so is the input.
    inside[10:30, 10:30] = True
    assert found.surroundings[inside] == pytest.approx(gray[~inside].mean())
    assert (found.surroundings[~inside] == gray[~inside]).all()
    assert found.lesion[~inside] == pytest.approx(gray[inside].mean())
    assert (found.lesion[inside] == gray[inside]).all()
    assert found.reason == ""
    assert found.surroundings.dtype == found.lesion.dtype == np.float32


@pytest.mark.parametrize("size", [13, 80])
def test_at_any_size_of_the_input_each_pixel_is_in_one_of_the_two(size):
    gray, roi, crop = _case(size)
    found = part_image(gray, roi, crop)
    kept = (found.surroundings == gray).astype(int) + (found.lesion == gray)
    assert (kept == 1).all()
    assert (found.lesion == gray).mean() == pytest.approx(0.25, abs=0.05)


def test_the_padding_beyond_the_image_is_painted_over_and_counts_for_no_mean():
    gray, roi, _ = _case()
    image = np.full((60, 60), 200.0)
    roi = np.zeros((60, 60), dtype=np.uint8)
    roi[:20, 20:40] = 1
    gray, crop = prepare(ScalarImage(image), LabelMap(roi), 40, margin=0.5)
    assert crop.top < 0
    assert gray.min() == 0
    found = part_image(gray, roi, crop)
    # A lesion of the same gray as all around it is gone without a trace.
    assert found.surroundings == pytest.approx(gray)
    assert found.lesion == pytest.approx(200 / 255)


def test_what_cannot_be_parted_says_why():
    gray = np.full((8, 8), 0.5, dtype=np.float32)
    everything = part_image(gray, np.ones((8, 8)), Crop(0, 0, 8))
    assert everything.reason == "the lesion fills all that the network sees"
    nothing = part_image(gray, np.zeros((8, 8)), Crop(0, 0, 8))
    assert nothing.reason == "no pixel of what the network sees is lesion"
    assert (nothing.lesion == gray).all()
