"""Calibration: what was observed among cases of a predicted probability, and which probabilities there are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Width of a bar of the probabilities under the curves.
BIN = 0.05


@drawn_once
def calibration(
    curves: Mapping[str, pd.DataFrame],
    points: Mapping[str, pd.DataFrame],
    theme: Theme,
    *,
    colors: Mapping[str, str],
    band: str | None = None,
    cases: pd.DataFrame | None = None,
    names: tuple[str, str] = ("negative", "positive"),
) -> go.Figure:
    """Curves of several models against the diagonal, and under them the probabilities of one.

    Parameters
    ----------
    curves : a frame ``predicted, observed, low, high`` a model; an empty one is left out.
    points : the same and ``n`` for groups of cases, drawn where a model has no curve.
    colors : by model.
    band : the model whose pointwise band (of points: whose intervals) is drawn.
    cases : ``y`` (0 or 1) and ``p`` of each case of that model, counted in bars; ``names`` of 0 and 1.
    """
    chart = figure(theme, height=450)
    marks.diagonal(chart, theme)
    if band is not None and len(curves.get(band, ())):
        frame = curves[band]
        marks.band(chart, frame["predicted"], frame["low"], frame["high"], colors[band])
    for name in dict.fromkeys([*curves, *points]):
        if len(curves.get(name, ())):
            _curve(chart, curves[name], name, colors[name], wide=name == band)
        elif len(points.get(name, ())):
            _points(chart, points[name], name, colors[name], intervals=name == band)
    highest = (0, 0) if cases is None or cases.empty else _bars(chart, cases, theme, names)
    share = words.inert(names[1])
    chart.update_xaxes(
        range=[-0.01, 1.01],
        title_text=f"Predicted probability of {share}",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        anchor="y2",
    )
    chart.update_yaxes(
        range=[-0.02, 1.02], title_text=f"Observed share of {share}", tickvals=[0, 0.25, 0.5, 0.75, 1]
    )
    chart.update_layout(
        yaxis={"domain": [0.27, 1]},
        yaxis2={
            "domain": [0, 0.2],
            "anchor": "x",
            "title": {"text": "Cases", "font": {"size": 13, "color": theme.muted}},
            "tickfont": {"size": 13, "color": theme.text},
            "showgrid": False,
            "tickvals": [-highest[1], 0, highest[0]],
            "ticktext": [str(highest[1]), "0", str(highest[0])],
            "zeroline": True,
            "zerolinecolor": theme.muted,
            "automargin": True,
        },
        barmode="relative",
        bargap=0.08,
    )
    marks.side_legend(chart)
    return chart


def _curve(chart: go.Figure, frame: pd.DataFrame, name: str, color: str, *, wide: bool) -> None:
    chart.add_trace(
        go.Scatter(
            x=frame["predicted"],
            y=frame["observed"],
            mode="lines",
            name=name,
            customdata=frame[["low", "high"]],
            line={"color": color, "width": 3.2 if wide else 2},
            hovertemplate=_HOVER.format(name=name, more=""),
        )
    )


def _points(chart: go.Figure, frame: pd.DataFrame, name: str, color: str, *, intervals: bool) -> None:
    chart.add_trace(
        go.Scatter(
            x=frame["predicted"],
            y=frame["observed"],
            mode="markers+lines",
            name=name,
            customdata=frame[["low", "high", "n"]],
            marker={"size": 11 if intervals else 7, "color": color},
            line={"color": color, "width": 1.6 if intervals else 1, "dash": "dot"},
            error_y=marks.error_bars(
                frame["observed"], frame["low"], frame["high"], color, thickness=2, visible=intervals
            ),
            hovertemplate=_HOVER.format(name=name, more="<br>%{customdata[2]:.0f} cases"),
        )
    )


def _bars(chart: go.Figure, cases: pd.DataFrame, theme: Theme, names: tuple[str, str]) -> tuple[int, int]:
    """Positive cases above the line, negative ones below; the highest bar of each."""
    highest = []
    edges = np.linspace(0, 1, round(1 / BIN) + 1)
    middle = (edges[:-1] + edges[1:]) / 2
    for value, color in ((1, theme.positive), (0, theme.negative)):
        counts = np.histogram(cases.loc[cases["y"] == value, "p"], bins=edges)[0]
        highest.append(int(counts.max()))
        name = words.inert(names[value])
        chart.add_trace(
            go.Bar(
                x=middle,
                y=counts if value else -counts,
                width=BIN * 0.9,
                name=name,
                customdata=counts,
                marker={"color": color},
                yaxis="y2",
                hovertemplate=f"{name}: %{{customdata}} cases near %{{x:.2f}}<extra></extra>",
            )
        )
    return highest[0], highest[1]


_HOVER = (
    "{name}<br>predicted %{{x:.2f}}<br>observed %{{y:.2f}} (%{{customdata[0]:.2f}} to %{{customdata[1]:.2f}}){more}"
    "<extra></extra>"
)
