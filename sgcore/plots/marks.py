"""What several figures draw alike: axes, the diagonal, reasons, intervals, bands and the key of symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import shorten, wrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.theme import Theme, translucent

#: Letters of a reason on one line, and, where it is wrapped, of all its lines and of each.
_LONGEST, _WRAPPED, _LINE = 80, 92, 46


def auc_axis(chart: go.Figure, theme: Theme, *, title: str = "AUC with 95% interval") -> None:
    """The whole range of an AUC from left to right, with a line at what chance gives."""
    chart.add_vline(x=0.5, line={"color": theme.muted, "width": 1, "dash": "dot"})
    chart.update_xaxes(
        range=[0, 1.01],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=["0", "0.25", "0.50 (chance)", "0.75", "1"],
        title_text=title,
    )


def lines(chart: go.Figure, names: Sequence[str]) -> None:
    """One line a name, the first on top."""
    chart.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=names[::-1],
        range=[-0.6, len(names) - 0.4],
        showgrid=False,
    )


def places(chart: go.Figure, theme: Theme, labels: Mapping[str, str]) -> dict[str, int]:
    """A height a name, the first on top, with room for several marks; ``labels`` is what each is called."""
    place = {name: len(labels) - 1 - i for i, name in enumerate(labels)}
    chart.update_yaxes(
        tickvals=list(place.values()),
        ticktext=list(labels.values()),
        range=[-0.6, len(place) - 0.4],
        showgrid=False,
    )
    for boundary in range(1, len(place)):
        chart.add_hline(y=boundary - 0.5, line={"color": theme.grid, "width": 1})
    return place


def side_legend(chart: go.Figure, *, y: float = 1.0, line: int = 30) -> None:
    """The legend right of the figure, its top at ``y``, with lines of so many pixels (at least 30)."""
    chart.update_layout(
        legend={
            "orientation": "v",
            "x": 1.02,
            "y": y,
            "xanchor": "left",
            "yanchor": "top",
            "itemwidth": line,
        },
        margin={"t": 10},
    )


def diagonal(chart: go.Figure, theme: Theme) -> None:
    """The line from 0 to 1 on which both axes say the same."""
    chart.add_trace(
        go.Scatter(
            x=[0, 1],
            y=[0, 1],
            mode="lines",
            line={"color": theme.muted, "width": 1, "dash": "dot"},
            showlegend=False,
            hoverinfo="skip",
        )
    )


def say_why(
    chart: go.Figure, theme: Theme, y: Any, reason: Any, *, of: str = "", wrapped: bool = False
) -> None:
    """Write on the line ``y`` why it has no estimate; no reason reads "not estimable".

    ``of`` names the measure where a line has several. ``wrapped`` sets a long reason in two lines on the
    paper's color, whole on hover.
    """
    text = "not estimable" if words.missing(reason) or not reason else str(reason)
    text = f"{of}: {text}" if of else text
    if wrapped:
        lines = wrap(words.inert(shorten(text, _WRAPPED, placeholder=" …")), _LINE)
        look = {"text": "<br>".join(lines), "bgcolor": theme.paper, "hovertext": words.inert(text)}
    else:
        look = {"text": words.inert(words.short(text, _LONGEST))}
    font = {"color": theme.muted, "size": 12 if wrapped else 13}
    chart.add_annotation(x=0.5, y=y, showarrow=False, font=font, **look)


def error_bars(
    value: Any, low: Any, high: Any, color: str, *, thickness: float = 2.5, visible: bool = True
) -> dict[str, Any]:
    """Bars from ``low`` to ``high`` around ``value`` (numbers, or one each a point), for ``error_x`` or ``error_y``.

    Without a known interval none is drawn.
    """
    value, low, high = (np.atleast_1d(np.asarray(part, dtype=float)) for part in (value, low, high))
    return {
        "type": "data",
        "symmetric": False,
        "array": high - value,
        "arrayminus": value - low,
        "color": color,
        "thickness": thickness,
        "width": 0,
        "visible": visible and bool(np.isfinite(low).any()),
    }


def key(chart: go.Figure, theme: Theme, items: Iterable[tuple[str, str]]) -> None:
    """What each symbol means, in the legend: pairs of symbol and text."""
    for symbol, text in items:
        chart.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=text,
                marker={"symbol": symbol, "size": 11, "color": theme.muted, "line": {"width": 2}},
            )
        )


def band(chart: go.Figure, x: pd.Series, low: pd.Series, high: pd.Series, color: str) -> None:
    """A pointwise band between ``low`` and ``high`` over ``x``, in a thin shade of ``color`` (``#RRGGBB``)."""
    chart.add_trace(
        go.Scatter(
            x=pd.concat([x, x[::-1]]),
            y=pd.concat([high, low[::-1]]),
            mode="lines",
            fill="toself",
            fillcolor=translucent(color, 0.16),
            line={"width": 0},
            showlegend=False,
            hoverinfo="skip",
        )
    )


def auc_dot(
    chart: go.Figure,
    row: Any,
    y: Any,
    color: str,
    *,
    symbol: str,
    legend: bool,
    group: str = "",
    who: str = "",
) -> None:
    """An AUC with its interval at the height ``y``, named by ``who`` and ``group``; ``row`` has the numbers."""
    text = (
        f"{who or y}{', ' + group if group else ''}<br>AUC {words.auc(row.auc)} "
        f"({words.interval(row.ci_low, row.ci_high)})<br>"
        f"{words.cases(row.n_patients, row.n_images)}"
    )
    chart.add_trace(
        go.Scatter(
            x=[row.auc],
            y=[y],
            mode="markers",
            name=group,
            legendgroup=group,
            showlegend=legend,
            marker={"symbol": symbol, "size": 12, "color": color, "line": {"width": 2, "color": color}},
            error_x=error_bars(row.auc, row.ci_low, row.ci_high, color),
            hovertemplate=text + "<extra></extra>",
        )
    )
