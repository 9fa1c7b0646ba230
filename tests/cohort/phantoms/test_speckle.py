import dataclasses

import numpy as np
import pytest

from sgcore.cohort.phantoms import SCANNERS
from sgcore.cohort.phantoms.beams import ACROSS, ALONG, Beams
from sgcore.cohort.phantoms.speckle import envelopes
from sgcore.cohort.phantoms.tissue import Tissue

PLAIN = dataclasses.replace(SCANNERS["Esaote MyLab Twice"], looks=1, noise_db=-200)


def envelope(scanner=PLAIN, density=10.0, level=0.0):
    tissue = Tissue()
    tissue.density[:] = density
    tissue.level[:] = level
    tissue.attenuation[:] = scanner.tgc
    beams = Beams(scanner)
    return envelopes(tissue, beams, 5), beams


def between(image, beams, top, bottom):
    rows = (beams.r > top) & (beams.r < bottom)
    return image[0][rows][:, 20:-20]


def lag(part, axis, step):
    """Width over which the intensity's autocorrelation falls to one half, mm."""
    power = part**2 - (part**2).mean()
    spectrum = np.abs(np.fft.fft(power, axis=axis)) ** 2
    correlation = np.fft.ifft(spectrum.mean(axis=1 - axis)).real
    correlation /= correlation[0]
    after = int(np.argmax(correlation < 0.5))
    high, low = correlation[after - 1], correlation[after]
    return step * (after - 1 + (high - 0.5) / (high - low))


def test_dense_scatterers_give_a_rayleigh_envelope():
    image, beams = envelope(density=30.0)
    part = between(image, beams, 2, 35)
    # Rayleigh: mean / SD is sqrt(pi / (4 - pi)) = 1.913 (Burckhardt 1978).
    assert part.mean() / part.std() == pytest.approx(1.913, rel=0.03)
    assert np.mean(part**4) / np.mean(part**2) ** 2 == pytest.approx(2, rel=0.1)


def test_few_scatterers_a_cell_scatter_the_envelope_more():
    ratios = [
        (part := between(*envelope(density=density), 2, 35)).mean() / part.std() for density in (0.3, 1, 30)
    ]
    assert ratios[0] < ratios[1] - 0.1 < ratios[2] - 0.2


@pytest.mark.parametrize("name", ["Esaote MyLab 90", "GE LOGIQ E20"])
def test_mean_power_of_gland_tissue_is_one_at_every_depth(name):
    image, beams = envelope(dataclasses.replace(SCANNERS[name], looks=1, noise_db=-200))
    for top, bottom in ((2, 13), (13, 24), (24, 35)):
        assert np.mean(between(image, beams, top, bottom) ** 2) == pytest.approx(1, rel=0.1)


def test_level_is_in_decibels():
    loud, quiet = envelope(level=6.0), envelope(level=-14.0)
    difference = 20 * np.log10(between(*loud, 2, 35).mean() / between(*quiet, 2, 35).mean())
    assert difference == pytest.approx(20, abs=1e-6)


def test_speckle_is_wider_than_long_and_widens_away_from_the_focus():
    image, beams = envelope()
    in_focus, deep = between(image, beams, 13, 19), between(image, beams, 30, 36)
    assert lag(in_focus, 1, ACROSS) > 1.5 * lag(in_focus, 0, ALONG)
    assert lag(deep, 1, ACROSS) > 1.15 * lag(in_focus, 1, ACROSS)
    # Of a pulse exp(-z^2 / 2 s^2), the intensity's autocovariance is exp(-z^2 / 2 s^2) too (Wagner et al. 1983).
    assert lag(in_focus, 0, ALONG) == pytest.approx(np.sqrt(2 * np.log(2)) * PLAIN.axial_sigma_mm, rel=0.1)


def test_noise_alone_grows_with_depth_as_the_compensation_does():
    scanner = dataclasses.replace(PLAIN, noise_db=-60)
    image, beams = envelope(scanner, level=-300.0)
    shallow, deep = between(image, beams, 4, 6), between(image, beams, 34, 36)
    gained = 20 * np.log10(deep.mean() / shallow.mean())
    assert gained == pytest.approx(2 * 0.1 * 30 * scanner.frequency_mhz * scanner.tgc, abs=0.5)


def test_looks_average_speckle():
    one, several = (envelope(dataclasses.replace(PLAIN, looks=looks))[0].mean(axis=0) for looks in (1, 3))
    assert several.std() / several.mean() < 0.85 * one.std() / one.mean()
