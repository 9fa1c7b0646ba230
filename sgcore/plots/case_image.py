"""One case's image: gray values, the ROI's outline, and a map of the network over them."""

from __future__ import annotations

import base64
from io import BytesIO

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from PIL import Image
from plotly.colors import get_colorscale, unlabel_rgb

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Pixels of the longer side that are drawn; a larger image is made smaller, its axes stay in its own pixels.
_DRAWN = 1400
#: Lengths of a scale bar, in millimeters.
_BARS = tuple(step * 10.0**power for power in range(-3, 4) for step in (1, 2, 5))
CONTOUR = "#56B4E9"
#: Pixels of the screen that an image usually has across; its height follows, within limits.
_WIDTH, _HEIGHTS = 480, (220, 560)
#: Written as rgb(): Streamlit takes #000004, the darkest color of the scale, for one of its own and replaces it.
_INFERNO = [
    [place, f"rgb{tuple(int(color[i : i + 2], 16) for i in (1, 3, 5))}"]
    for place, color in get_colorscale("Inferno")
]


@drawn_once
def case_image(
    pixels: NDArray[np.float64],
    mask: NDArray[np.bool_],
    theme: Theme,
    *,
    window: tuple[float, float],
    heat: NDArray[np.float64] | None = None,
    opacity: float = 0.5,
    square: tuple[int, int, int] | None = None,
    contour: bool = True,
    spacing_mm: tuple[float, float] | None = None,
    speaks_for: str = "",
) -> go.Figure:
    """An image [rows, columns] with the outline of its ROI and a map over it.

    ``window`` are the gray values that are black and white. ``heat`` is a map of the same shape: inferno with
    up to ``opacity`` where it is above 0, nothing where it is 0 or NaN; ``square`` (top, left, side in pixels) is
    what the network saw, which may reach beyond the image. ``spacing_mm`` (row, column) gives a scale bar and
    pixels their shape. ``speaks_for`` is the label that the map speaks for.
    """
    rows, columns = pixels.shape
    ratio = 1.0 if spacing_mm is None else spacing_mm[0] / spacing_mm[1]
    chart = figure(theme, height=round(float(np.clip(_WIDTH * ratio * rows / columns, *_HEIGHTS))))
    low, high = window
    gray = np.clip((pixels - low) / ((high - low) or 1.0), 0, 1)
    _layer(chart, Image.fromarray((255 * gray).round().astype(np.uint8)), pixels.shape, "image")
    if heat is not None and np.nanmax(heat, initial=0.0) > 0:
        _layer(chart, Image.fromarray(colored(heat, opacity)), pixels.shape, "map")
        _key(chart, speaks_for)
    if square is not None:
        top, left, side = square
        chart.add_shape(
            type="rect",
            x0=left - 0.5,
            x1=left + side - 0.5,
            y0=top - 0.5,
            y1=top + side - 0.5,
            line={"color": "#FFFFFF", "width": 1, "dash": "dot"},
        )
    if contour:
        x, y = outline(mask)
        chart.add_trace(
            go.Scatter(
                x=x,
                y=y,
                mode="lines",
                name="ROI",
                showlegend=False,
                hoverinfo="skip",
                line={"color": CONTOUR, "width": 2},
            )
        )
    if spacing_mm is not None:
        _scale_bar(chart, pixels.shape, spacing_mm[1])
    hidden = {"showgrid": False, "showticklabels": False, "ticks": "", "constrain": "domain"}
    chart.update_xaxes(range=[-0.5, columns - 0.5], **hidden)
    chart.update_yaxes(range=[rows - 0.5, -0.5], scaleanchor="x", scaleratio=ratio, **hidden)
    chart.update_layout(margin={"l": 0, "r": 0, "t": 4, "b": 4}, dragmode="pan")
    return chart


