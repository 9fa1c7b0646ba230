"""Copies of an image are found, however they were exported or outlined; images of two lesions are not."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from sgcore.cohort import LabelMap, ScalarImage
from sgcore.cohort.image_likeness import MIN_CORRELATION, look, near_pairs
from sgcore.errors import CancelledError


def _scan(seed, shape=(180, 220)):
    """Speckle with a dark ellipse, inside the black frame and the caption that every image of a scanner has."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: shape[0], : shape[1]]
    height, width = rng.uniform(25, 35), rng.uniform(35, 50)
    mask = ((y - 90) / height) ** 2 + ((x - 110) / width) ** 2 <= 1
    speckle = ndimage.gaussian_filter(rng.rayleigh(1.0, shape), 1.2)
    pixels = np.clip(np.where(mask, 60, 120) * speckle, 0, 255)
    pixels[:12], pixels[-12:], pixels[:, :15], pixels[:, -15:] = 0, 0, 0, 0
    pixels[2:9, 20:90] = 255
    return pixels.round(), mask


def _look(pixels, mask):
    return look(ScalarImage(np.asarray(pixels, float)), LabelMap(np.asarray(mask, bool)))


def _jpeg(pixels, quality):
    kept = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(kept, format="JPEG", quality=quality)
    with Image.open(kept) as again:
        return np.asarray(again, float)


LOOKS = [_look(*_scan(seed)) for seed in range(12)]
COPIES = {
    "the same": lambda pixels, mask: (pixels, mask),
    "JPEG": lambda pixels, mask: (_jpeg(pixels, 60), mask),
    "brighter": lambda pixels, mask: (0.7 * pixels + 40, mask),
    "another gray curve": lambda pixels, mask: (255 * (pixels / 255) ** 1.4, mask),
    "smaller": lambda pixels, mask: (ndimage.zoom(pixels, 0.6, order=1), ndimage.zoom(mask, 0.6, order=0)),
    "outlined wider": lambda pixels, mask: (pixels, ndimage.binary_dilation(mask, iterations=2)),
    "outlined aside": lambda pixels, mask: (pixels, np.roll(mask, (1, -2), (0, 1))),
    "exported and outlined": lambda pixels, mask: (_jpeg(pixels + 6, 90), ndimage.binary_dilation(mask)),
    "wider range": lambda pixels, mask: (pixels * 100, mask),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_is_found(how):
    looks = [*LOOKS, _look(*COPIES[how](*_scan(3)))]
    found = near_pairs(looks, [str(i) for i in range(13)])
    near = found[found["near"]]
    assert near[["a", "b"]].to_numpy().tolist() == [[3, 12]]
    assert near["correlation"].iloc[0] >= MIN_CORRELATION


def test_images_of_one_scanner_are_not_alike():
    found = near_pairs(LOOKS, [str(i) for i in range(12)])
    assert len(found) == 1
    assert not found["near"].any()
    assert found["correlation"].iloc[0] < MIN_CORRELATION - 0.05
    # Whole pictures, with frame and caption, would be.
    whole = np.array([_scan(seed)[0].ravel() for seed in range(12)])
    assert np.corrcoef(whole)[np.triu_indices(12, 1)].max() > 0.6


def test_images_of_one_owner_are_there_once_an_image_and_never_the_closest_of_two():
    loop = [_look(np.roll(_scan(5)[0], shift, 1), np.roll(_scan(5)[1], shift, 1)) for shift in range(4)]
    owners = ["loop"] * 4 + [str(i) for i in range(12) if i != 5]
    found = near_pairs([*loop, *(each for i, each in enumerate(LOOKS) if i != 5)], owners)
    own = found[found["near"]]
    assert (own[["a", "b"]] < 4).to_numpy().all()
    assert set(own[["a", "b"]].to_numpy().ravel()) == {0, 1, 2, 3}
    assert len(own) <= 4
    rest = found[~found["near"]]
    assert len(rest) == 1
    assert rest[["a", "b"]].max().max() >= 4


def test_order_does_not_matter():
    looks = [*LOOKS, _look(*COPIES["exported and outlined"](*_scan(3)))]
    names = [str(i) for i in range(13)]
    found, turned = near_pairs(looks, names), near_pairs(looks[::-1], names[::-1])
    pair, other = found[found["near"]].iloc[0], turned[turned["near"]].iloc[0]
    assert {pair["a"], pair["b"]} == {12 - other["a"], 12 - other["b"]}
    assert pair["distance"] == other["distance"]
    assert pair["correlation"] == pytest.approx(other["correlation"], abs=0.05)


def test_a_copy_among_many_owners_is_found_through_blocks(monkeypatch):
    from sgcore.cohort import image_likeness

    monkeypatch.setattr(image_likeness, "_BLOCK", 5)
    found = near_pairs([*LOOKS, LOOKS[3]], [str(i) for i in range(13)])
    assert found.loc[found["near"], ["a", "b", "distance"]].to_numpy().tolist() == [[3, 12, 0]]


def test_images_without_any_pattern_are_not_alike():
    mask = _scan(0)[1]
    found = near_pairs([_look(np.full((180, 220), gray), mask) for gray in (10, 80)], ["p", "q"])
    assert found["correlation"].tolist() == [0]
    assert not found["near"].any()


def test_an_outline_at_the_border_or_of_one_pixel_can_be_compared():
    pixels = _scan(1)[0]
    corner, dot = np.zeros(pixels.shape, bool), np.zeros(pixels.shape, bool)
    corner[:60, :60], dot[90, 110] = True, True
    for mask in (corner, dot, np.ones(pixels.shape, bool)):
        found = near_pairs([_look(pixels, mask), _look(_jpeg(pixels, 90), mask)], ["p", "q"])
        assert found["near"].all()


def test_fewer_than_two_images_have_no_pair():
    for looks in ([], LOOKS[:1]):
        found = near_pairs(looks, ["p"] * len(looks))
        assert list(found) == ["a", "b", "distance", "correlation", "near"]
        assert found.empty
    same = near_pairs(LOOKS[:2], ["p", "p"])
    assert same.empty


def test_it_can_be_stopped():
    def stop():
        raise CancelledError("Stopped on request.")

    with pytest.raises(CancelledError):
        near_pairs(LOOKS, [str(i) for i in range(12)], stop)
