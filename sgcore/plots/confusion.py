"""Confusion matrices side by side: labels against calls, counts written in, one color scale for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Counts of one matrix: true positive, false positive, true negative, false negative.
Counts = tuple[int, int, int, int]
#: Letters of a label beside a matrix, and free room between two matrices as a share of one.
_LABEL, _GAP = 16, 0.16
#: No case in the deepest color keeps the count readable in the color of text.
_DEEPEST = {"light": "#5B9BD0", "dark": "#14609A"}


@drawn_once
def confusion(
    matrices: Mapping[str, Counts], theme: Theme, labels: tuple[str, str], *, unit: str
) -> go.Figure:
    """A matrix a set, with its title above: what cases are (rows) against what they are called (columns).

    ``labels`` are what negative and positive are called. Each cell says how many cases it has and, below, which
    share of its row; color is that share, from none to all. A label without a case is left without color.
    """
    names = [words.inert(words.short(name, _LABEL)) for name in labels]
    width = 1 / (len(matrices) + _GAP * (len(matrices) - 1))
    heats, titles = [], []
    axes: dict[str, Any] = {}
    for place, (title, counts) in enumerate(matrices.items()):
        number, left = str(place + 1) if place else "", place * width * (1 + _GAP)
        heats.append(_heat(counts, theme, f"x{number}", f"y{number}", labels, unit, title))
        across, down = _axis(theme, names, "Called"), _axis(theme, names, "" if place else "Label")
        across |= {"domain": [left, min(1.0, left + width)], "anchor": f"y{number}", "range": [-0.5, 1.5]}
        down |= {"anchor": f"x{number}", "range": [1.5, -0.5], "tickangle": -90, "showticklabels": not place}
        axes |= {f"xaxis{number}": across, f"yaxis{number}": down}
        titles.append(_title(title, left, theme))
    # In one go: each change of a figure's layout costs milliseconds.
    chart = figure(theme, height=300, margin={"t": 34}, annotations=titles, **axes)
    chart.add_traces(heats)
    return chart


def _title(title: str, left: float, theme: Theme) -> dict[str, Any]:
    """What stands above a matrix that begins at ``left`` of the figure's width."""
    return {
        "x": left,
        "y": 1.03,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "text": f"<b>{words.inert(title)}</b>",
        "font": {"size": 13, "color": theme.text},
    }


def _axis(theme: Theme, names: list[str], title: str) -> dict[str, Any]:
    """One of the two axes of a matrix, negative first."""
    return {
        "tickvals": [0, 1],
        "ticktext": names,
        "ticks": "",
        "tickfont": {"size": 13, "color": theme.text},
        "title": {"text": title, "font": {"size": 13, "color": theme.muted}},
        "showgrid": False,
        "zeroline": False,
        "linecolor": theme.grid,
        "automargin": True,
        "fixedrange": True,
    }


def _heat(
    counts: Counts, theme: Theme, x: str, y: str, labels: tuple[str, str], unit: str, title: str
) -> go.Heatmap:
    tp, fp, tn, fn = counts
    table = np.array([[tn, fp], [fn, tp]])
    total = table.sum(axis=1, keepdims=True)
    share = np.divide(table, total, out=np.full(table.shape, np.nan), where=total > 0)
    text = np.array(
        [
            [_cell(int(table[i, j]), int(total[i, 0]), share[i, j], right=i == j) for j in (0, 1)]
            for i in (0, 1)
        ],
        dtype=object,
    )
    hover = np.array(
        [
            [
                f"{words.inert(title)}<br>{words.count(int(table[i, j]), f'{words.inert(labels[i])} {unit}')} "
                f"called {words.inert(labels[j])}"
                for j in (0, 1)
            ]
            for i in (0, 1)
        ],
        dtype=object,
    )
    return go.Heatmap(
        z=share, x=[0, 1], y=[0, 1], xaxis=x, yaxis=y, zmin=0, zmax=1, text=text, texttemplate="%{text}",
        textfont={"size": 14, "color": theme.text}, xgap=3, ygap=3, showscale=False, hoverongaps=False,
        colorscale=[[0, theme.box], [1, _DEEPEST[theme.name]]], customdata=hover,
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _cell(count: int, total: int, share: float, *, right: bool) -> str:
    """The count, bold where the call is right, and its share of the label's cases."""
    if not total:
        return "no case"
    said = f"<b>{count:,}</b>" if right else f"{count:,}"
    return f"{said}<br>{words.percent(share)}"
