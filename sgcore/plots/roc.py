"""ROC curves: families by color, classifiers by dash, a pointwise band for the one that matters."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure


@drawn_once
def roc(
    points: Mapping[str, pd.DataFrame],
    theme: Theme,
    *,
    colors: Mapping[str, str],
    dashes: Mapping[str, str] | None = None,
    symbols: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    band: str | None = None,
    operating: Mapping[str, tuple[float, float]] | None = None,
) -> go.Figure:
    """Curves of several models on one set.

    Parameters
    ----------
    points : a frame ``fpr, tpr, threshold, tpr_low, tpr_high`` a model; an empty one is left out.
    colors, dashes, symbols, labels : by model; ``symbols`` mark thresholds, ``labels`` is what the legend says.
    band : the model whose pointwise band of the sensitivity is drawn.
    operating : (false positive rate, sensitivity) at a model's own threshold, marked by its symbol, which
        the legend shows on the model's line where ``symbols`` are given.
    """
    chart = figure(theme, height=460)
    marks.diagonal(chart, theme)
    if band is not None and band in points and len(points[band]):
        # Each threshold has one interval; over a vertical step the widest is drawn.
        edge = points[band].groupby("fpr", as_index=False).agg({"tpr_low": "min", "tpr_high": "max"})
        marks.band(chart, edge["fpr"], edge["tpr_low"], edge["tpr_high"], colors[band])
    for name, frame in points.items():
        if frame.empty:
            continue
        line = {
            "color": colors[name],
            "width": 3.2 if name == band else 2,
            "dash": (dashes or {}).get(name, "solid"),
        }
        marker = {
            "symbol": (symbols or {}).get(name, "circle"),
            "size": 13,
            "color": colors[name],
            "line": {"width": 1.5, "color": theme.paper},
        }
        called = (labels or {}).get(name, name)
        if symbols:
            # The legend's line carries the symbol, which the curve itself has at one point only.
            chart.add_trace(
                go.Scatter(
                    x=[None],
                    y=[None],
                    mode="lines+markers",
                    name=called,
                    legendgroup=name,
                    line=line,
                    marker=marker,
                )
            )
        chart.add_trace(
            go.Scatter(
                x=frame["fpr"],
                y=frame["tpr"],
                mode="lines",
                name=called,
                legendgroup=name,
                showlegend=not symbols,
                customdata=frame[["threshold"]],
                line=line,
                hovertemplate=(
                    f"{name}<br>sensitivity %{{y:.2f}}<br>1 − specificity %{{x:.2f}}"
                    "<br>threshold %{customdata[0]:.3f}<extra></extra>"
                ),
            )
        )
        if operating and name in operating:
            fpr, tpr = operating[name]
            chart.add_trace(
                go.Scatter(
                    x=[fpr],
                    y=[tpr],
                    mode="markers",
                    marker=marker,
                    cliponaxis=False,
                    legendgroup=name,
                    showlegend=False,
                    hovertemplate=(
                        f"{name} at its training threshold<br>sensitivity %{{y:.2f}}"
                        "<br>1 − specificity %{x:.2f}<extra></extra>"
                    ),
                )
            )
    chart.update_xaxes(
        range=[-0.01, 1.01],
        title_text="1 − specificity",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        constrain="domain",
    )
    chart.update_yaxes(
        range=[-0.01, 1.01],
        title_text="Sensitivity",
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        scaleanchor="x",
        constrain="domain",
    )
    # Long enough a line that six dashes can be told apart, below the buttons that hovering shows.
    marks.side_legend(chart, y=0.93, line=56)
    return chart
