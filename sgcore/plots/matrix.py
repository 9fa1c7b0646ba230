"""Pairwise differences of models with their p values, and the correlation of features."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure


@drawn_once
def difference_matrix(rows: pd.DataFrame, theme: Theme, order: list[str]) -> go.Figure:
    """Paired differences row minus column below the diagonal, raw and adjusted p above it.

    ``rows`` are pairs ``a, b, delta, ci_low, ci_high, p, p_adjusted, n_patients, n_images, reason`` of one
    quantity on one set: AUCs of ``comparisons``, or a measure of ``operating_comparisons``. ``order`` names
    the models. A pair that could not be compared is a dash with its reason on hover.
    """
    known = {*rows["a"], *rows["b"]}
    names = [name for name in order if name in known]
    size = len(names)
    z = np.full((size, size), np.nan)
    text, hover = np.full((size, size), "", dtype=object), np.full((size, size), "", dtype=object)
    for row in records(rows):
        first, second = names.index(row.a), names.index(row.b)
        low, high = max(first, second), min(first, second)
        sign = 1 if first == low else -1
        ends = sorted([sign * row.ci_low, sign * row.ci_high])
        why = "" if words.missing(row.reason) or not row.reason else f"<br>{words.inert(row.reason)}"
        said = (
            f"{names[low]} − {names[high]}: {words.signed(sign * row.delta)} "
            f"({words.signed_interval(*ends)})<br>p {words.p_value(row.p)}, adjusted "
            f"{words.p_value(row.p_adjusted)}<br>{words.cases(row.n_patients, row.n_images)}{why}"
        )
        if words.missing(row.delta):
            text[low, high] = text[high, low] = "–"
            hover[low, high] = hover[high, low] = f"{row.a}, {row.b}: {words.inert(row.reason)}"
            continue
        z[low, high] = sign * row.delta
        text[low, high] = f"<b>{words.signed(sign * row.delta)}</b><br>{_interval(*ends)}"
        text[high, low] = f"p {words.p_value(row.p)}<br>adj. {words.p_value(row.p_adjusted)}"
        hover[low, high] = hover[high, low] = said
    chart = figure(theme, height=80 + 68 * max(2, size))
    chart.add_trace(
        go.Heatmap(
            z=z,
            x=names,
            y=names,
            zmin=-0.4,
            zmax=0.4,
            colorscale=_diverging(theme),
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
    )
    for i in range(size):
        for j in range(size):
            if text[i, j]:
                chart.add_annotation(
                    x=names[j],
                    y=names[i],
                    text=text[i, j],
                    hovertext=hover[i, j],
                    showarrow=False,
                    font={"size": 12, "color": theme.text},
                )
    # A model may be called 2021: its name is no number and no date.
    chart.update_yaxes(autorange="reversed", showgrid=False, ticks="", type="category")
    chart.update_xaxes(side="top", showgrid=False, ticks="", type="category")
    return chart


def _interval(low: float, high: float) -> str:
    """Short enough for a cell."""
    return "no interval" if words.missing(low) or words.missing(high) else words.signed_interval(low, high, 2)


@drawn_once
def correlation_map(correlations: pd.DataFrame, theme: Theme, *, residue: Collection[str] = ()) -> go.Figure:
    """Spearman correlation of features as a heat map; names are shown up to forty features.

    ``residue`` are features that are numerical residue, and are called so.
    """
    size = len(correlations)
    named = size <= 40
    chart = figure(theme, height=int(np.clip(120 + 18 * size, 260, 760)))
    plain = [words.named(name, name in residue) for name in correlations.index]
    inert = [words.inert(name) for name in plain]
    chart.add_trace(
        go.Heatmap(
            z=correlations.to_numpy(),
            x=list(range(size)),
            y=list(range(size)),
            customdata=np.array([[f"{a}<br>{b}" for b in inert] for a in inert], dtype=object),
            zmin=-1,
            zmax=1,
            colorscale=_diverging(theme),
            colorbar={
                "title": {"text": "Spearman", "side": "right"},
                "thickness": 12,
                "tickvals": [-1, -0.5, 0, 0.5, 1],
                "outlinewidth": 0,
            },
            hovertemplate="%{customdata}<br>Spearman %{z:.2f}<extra></extra>",
        )
    )
    chart.update_yaxes(
        autorange="reversed",
        showgrid=False,
        showticklabels=named,
        ticks="",
        tickvals=list(range(size)),
        ticktext=[words.inert(words.short(name, 46)) for name in plain],
        tickfont={"size": 12},
    )
    chart.update_xaxes(showgrid=False, showticklabels=False, ticks="")
    chart.update_layout(margin={"t": 8})
    return chart


def _diverging(theme: Theme) -> list[list[object]]:
    middle = theme.box
    if theme.name == "light":
        return [[0, "#E08A4F"], [0.5, middle], [1, "#5B9BD0"]]
    return [[0, "#A34A12"], [0.5, middle], [1, "#14609A"]]
