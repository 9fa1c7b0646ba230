"""An image without its lesion, and the lesion alone."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.cohort import LabelMap, ScalarImage
from sgcore.deep.crop import Crop
from sgcore.deep.inputs import prepare
from sgcore.explain.occlusion import occlude


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
    found = occlude(gray, roi, crop)
    inside, gone = np.zeros((2, *gray.shape), dtype=bool)
    # The crop is 40 pixels wide with the lesion in its middle, and so is the input; a pixel more goes with the lesion.
    inside[10:30, 10:30] = gone[9:31, 9:31] = True
    assert found.surroundings[gone] == pytest.approx(gray[~gone].mean())
    assert (found.surroundings[~gone] == gray[~gone]).all()
    assert found.lesion[~inside] == pytest.approx(gray[inside].mean())
    assert (found.lesion[inside] == gray[inside]).all()
    assert found.reason == ""
    assert found.surroundings.dtype == found.lesion.dtype == np.float32


@pytest.mark.parametrize("size", [33, 80, 224])
@pytest.mark.parametrize("level", [0.0, 255.0])
def test_nothing_of_the_lesions_gray_stays_around_it_at_any_size(size, level):
    image, roi = np.full((200, 220), 51.0), np.zeros((200, 220), dtype=np.uint8)
    rows, columns = np.ogrid[:200, :220]
    disc = (rows - 90) ** 2 + (columns - 101) ** 2 < 57**2
    image[disc], roi[disc] = level, 1
    gray, crop = prepare(ScalarImage(image), LabelMap(roi), size)
    found = occlude(gray, roi, crop)
    assert found.surroundings == pytest.approx(0.2, abs=1e-6)
    # The lesion alone is what it was, on its own gray.
    assert (found.lesion == gray).mean() == pytest.approx(np.pi / 4 / 1.2**2, abs=0.05)


def test_the_padding_beyond_the_image_counts_for_no_mean():
    image, roi = np.full((60, 60), 200.0), np.zeros((60, 60), dtype=np.uint8)
    roi[:20, 20:40] = 1
    gray, crop = prepare(ScalarImage(image), LabelMap(roi), 40, margin=0.5)
    assert crop.top < 0
    assert gray.min() == 0
    found = occlude(gray, roi, crop)
    beyond = gray == 0
    assert found.surroundings[~beyond] == pytest.approx(200 / 255)
    # Of the lesion alone nothing of the image's edge is seen.
    assert found.lesion == pytest.approx(200 / 255)


def test_what_cannot_be_parted_says_why():
    gray = np.full((8, 8), 0.5, dtype=np.float32)
    everything = occlude(gray, np.ones((8, 8)), Crop(0, 0, 8))
    assert everything.reason == "the lesion fills all that the network sees"
    nothing = occlude(gray, np.zeros((8, 8)), Crop(0, 0, 8))
    assert nothing.reason == "no pixel of what the network sees is lesion"
    assert (nothing.lesion == gray).all()
