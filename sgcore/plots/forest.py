"""A forest plot: one model in every center, the mean of the external centers, and where a new one may fall."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: What the summaries of ``together`` are called; others are no rows of the figure.
_SUMMARIES = ("mean", "new_center")
#: Side of the square of the largest center, and of the smallest that can still be seen, in pixels.
_LARGEST, _SMALLEST = 18, 5
_GAP = 0.6


@drawn_once
def forest(
    rows: pd.DataFrame,
    together: pd.DataFrame,
    theme: Theme,
    *,
    family: str,
    mean: str = "the external centers",
) -> go.Figure:
    """Squares with intervals, a row a center; ``rows`` and ``together`` as ``CenterEffects`` has them.

    The area of a square grows with the patients of the center. Development centers stand above a gap with
    open squares. Below the external centers are their mean as a diamond as wide as its interval, and the
    prediction interval of a new center as a bar; one external center has neither. What has no estimate
    keeps its row and says why. ``mean`` says of which centers the mean is.
    """
    titles = {"mean": f"Mean of {mean}", "new_center": "A new center"}
    color = theme.family(family)
    rows = rows.sort_values("role", kind="stable")
    several = (rows["role"] == "external").sum() > 1
    below = together[together["measure"].isin(_SUMMARIES) & several]
    # What is not averaged is not predicted either; one reason is enough.
    averaged = bool(below.loc[below["measure"] == "mean", "auc"].notna().any())
    below = below[(below["measure"] == "mean") | averaged]
    places, bottom = _places(rows, len(below))
    chart = figure(theme, height=86 + round(42 * (bottom + 1)))
    most = max(1, int(rows["n_patients"].max())) if len(rows) else 1
    left, right = [], []
    for y, row in zip(places, records(rows), strict=False):
        left.append(_label(_center(row), _cases(row), theme))
        right.append(_estimate(row))
        if words.missing(row.auc):
            marks.say_why(chart, theme, y, row.reason, wrapped=True)
        else:
            _square(chart, row, y, color, most=most, ground=theme.paper)
    for y, row in zip(places[len(rows) :], records(below), strict=True):
        left.append(_label(f"<b>{titles[row.measure]}</b>", _from(row), theme))
        right.append(_estimate(row))
        if words.missing(row.ci_low):
            marks.say_why(chart, theme, y, row.reason, wrapped=True)
        elif row.measure == "mean":
            _diamond(chart, row, y, color, titles[row.measure])
        else:
            _bar(chart, row, y, color, titles[row.measure])
    _axes(chart, theme, places, left, right, bottom)
    return chart


def _places(rows: pd.DataFrame, below: int) -> tuple[list[float], float]:
    """Heights from the top (0, downwards) with a gap between development, external, and summary rows."""
    blocks = [int((rows["role"] == "development").sum()), int((rows["role"] == "external").sum()), below]
    places: list[float] = []
    y = 0.0
    for size in blocks:
        if size and places:
            y += _GAP
        places += [y + i for i in range(size)]
        y += size
    return places, y - 1


def _center(row: Any) -> str:
    name = words.inert(words.short(str(row.center), 30))
    if row.role == "external":
        return name
    return f"{name} ({'validation' if row.subset == 'validation' else 'another time'})"


def _cases(row: Any) -> str:
    """``126 patients, 43 positive``; by image also how many images."""
    patients = words.count(row.n_patients, "patient")
    if row.n_pos + row.n_neg == row.n_patients:
        return f"{patients}, {row.n_pos} positive"
    return f"{patients}, {words.count(row.n_images, 'image')} ({row.n_pos} positive)"


def _from(row: Any) -> str:
    if row.measure == "mean":
        return f"from {words.count(row.k, 'center')}, {words.count(row.n_patients, 'patient')}"
    return f"prediction interval, from {words.count(row.k, 'center')}"


def _label(name: str, below: str, theme: Theme) -> str:
    return f'{name}<br><span style="font-size:11px;color:{theme.muted}">{below}</span>'


def _estimate(row: Any) -> str:
    if words.missing(row.ci_low):
        return "–" if words.missing(row.auc) else words.auc(row.auc)
    interval = words.interval(row.ci_low, row.ci_high)
    return interval if words.missing(row.auc) else f"{words.auc(row.auc)} ({interval})"


def _hover(row: Any, who: str, cases: str) -> str:
    return f"{who}<br>AUC {_estimate(row)}<br>{cases}<extra></extra>"


def _square(chart: go.Figure, row: Any, y: float, color: str, *, most: int, ground: str) -> None:
    inside = row.role == "development"
    chart.add_trace(
        go.Scatter(
            x=[row.auc],
            y=[y],
            mode="markers",
            showlegend=False,
            marker={
                "symbol": "square",
                "size": max(_SMALLEST, _LARGEST * (row.n_patients / most) ** 0.5),
                "color": ground if inside else color,
                "line": {"width": 2, "color": color},
                "opacity": 1,
            },
            error_x=marks.error_bars(row.auc, row.ci_low, row.ci_high, color, thickness=2),
            hovertemplate=_hover(row, _center(row), _cases(row)),
        )
    )


def _diamond(chart: go.Figure, row: Any, y: float, color: str, title: str) -> None:
    chart.add_trace(
        go.Scatter(
            x=[row.ci_low, row.auc, row.ci_high, row.auc, row.ci_low],
            y=[y, y - 0.26, y, y + 0.26, y],
            mode="lines",
            fill="toself",
            fillcolor=color,
            line={"color": color, "width": 1},
            showlegend=False,
            hoveron="fills",
            hoverinfo="text",
            text=f"{title}<br>AUC {_estimate(row)}<br>{_from(row)}",
        )
    )


def _bar(chart: go.Figure, row: Any, y: float, color: str, title: str) -> None:
    chart.add_trace(
        go.Scatter(
            x=[row.ci_low, row.ci_high],
            y=[y, y],
            mode="lines+markers",
            line={"color": color, "width": 7},
            marker={"symbol": "line-ns", "size": 16, "line": {"width": 2, "color": color}},
            showlegend=False,
            hovertemplate=_hover(row, title, _from(row)),
        )
    )


def _axes(
    chart: go.Figure, theme: Theme, places: list[float], left: list[str], right: list[str], bottom: float
) -> None:
    span = [bottom + 0.6, -0.6]
    marks.auc_axis(chart, theme)
    shared = {"tickvals": places, "range": span, "showgrid": False, "zeroline": False}
    chart.update_layout(
        yaxis={**shared, "ticktext": left},
        # A second axis gives the numbers a column whose width plotly finds by itself.
        yaxis2={
            **shared,
            "ticktext": right,
            "overlaying": "y",
            "side": "right",
            "automargin": True,
            "tickfont": {"size": 13, "color": theme.text},
            "linecolor": theme.grid,
        },
        hovermode="closest",
    )
    # An axis is drawn only where something is on it.
    chart.add_trace(
        go.Scatter(x=[None], y=[None], yaxis="y2", mode="markers", showlegend=False, hoverinfo="skip")
    )
