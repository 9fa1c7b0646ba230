"""One image's score as a sum: from the mean of the background over each feature to the probability."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Letters of a line of a feature's name.
_NAME = 30


@drawn_once
def waterfall(
    steps: Sequence[tuple[str, float]],
    theme: Theme,
    *,
    base: float,
    threshold: float | None = None,
    ends: tuple[str, str] = ("Average probability", "Probability of this image"),
    label: str = "the positive label",
) -> go.Figure:
    """Bars from ``base`` over ``steps`` (name and SHAP value, the first on top) to the probability.

    ``threshold`` is a line where it lies from 0 to 1. ``ends`` is what the first and the last bar are called,
    ``label`` whose probability it is.
    """
    total = base + sum(value for _, value in steps)
    names = [ends[0], *(name for name, _ in steps), ends[1]]
    chart = figure(theme, height=104 + 36 * len(names))
    chart.add_trace(
        go.Waterfall(
            orientation="h",
            measure=["absolute", *(["relative"] * len(steps)), "total"],
            x=[base, *(value for _, value in steps), total],
            y=list(range(len(names))),
            customdata=[words.inert(name) for name in names],
            text=[f"{base:.3f}", *(words.signed(value) for _, value in steps), f"{total:.3f}"],
            textposition="none",
            increasing={"marker": {"color": theme.positive}},
            decreasing={"marker": {"color": theme.negative}},
            totals={"marker": {"color": theme.muted}},
            connector={"line": {"color": theme.grid, "width": 1}},
            hovertemplate="%{customdata}: %{text}<extra></extra>",
        )
    )
    at = [base, *accumulate((value for _, value in steps), initial=base), total]
    for y, text in enumerate(chart.data[0].text):
        # Right of the bar's end, on the page's color: the line of the threshold may run behind it.
        chart.add_annotation(
            x=max(at[y], at[y + 1]),
            y=y,
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=3,
            font={"size": 12, "color": theme.text},
            bgcolor=theme.paper,
            borderpad=1,
        )
    if threshold is not None and 0 <= threshold <= 1:
        chart.add_vline(x=threshold, line={"color": theme.muted, "width": 1.5, "dash": "dot"}, layer="below")
        chart.add_annotation(
            x=threshold,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"threshold {threshold:.3f}",
            showarrow=False,
            font={"size": 12, "color": theme.muted},
        )
    chart.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[words.lines(name, _NAME) for name in names],
        tickfont={"size": 12},
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
    )
    chart.update_xaxes(title_text=words.inert(f"Probability of {label}"), range=_range(base, steps))
    chart.update_layout(showlegend=False, waterfallgap=0.35)
    return chart


def _range(base: float, steps: Sequence[tuple[str, float]]) -> list[float]:
    """All ends of the bars with room for the numbers right of them."""
    ends, at = [base], base
    for _, value in steps:
        at += value
        ends.append(at)
    low, high = min(0.0, *ends), max(*ends, 0.0)
    return [low, high + 0.2 * max(high - low, 0.05)]
