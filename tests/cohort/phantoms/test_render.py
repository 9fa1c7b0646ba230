import io

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from sgcore.cohort.phantoms import SCANNERS, render
from tests.cohort.phantoms.scenes import scene

SCANNER = SCANNERS["Hitachi HI VISION Preirus"]
SCENES = {
    "solid": scene(),
    "submandibular": scene(gland="submandibular", center_mm=(-1.0, 11.5), irregularity=0.8, tilt_deg=-15.0),
}


def inside(rendered):
    return rendered.pixels[ndimage.binary_erosion(rendered.mask, iterations=6)].astype(float)


def outward(mask):
    """Pixels from the outline to the center of each pixel; negative inside."""
    apart = ndimage.distance_transform_edt(~mask) - ndimage.distance_transform_edt(mask)
    return apart - 0.5 * np.sign(apart)


def behind(rendered):
    """Mean gray from 1 to 5 mm beneath the middle third of the lesion."""
    columns = np.flatnonzero(rendered.mask.any(axis=0))
    third = columns[columns.size // 3 : -columns.size // 3]
    step = round(1 / rendered.spacing_mm)
    below = [
        rendered.pixels[np.flatnonzero(rendered.mask[:, column]).max() + step :, column][: 4 * step]
        for column in third
    ]
    return np.mean(below)


@pytest.mark.parametrize("name", SCANNERS)
@pytest.mark.parametrize("kind", SCENES)
def test_lesion_shows_on_every_scanner(kind, name):
    shown, scanner = SCENES[kind], SCANNERS[name]
    rendered = render(shown, scanner)
    pixels, mask = rendered.pixels, rendered.mask
    assert pixels.dtype == np.uint8
    assert mask.dtype == bool
    assert pixels.shape == mask.shape == scanner.shape
    assert rendered.spacing_mm == scanner.pixel_spacing_mm
    assert ndimage.label(mask)[1] == 1
    assert mask[1:-1, 1:-1].sum() == mask.sum() > 0
    area = mask.sum() * rendered.spacing_mm**2
    assert area == pytest.approx(np.pi / 4 * shown.width_mm * shown.height_mm, rel=0.01)
    ring = ndimage.binary_dilation(mask, iterations=14) & ~ndimage.binary_dilation(mask, iterations=5)
    assert np.median(pixels[ring]) - np.median(inside(rendered)) > 12
    assert np.mean(pixels == 255) < 0.01
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG", optimize=True)
    assert png.tell() < 22e6 / 242


def test_the_outline_lies_where_the_gray_level_changes():
    rendered = render(scene(echo_db=-20.0), SCANNER)
    away = outward(rendered.mask)
    smooth = ndimage.gaussian_filter(rendered.pixels.astype(float), 0.7)
    profile = [smooth[(away > at) & (away <= at + 1)].mean() for at in range(-8, 8)]
    # Numbers 7 and 8 are the first pixels inside and outside; the steepest step is between them, give or take one.
    assert 6 <= np.argmax(np.diff(profile)) <= 8


def test_same_scene_and_scanner_give_the_same_bytes():
    first, again = render(scene(), SCANNER), render(scene(), SCANNER)
    np.testing.assert_array_equal(first.pixels, again.pixels)
    np.testing.assert_array_equal(first.mask, again.mask)
    assert (render(scene(seed=8), SCANNER).pixels != first.pixels).mean() > 0.5


def test_scanners_differ_in_pixels_not_in_tissue():
    dark = scene(echo_db=-30.0)
    images = [render(dark, scanner) for scanner in SCANNERS.values()]
    assert len({image.pixels.tobytes() for image in images}) == len(images)
    places = [np.array(ndimage.center_of_mass(image.mask))[0] * image.spacing_mm for image in images]
    np.testing.assert_allclose(places, 12.5, atol=0.15)


def test_echogenicity_moves_the_gray_level_inside():
    means = [inside(render(scene(echo_db=level), SCANNER)).mean() for level in (-14.0, -6.0, 0.0, 5.0)]
    assert np.all(np.diff(means) > 8)


def test_heterogeneity_varies_the_level_inside():
    spreads = []
    for spread in (0.0, 2.0, 4.0):
        rendered = render(scene(heterogeneity_db=spread, echo_db=-8.0), SCANNER)
        smooth = ndimage.gaussian_filter(rendered.pixels.astype(float), 4)
        spreads.append(smooth[ndimage.binary_erosion(rendered.mask, iterations=9)].std())
    assert spreads[0] < spreads[1] < spreads[2]
    assert spreads[2] > 1.8 * spreads[0]


def test_cystic_share_is_the_share_that_is_dark():
    dark = []
    for share in (0.0, 0.3, 0.7):
        rendered = render(scene(cystic_share=share), SCANNER)
        smooth = ndimage.gaussian_filter(rendered.pixels.astype(float), 1.5)
        dark.append(np.mean(smooth[rendered.mask] < 70))
    np.testing.assert_allclose(dark, [0.0, 0.3, 0.7], atol=0.08)


def test_posterior_acoustics_brighten_or_darken_what_lies_behind():
    means = [behind(render(scene(posterior_db=level), SCANNER)) for level in (-10.0, -4.0, 0.0, 5.0)]
    assert np.all(np.diff(means) > 5)


def test_posterior_acoustics_leave_what_lies_beside():
    changed, plain = (render(scene(posterior_db=level), SCANNER).pixels for level in (-10.0, 0.0))
    left = round((SCANNER.width_mm / 2 + 0.5 - 7 - 2) / SCANNER.pixel_spacing_mm)
    np.testing.assert_allclose(changed[:, :left].astype(float), plain[:, :left], atol=1)


def test_calcifications_are_bright_and_cast_shadows():
    plain, calcified = (render(scene(calcifications=count), SCANNER) for count in (0, 6))
    spots = ndimage.label((calcified.pixels > 215) & plain.mask)[1]
    assert ndimage.label((plain.pixels > 215) & ndimage.binary_erosion(plain.mask, iterations=4))[1] == 0
    assert 4 <= spots <= 8
    assert behind(calcified) < behind(plain) - 3


def test_blur_softens_the_margin():
    steps = []
    for blur in (0.1, 1.2):
        rendered = render(scene(margin_blur_mm=blur, echo_db=-20.0), SCANNER)
        away = outward(rendered.mask)
        profile = [rendered.pixels[(away > at) & (away <= at + 2)].mean() for at in range(-12, 12, 2)]
        steps.append(np.diff(profile).max())
    assert steps[1] < 0.75 * steps[0]


@pytest.mark.parametrize(
    ("center", "name"),
    [((15.0, 12.5), "Esaote MyLab Twice"), ((0.0, 36.0), "Siemens S2000"), ((12.0, 12.5), "GE LOGIQ E20")],
)
def test_a_lesion_out_of_the_field_is_refused(center, name):
    with pytest.raises(ValueError, match=f"center_mm is .*out of the field of {name}.*move or shrink it"):
        render(scene(center_mm=center), SCANNERS[name])