def colored(heat: NDArray[np.float64], opacity: float) -> NDArray[np.uint8]:
    """A map [rows, columns] as RGBA [rows, columns, 4]: inferno from 0 to its highest value.

    Transparent where the map is 0 or NaN: there nothing speaks for the class, or the network saw nothing. Opacity
    grows over the lowest quarter of the values, so that no dark edge of the map hides the image.
    """
    values = np.nan_to_num(heat, nan=0.0)
    share = np.clip(values / (values.max(initial=0.0) or 1.0), 0, 1)
    places = [place for place, _ in _INFERNO]
    colors = np.array([unlabel_rgb(color) for _, color in _INFERNO])
    painted = np.zeros((*heat.shape, 4), dtype=np.uint8)
    for channel in range(3):
        painted[..., channel] = np.interp(share, places, colors[:, channel]).round()
    painted[..., 3] = (255 * opacity * np.minimum(1, 4 * share)).round()
    return painted


def outline(mask: NDArray[np.bool_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The border of a region along the edges of its pixels: x and y of segments, each followed by NaN.

    Pixel (row, column) reaches from ``column - 0.5`` to ``column + 0.5`` and so on.
    """
    padded = np.pad(mask, 1)
    above = np.argwhere(padded[1:, 1:-1] != padded[:-1, 1:-1])
    left = np.argwhere(padded[1:-1, 1:] != padded[1:-1, :-1])
    gap = np.full(len(above) + len(left), np.nan)
    start_x = np.concatenate([above[:, 1], left[:, 1]]) - 0.5
    start_y = np.concatenate([above[:, 0], left[:, 0]]) - 0.5
    flat = np.concatenate([np.ones(len(above)), np.zeros(len(left))])
    x = np.column_stack([start_x, start_x + flat, gap]).ravel()
    y = np.column_stack([start_y, start_y + 1 - flat, gap]).ravel()
    return x, y


def _layer(chart: go.Figure, picture: Image.Image, shape: tuple[int, int], name: str) -> None:
    """A picture over the axes of an image of this ``shape``, made smaller where it is large."""
    picture.thumbnail((_DRAWN, _DRAWN))
    target = BytesIO()
    picture.save(target, format="PNG")
    dx, dy = shape[1] / picture.width, shape[0] / picture.height
    chart.add_trace(
        go.Image(
            source=f"data:image/png;base64,{base64.b64encode(target.getvalue()).decode('ascii')}",
            x0=dx / 2 - 0.5,
            y0=dy / 2 - 0.5,
            dx=dx,
            dy=dy,
            name=name,
            hoverinfo="skip",
        )
    )


def _key(chart: go.Figure, speaks_for: str) -> None:
    """The color bar of the map, which has no unit: from little to much within this map."""
    chart.add_trace(
        go.Scatter(
            x=[None],
            y=[None],
            mode="markers",
            showlegend=False,
            hoverinfo="skip",
            marker={
                "color": [0],
                "cmin": 0,
                "cmax": 1,
                "colorscale": _INFERNO,
                "showscale": True,
                "colorbar": {
                    "title": {
                        "text": words.inert(f"Speaks for {speaks_for}"),
                        "side": "right",
                        "font": {"size": 13},
                    },
                    "thickness": 12,
                    "len": 0.7,
                    "tickvals": [0, 1],
                    "ticktext": ["little", "most"],
                    "outlinewidth": 0,
                },
            },
        )
    )


def _scale_bar(chart: go.Figure, shape: tuple[int, int], column_mm: float) -> None:
    """A bar of a round length, about a fifth of the image's width, at its lower left."""
    rows, columns = shape
    fitting = [length for length in _BARS if length <= 0.25 * columns * column_mm]
    if not fitting:
        return
    length = fitting[-1]
    x, y = 0.04 * columns, 0.95 * rows
    for color, width in (("#000000", 5), ("#FFFFFF", 3)):
        chart.add_shape(
            type="line",
            x0=x,
            x1=x + length / column_mm,
            y0=y,
            y1=y,
            line={"color": color, "width": width},
        )
    chart.add_annotation(
        x=x,
        y=y,
        text=f"{length:g} mm",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        yshift=3,
        font={"size": 12, "color": "#FFFFFF"},
        bgcolor="rgba(0,0,0,0.6)",
    )
