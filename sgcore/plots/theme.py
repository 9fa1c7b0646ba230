"""Colors, dashes and markers that mean the same on every figure, in a light and a dark theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

ThemeName = Literal["light", "dark"]

#: Okabe-Ito; the Combined family is gray and follows the theme.
_FAMILY = {"US": "#CC79A7", "Radiomics": "#009E73", "DL": "#D55E00", "RadiomicsDL": "#0072B2"}
#: The same hues, lighter, where they stand on a dark ground.
_FAMILY_DARK = {"US": "#D98FB8", "Radiomics": "#1FB88C", "DL": "#E8702A", "RadiomicsDL": "#3D9BDB"}

_DASHES = {
    "LR": "solid",
    "SVM": "dash",
    "RF": "dot",
    "XGBoost": "dashdot",
    "LightGBM": "longdash",
    "MLP": "longdashdot",
}
#: Where a classifier's threshold lies on its curve.
_SYMBOLS = {
    "LR": "circle",
    "SVM": "square",
    "RF": "diamond",
    "XGBoost": "triangle-up",
    "LightGBM": "triangle-down",
    "MLP": "star",
}
#: Of networks, which are candidates of their own family: dash and gap lengths beyond plotly's names.
_NETWORK_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "12px 3px", "2px 6px")
_MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon")
OPACITY = {"train": 0.65, "validation": 0.8, "external": 1.0}


@dataclass(frozen=True)
class Theme:
    """Colors of one theme; ``text`` on ``paper`` has a contrast of at least 4.5 to 1."""

    name: ThemeName
    paper: str
    text: str
    muted: str
    grid: str
    accent: str
    negative: str
    positive: str
    combined: str
    box: str

    def family(self, name: str) -> str:
        """Color of a family; an unknown one is drawn like ``Combined``."""
        return (_FAMILY if self.name == "light" else _FAMILY_DARK).get(name, self.combined)


LIGHT = Theme(
    name="light",
    paper="#FFFFFF",
    text="#1F2933",
    muted="#5B6670",
    grid="#E3E7EB",
    accent="#0072B2",
    negative="#5F7C99",
    positive="#D9480F",
    combined="#595959",
    box="#F2F5F8",
)
DARK = Theme(
    name="dark",
    paper="#12171D",
    text="#E6EAEE",
    muted="#A3AEB8",
    grid="#323B45",
    accent="#56B4E9",
    negative="#8FAAC4",
    positive="#FF7A45",
    combined="#BFBFBF",
    box="#1D252E",
)
THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


def markers(centers: list[str]) -> dict[str, str]:
    """A marker shape a center, by its place in the study's own order."""
    return {center: _MARKERS[i % len(_MARKERS)] for i, center in enumerate(centers)}


def lines(models: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Dash of the curve and shape of the threshold of each classifier; of networks by their place among the models."""
    networks = [name for name in models if name not in _DASHES]
    styles = {name: (_DASHES[name], _SYMBOLS[name]) for name in models if name in _DASHES}
    for place, name in enumerate(networks):
        styles[name] = (_NETWORK_DASHES[place % len(_NETWORK_DASHES)], _MARKERS[place % len(_MARKERS)])
    return styles


def figure(theme: Theme, *, height: int, **layout: Any) -> go.Figure:
    """An empty figure in the given theme; ``layout`` goes to ``update_layout``."""
    chart = go.Figure()
    axis = {
        "gridcolor": theme.grid,
        "linecolor": theme.grid,
        "zeroline": False,
        "automargin": True,
        "title": {"font": {"size": 13, "color": theme.muted}},
        "tickfont": {"size": 13, "color": theme.text},
    }
    chart.update_layout(
        height=height,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "Source Sans, Source Sans Pro, sans-serif", "size": 13, "color": theme.text},
        margin={"l": 8, "r": 16, "t": 28, "b": 8},
        xaxis=axis,
        yaxis={**axis, "ticklabelstandoff": 6},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "xanchor": "left",
            "yanchor": "bottom",
            "font": {"size": 13, "color": theme.text},
        },
        # Buttons of the figure on the color of the page: plotly's own gray is half black on white.
        modebar={"bgcolor": theme.paper, "color": theme.muted, "activecolor": theme.text},
        hoverlabel={
            "bgcolor": theme.paper,
            "bordercolor": theme.muted,
            "font": {"color": theme.text, "size": 13},
            "align": "left",
        },
    )
    chart.update_layout(**layout)
    return chart


def translucent(color: str, alpha: float) -> str:
    """A ``#RRGGBB`` color with an opacity, as plotly reads it."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{alpha})"


def decades(values: Any) -> dict[str, Any]:
    """Ticks of a log axis in plain numbers: 1 and 3 of each decade, or only 1 where they are many."""
    known = np.asarray(values, dtype=float)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (
        (-1, 1) if known.size == 0 else (np.floor(np.log10(known.min())), np.ceil(np.log10(known.max())))
    )
    steps = (1.0, 3.0) if high - low <= 3 else (1.0,)
    ticks = [step * 10.0**power for power in range(int(low), int(high) + 1) for step in steps]
    return {"tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
