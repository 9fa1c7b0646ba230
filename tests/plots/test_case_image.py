"""Pixels of a case: the map lands where the network looked, the outline runs around the ROI."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from sgcore import plots
from sgcore.deep.crop import Crop
from sgcore.explain.gradcam import GradCam
from sgcore.plots.case_image import colored, outline

SHAPE = (40, 60)


def _mask() -> np.ndarray:
    mask = np.zeros(SHAPE, dtype=bool)
    mask[5:15, 38:58] = True
    return mask


def _hot() -> GradCam:
    """4 x 4 cells over a square that reaches 8 rows above the image and 12 columns right of it; one is hot."""
    signed = np.full((4, 4), -1.0, dtype=np.float32)
    signed[2, 1] = 3.0
    return GradCam(signed, 1, Crop(top=-8, left=32, side=40))


def _pixels(trace: go.Image) -> np.ndarray:
    raw = base64.b64decode(trace.source.partition(",")[2])
    return np.asarray(Image.open(BytesIO(raw)))


def _draw(**changes: object) -> go.Figure:
    pixels = np.arange(SHAPE[0] * SHAPE[1], dtype=float).reshape(SHAPE)
    given = {"window": (0.0, pixels.max())} | changes
    return plots.case_image(pixels, _mask(), plots.LIGHT, **given)


def test_the_hot_cell_lands_on_its_pixels() -> None:
    """Cell (2, 1) covers rows 12 to 22 and columns 42 to 52 of the image; its center is at (16.5, 46.5)."""
    chart = _draw(heat=_hot().on_image(SHAPE), opacity=0.6)
    painted = _pixels(next(trace for trace in chart.data if trace.name == "map"))
    assert painted.shape == (*SHAPE, 4)
    shown = painted[..., 3] > 0
    rows, columns = np.nonzero(shown)
    # Bilinear: from the center of the cell to those of its neighbors, 10 pixels each way.
    assert (rows.min(), rows.max()) == (7, 26)
    assert (columns.min(), columns.max()) == (37, 56)
    brightest = painted[..., :3].sum(axis=2) * shown
    hottest = np.argwhere(brightest == brightest.max())
    assert np.abs(hottest.mean(axis=0) - [16.5, 46.5]).max() <= 0.5
    assert painted[16, 46, 3] == painted[..., 3].max() == 153


def test_picture_and_map_share_the_axes_of_the_image() -> None:
    chart = _draw(heat=_hot().on_image(SHAPE), square=(-8, 32, 40))
    for trace in chart.data[:2]:
        assert (trace.x0, trace.y0, trace.dx, trace.dy) == (0, 0, 1, 1)
    assert list(chart.layout.xaxis.range) == [-0.5, 59.5]
    assert list(chart.layout.yaxis.range) == [39.5, -0.5]
    (square,) = chart.layout.shapes
    assert (square.x0, square.x1, square.y0, square.y1) == (31.5, 71.5, -8.5, 31.5)


def test_a_large_image_is_drawn_smaller_over_the_same_axes() -> None:
    pixels = np.zeros((700, 2800))
    chart = plots.case_image(pixels, pixels > 0, plots.LIGHT, window=(0, 1))
    picture = chart.data[0]
    assert (picture.dx, picture.dy) == (2, 2)
    assert picture.x0 - picture.dx / 2 == picture.y0 - picture.dy / 2 == -0.5
    assert list(chart.layout.xaxis.range) == [-0.5, 2799.5]


def test_the_window_is_black_and_white() -> None:
    gray = _pixels(_draw(window=(600.0, 1200.0)).data[0]).astype(int)
    assert gray.ravel()[[0, 600, 900, 1200, 2399]].tolist() == [0, 0, 128, 255, 255]
    flat = plots.case_image(np.full(SHAPE, 7.0), _mask(), plots.LIGHT, window=(7.0, 7.0))
    assert len(np.unique(_pixels(flat.data[0]))) == 1


@pytest.mark.parametrize("heat", [None, np.zeros(SHAPE), np.full(SHAPE, np.nan)])
def test_an_empty_map_is_not_drawn(heat: np.ndarray | None) -> None:
    assert [trace.name for trace in _draw(heat=heat).data] == ["image", "ROI"]


def test_colors_go_from_dark_to_bright_where_there_is_a_value() -> None:
    painted = colored(np.array([[np.nan, 0.0, 0.5, 1.0]]), 1.0)[0]
    assert painted[:, 3].tolist() == [0, 0, 255, 255]
    assert painted[3, :3].sum() > painted[2, :3].sum() > 0


def test_the_outline_runs_along_the_edges_of_the_pixels() -> None:
    mask = np.zeros((3, 4), dtype=bool)
    mask[0, 1] = mask[0, 2] = True
    x, y = outline(mask)
    segments = {frozenset({(x[i], y[i]), (x[i + 1], y[i + 1])}) for i in range(0, len(x), 3)}
    assert segments == {
        frozenset({(0.5, -0.5), (1.5, -0.5)}),
        frozenset({(1.5, -0.5), (2.5, -0.5)}),
        frozenset({(0.5, 0.5), (1.5, 0.5)}),
        frozenset({(1.5, 0.5), (2.5, 0.5)}),
        frozenset({(0.5, -0.5), (0.5, 0.5)}),
        frozenset({(2.5, -0.5), (2.5, 0.5)}),
    }
    assert np.isnan(x[2::3]).all()


def test_a_scale_bar_stands_only_where_the_spacing_is_known() -> None:
    assert not _draw().layout.shapes
    chart = _draw(spacing_mm=(0.2, 0.1))
    bar = chart.layout.shapes[0]
    assert (bar.x1 - bar.x0) * 0.1 == pytest.approx(1)
    assert chart.layout.annotations[0].text == "1 mm"
    assert chart.layout.yaxis.scaleratio == 2
    assert not _draw(contour=False).data[1:]


def test_the_key_of_the_map_is_inert() -> None:
    chart = _draw(heat=_hot().on_image(SHAPE), speaks_for="<b>x</b>")
    assert any(
        "&lt;b&gt;" in (trace.marker.colorbar.title.text or "")
        for trace in chart.data
        if trace.type == "scatter"
    )


def test_the_key_has_the_colors_of_the_map() -> None:
    """As rgb(): Streamlit replaces #000004, which begins the scale."""
    chart = _draw(heat=_hot().on_image(SHAPE), speaks_for="x")
    scale = next(trace.marker.colorscale for trace in chart.data if trace.type == "scatter")
    assert all(color.startswith("rgb(") for _, color in scale)
    ends = colored(np.array([[1e-9, 1.0]]), 1.0)[0, :, :3]
    assert [f"rgb({red}, {green}, {blue})" for red, green, blue in ends] == [scale[0][1], scale[-1][1]]


def test_the_figure_is_as_high_as_its_image_needs() -> None:
    wide = plots.case_image(
        np.zeros((300, 600)), np.zeros((300, 600), dtype=bool), plots.LIGHT, window=(0, 1)
    )
    square = plots.case_image(np.zeros((60, 60)), np.zeros((60, 60), dtype=bool), plots.LIGHT, window=(0, 1))
    assert 2 * wide.layout.height == square.layout.height
    # Rows twice as far apart as columns.
    tall = plots.case_image(
        np.zeros((300, 600)),
        np.zeros((300, 600), dtype=bool),
        plots.LIGHT,
        window=(0, 1),
        spacing_mm=(0.2, 0.1),
    )
    assert tall.layout.height == square.layout.height
