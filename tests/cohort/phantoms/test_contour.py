import numpy as np
import pytest
from scipy import ndimage

from sgcore.cohort.phantoms.contour import Contour
from tests.cohort.phantoms.scenes import scene

STEP = 0.05
GRID_X, GRID_Z = np.meshgrid(np.arange(-16, 17, STEP), np.arange(0, 30, STEP))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("irregularity", [0.0, 0.5, 1.5])
def test_area_and_aspect_ratio_are_those_of_the_scene(seed, irregularity):
    shown = scene(seed=seed, irregularity=irregularity, tilt_deg=25.0)
    inside = Contour(shown).inside(GRID_X, GRID_Z)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    assert ndimage.label(inside)[1] == 1
    assert inside.sum() * STEP**2 == pytest.approx(np.pi / 4 * 14 * 10, rel=0.01)
    assert np.ptp(rows) / np.ptp(columns) == pytest.approx(10 / 14, rel=0.02)


def test_without_irregularity_the_outline_is_the_ellipse():
    x, z = Contour(scene()).points
    np.testing.assert_allclose(((x - 0.5) / 7) ** 2 + ((z - 12.5) / 5) ** 2, 1, atol=1e-3)


def test_irregularity_folds_the_outline():
    solidity = []
    for irregularity in (0.0, 0.5, 1.0):
        x, z = Contour(scene(irregularity=irregularity)).points
        length = np.hypot(np.diff(x), np.diff(z)).sum()
        solidity.append(4 * np.pi * (np.pi / 4 * 14 * 10) / length**2)
    assert solidity[0] > solidity[1] > solidity[2]
    assert solidity[2] < 0.85 * solidity[0]


def test_tilt_turns_the_long_axis():
    contour = Contour(scene(tilt_deg=30.0))
    x, z = contour.points
    assert z[np.argmax(x)] > 12.5 + 1
    assert Contour(scene(tilt_deg=-30.0)).points[1][np.argmax(x)] < 12.5
