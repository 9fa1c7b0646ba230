"""A small picture keeps proportions and gray values, and the outline runs around the ROI."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from sgcore import plots
from sgcore.plots.case_image import CONTOUR

SIZE = (200, 150)


def _drawn(pixels: np.ndarray, mask: np.ndarray, spacing_mm: tuple[float, float] | None = None) -> np.ndarray:
    """RGBA, [rows, columns, 4]."""
    raw = plots.thumbnail(pixels, mask, SIZE, spacing_mm=spacing_mm)
    return np.asarray(Image.open(BytesIO(raw)))


def _extent(seen: np.ndarray) -> tuple[int, int, int, int]:
    """First row, last row, first column, last column that hold something."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


def _outlined(drawn: np.ndarray) -> np.ndarray:
    color = [int(CONTOUR[i : i + 2], 16) for i in (1, 3, 5)]
    return (drawn[..., :3] == color).all(axis=2) & (drawn[..., 3] == 255)


@pytest.mark.parametrize(
    ("shape", "spacing_mm", "extent"),
    [
        # Rows, columns; as wide as the picture, as high as it, and pixels twice as high as wide.
        ((300, 600), None, (25, 124, 0, 199)),
        ((600, 300), None, (0, 149, 62, 136)),
        ((300, 600), (0.2, 0.1), (0, 149, 25, 174)),
    ],
)
def test_proportions(
    shape: tuple[int, int], spacing_mm: tuple[float, float] | None, extent: tuple[int, int, int, int]
) -> None:
    drawn = _drawn(np.ones(shape), np.zeros(shape, dtype=bool), spacing_mm)
    assert drawn.shape == (SIZE[1], SIZE[0], 4)
    assert _extent(drawn[..., 3] > 0) == extent


def test_gray_values_reach_from_black_to_white() -> None:
    pixels = np.repeat(np.linspace(-40.0, 900.0, 400)[None, :], 300, axis=0)
    gray = _drawn(pixels, np.zeros(pixels.shape, dtype=bool))[75, :, 0].astype(int)
    assert gray[0] <= 2
    assert gray[-1] >= 253
    assert (np.diff(gray) >= 0).all()
    assert gray[100] == pytest.approx(128, abs=2)


@pytest.mark.parametrize("factor", [1, 4])
def test_the_outline_runs_around_the_roi(factor: int) -> None:
    """The ROI covers rows 30 to 59 and columns 80 to 159 of a picture whose image has ``factor`` pixels for one."""
    shape = (SIZE[1] * factor, SIZE[0] * factor)
    mask = np.zeros(shape, dtype=bool)
    mask[30 * factor : 60 * factor, 80 * factor : 160 * factor] = True
    found = _outlined(_drawn(np.zeros(shape), mask))
    top, bottom, left, right = _extent(found)
    assert (top, left) == (pytest.approx(30, abs=1), pytest.approx(80, abs=1))
    assert (bottom, right) == (pytest.approx(60, abs=1), pytest.approx(160, abs=1))
    # A line, nothing inside, and no gap on its way.
    assert not found[34:56, 84:156].any()
    assert found[:, 90:150].any(axis=0).all()
    assert found[35:55].any(axis=1).all()
