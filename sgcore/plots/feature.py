"""One feature by center and label: a strip of points with a box each, or the share of each level of a descriptor."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.colors
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import OPACITY, Theme, decades, figure, translucent

#: Cases of a box; fewer are points alone. Letters of a name on an axis, and of a level in the legend.
_BOXED, _NAME, _LEVEL = 5, 34, 26
#: Pixels of a line, and of one where they are many.
_LINE, _TIGHT, _MANY = 54, 40, 10
#: Levels with a color of their own; the rest is one gray part.
_LEVELS = 8
_SYMBOLS = {"train": "circle-open", "validation": "square", "external": "circle"}
_PLACES = {"train": "training", "validation": "validation", "external": "external"}


def groups(cases: pd.DataFrame, centers: Sequence[str]) -> list[tuple[str, str]]:
    """(center, subset) of the cases, in the order of ``centers``; each is a line of the figures."""
    found = set(zip(cases["center"], cases["subset"], strict=True))
    return [(center, subset) for center in centers for subset in _PLACES if (center, subset) in found]


def group_name(center: str, subset: str, *, length: int = _NAME) -> str:
    """``Central, training``; a long name of a center is cut in the middle."""
    return f"{words.short(center, length)}, {_PLACES[subset]}"


@drawn_once
def feature_strips(
    cases: pd.DataFrame, theme: Theme, centers: Sequence[str], *, labels: tuple[str, str], name: str
) -> go.Figure:
    """A feature's values in each center, negative cases above positive ones.

    ``cases`` : ``called, center, subset, y, value``, a point each; rows without a finite value are left out.
    ``name`` is the axis' title. Values above zero that spread over more than two powers of ten from their median
    have a log axis, which the title says. Points lie at fixed heights within their line.
    """
    lines = groups(cases, centers)
    known = cases[np.isfinite(cases["value"].astype(float))]
    chart = figure(theme, height=_height(len(lines), above=96))
    heights = {line: len(lines) - 1 - place for place, line in enumerate(lines)}
    at = np.array([heights[line] for line in zip(known["center"], known["subset"], strict=True)], dtype=float)
    known = known.assign(height=at + np.where(known["y"] == 0, 0.2, -0.2))
    for y, (label, color) in enumerate(zip(labels, (theme.negative, theme.positive), strict=True)):
        own = known[known["y"] == y]
        chart.add_trace(_boxes(own, color))
        for subset, part in own.groupby("subset", sort=False):
            chart.add_trace(_points(part, color, str(subset), label))
        chart.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=words.inert(words.short(label, _LEVEL)),
                marker={"symbol": "circle", "size": 9, "color": color},
            )
        )
    _axis(chart, known["value"], name)
    _lines(chart, theme, [group_name(*line) for line in lines])
    return chart


def _boxes(own: pd.DataFrame, color: str) -> go.Box:
    """Quartiles and median of each line that has enough cases, with whiskers to the lowest and highest value."""
    enough = own[own.groupby("height")["value"].transform("size") >= _BOXED]
    return go.Box(
        x=enough["value"],
        y=enough["height"],
        orientation="h",
        width=0.34,
        boxpoints=False,
        showlegend=False,
        line={"color": color, "width": 1.5},
        fillcolor=translucent(color, 0.12),
        hoverinfo="skip",
    )


def _points(part: pd.DataFrame, color: str, subset: str, label: str) -> go.Scatter:
    # Multiples of the golden ratio fill a line evenly, whatever the number of its points.
    spread = (part.groupby("height").cumcount() * 0.618034) % 1 - 0.5
    return go.Scatter(
        x=part["value"],
        y=part["height"] + 0.24 * spread,
        mode="markers",
        showlegend=False,
        marker={
            "symbol": _SYMBOLS[subset],
            "size": 7,
            "color": translucent(color, OPACITY[subset]),
            "line": {"width": 1.2, "color": color},
        },
        customdata=[words.inert(case) for case in part["called"]],
        hovertemplate=f"%{{customdata}} ({words.inert(label)}): %{{x:.5g}}<extra></extra>",
    )


def _axis(chart: go.Figure, values: pd.Series, name: str) -> None:
    """The horizontal axis; one value everywhere stands in the middle."""
    title = words.inert(words.short(name, 90))
    chart.update_xaxes(title_text=title, exponentformat="power", showexponent="all")
    if values.empty:
        return
    low, middle, high = float(values.min()), float(values.median()), float(values.max())
    if low > 0 and high / low > 100 and (high > 100 * middle or middle > 100 * low):
        chart.update_xaxes(type="log", title_text=f"{title} (log scale)", **decades(values))
    elif low == high:
        room = abs(low) / 2 or 1.0
        chart.update_xaxes(range=[low - room, high + room])


@drawn_once
def feature_levels(
    cases: pd.DataFrame, theme: Theme, centers: Sequence[str], *, labels: tuple[str, str]
) -> go.Figure:
    """The levels of a descriptor as shares of the cases of each center and label, with their counts.

    ``cases`` : ``center, subset, y, value``. Levels stand in the order of their frequency; from the ninth on
    they are one part.
    """
    lines = [(*line, y) for line in groups(cases, centers) for y in (0, 1)]
    totals = cases.groupby(["center", "subset", "y"]).size()
    lines = [line for line in lines if line in totals.index]
    levels = list(cases["value"].value_counts().index)
    shown = levels[:_LEVELS] if len(levels) > _LEVELS + 1 else levels
    parts = {level: (level, cases["value"] == level) for level in shown}
    rest = [level for level in levels if level not in parts]
    steps = np.linspace(0.08, 0.95, len(shown)) if len(shown) > 1 else [0.5]
    colors = [*plotly.colors.sample_colorscale("Cividis", steps), theme.muted]
    if rest:
        parts[""] = (words.count(len(rest), "other level"), cases["value"].isin(rest))
    # A legend of many long levels takes several lines.
    chart = figure(theme, height=_height(len(lines), above=96 + 20 * (len(parts) // 4), line=30, tight=26))
    for color, (level, chosen) in zip(colors, parts.values(), strict=False):
        counts = [int((chosen & _at(cases, line)).sum()) for line in lines]
        chart.add_trace(
            go.Bar(
                orientation="h",
                x=[count / totals[line] for count, line in zip(counts, lines, strict=True)],
                y=list(range(len(lines)))[::-1],
                name=words.inert(words.short(str(level), _LEVEL)),
                marker={"color": color, "line": {"color": theme.paper, "width": 1}},
                text=[str(count) if count else "" for count in counts],
                textposition="inside",
                insidetextanchor="middle",
                textangle=0,
                customdata=[[count, int(totals[line])] for count, line in zip(counts, lines, strict=True)],
                hovertemplate=f"{words.inert(level)}: %{{customdata[0]}} of %{{customdata[1]}} (%{{x:.0%}})"
                "<extra></extra>",
            )
        )
    chart.update_layout(barmode="stack", bargap=0.25, legend={"traceorder": "normal"})
    names = [f"{group_name(*line[:2], length=22)} · {words.short(labels[line[2]], 16)}" for line in lines]
    chart.update_xaxes(title_text="Share of the cases; numbers are counts", range=[0, 1], tickformat=".0%")
    _lines(chart, theme, names, every=2 if len(lines) == 2 * len(groups(cases, centers)) else 0)
    return chart


def _at(cases: pd.DataFrame, line: tuple[str, str, int]) -> pd.Series:
    return (cases["center"] == line[0]) & (cases["subset"] == line[1]) & (cases["y"] == line[2])


def _height(count: int, *, above: int, line: int = _LINE, tight: int = _TIGHT) -> int:
    return above + (line if count <= _MANY else tight) * max(1, count)


def _lines(chart: go.Figure, theme: Theme, names: Sequence[str], *, every: int = 1) -> None:
    """A line a name, the first on top, with a rule after so many of them."""
    places = list(range(len(names)))[::-1]
    chart.update_yaxes(
        tickvals=places,
        ticktext=[words.inert(name) for name in names],
        range=[-0.55, len(names) - 0.45],
        showgrid=False,
    )
    rule = {"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "line": {"color": theme.grid, "width": 1}}
    boundaries = range(every, len(names), every) if every else ()
    chart.update_layout(shapes=[{**rule, "y0": place - 0.5, "y1": place - 0.5} for place in boundaries])
