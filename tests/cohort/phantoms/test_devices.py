import dataclasses

import numpy as np
import pytest

from sgcore.cohort.phantoms import SCANNERS, render
from tests.cohort.phantoms.scenes import scene


def test_the_six_scanners_of_the_reference_study():
    assert set(SCANNERS) == {
        "Esaote MyLab Twice",
        "Esaote MyLab 90",
        "Hitachi HI VISION Preirus",
        "Siemens S2000",
        "GE LOGIQ E20",
        "Fuji ALOKA ARIETTA 850",
    }
    assert {scanner.geometry for scanner in SCANNERS.values()} == {"linear", "trapezoid"}
    assert all(name == scanner.name for name, scanner in SCANNERS.items())


@pytest.mark.parametrize("field", ["frequency_mhz", "dynamic_range_db", "pixel_spacing_mm", "shape"])
def test_each_has_numbers_of_its_own(field):
    assert len({getattr(scanner, field) for scanner in SCANNERS.values()}) == len(SCANNERS)


@pytest.mark.parametrize("scanner", SCANNERS.values(), ids=lambda scanner: scanner.name)
def test_probe_and_field_suit_superficial_tissue(scanner):
    assert 5 <= scanner.frequency_mhz <= 12
    height, width = scanner.shape
    assert 260 <= height <= 320
    assert 300 <= width <= 380
    if scanner.geometry == "linear":
        assert scanner.aperture_mm == pytest.approx(scanner.width_mm, abs=0.5)
    else:
        assert scanner.aperture_mm < 0.8 * scanner.width_mm
    assert scanner.lateral_sigma_mm(np.array(scanner.focus_mm)) < scanner.lateral_sigma_mm(np.array(35.0))


def test_gain_brightens_and_dynamic_range_flattens():
    scanner = SCANNERS["Siemens S2000"]
    plain = render(scene(), scanner).pixels.astype(float)
    louder = render(scene(), dataclasses.replace(scanner, gain_db=scanner.gain_db + 6)).pixels
    flatter = render(scene(), dataclasses.replace(scanner, dynamic_range_db=80)).pixels
    assert louder.mean() > plain.mean() + 10
    assert flatter.std() < 0.95 * plain.std()


def test_trapezoid_is_black_beside_its_beams():
    pixels = render(scene(), SCANNERS["GE LOGIQ E20"]).pixels
    middle = pixels.shape[0] // 2
    assert not pixels[5, :40].any()
    assert pixels[middle, 60:-60].mean() > 40
    assert render(scene(), SCANNERS["Siemens S2000"]).pixels[5, :40].min() > 0
