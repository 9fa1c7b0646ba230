"""Decision curves: net benefit of acting by a model, on all and on none, over the risk from which one acts."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log10

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure


@drawn_once
def net_benefit(
    curves: Mapping[str, pd.DataFrame],
    theme: Theme,
    *,
    colors: Mapping[str, str],
    band: str | None = None,
) -> go.Figure:
    """Net benefit of several models between two risks.

    Parameters
    ----------
    curves : a frame ``threshold, net_benefit, low, high, treat_all`` a model; an empty one is left out.
        Acting on all is drawn once, from the model of the ``band`` or else the first: models that left
        out no case share it.
    colors : by model. band : the model whose pointwise band is drawn.
    """
    chart = figure(theme, height=380)
    drawn = {name: frame for name, frame in curves.items() if frame["net_benefit"].notna().any()}
    if not drawn:
        return chart
    first = drawn[band] if band in drawn else next(iter(drawn.values()))
    at = first["threshold"]
    extent = _range(drawn, first)
    risk, worth = _decimals(100 * (at.max() - at.min())), max(2, _decimals(extent[1] - extent[0]))
    figures = f"<br>acting from a risk of %{{x:.{risk + 1}%}}<br>net benefit %{{y:.{worth + 1}f}}"
    span = f" (%{{customdata[0]:.{worth + 1}f}} to %{{customdata[1]:.{worth + 1}f}})"
    if band in drawn and first["low"].notna().all():
        marks.band(chart, at, first["low"], first["high"], colors[str(band)])
    for name, frame in drawn.items():
        chart.add_trace(
            go.Scatter(
                x=frame["threshold"],
                y=frame["net_benefit"],
                mode="lines",
                name=name,
                customdata=frame[["low", "high"]],
                line={"color": colors[name], "width": 3.2 if name == band else 2},
                # A line without a band has no interval to be read.
                hovertemplate=f"{name}{figures}{span if frame['low'].notna().all() else ''}<extra></extra>",
            )
        )
    # On top: a model that would act on all is that line, and both must be seen.
    _default(chart, at, first["treat_all"], "Acting on all", "dash", theme, figures)
    _default(chart, at, pd.Series(0.0, index=at.index), "Acting on none", "dot", theme, figures)
    chart.update_xaxes(
        title_text="Risk from which one acts", tickformat=f".{risk}%", range=[at.min(), at.max()]
    )
    chart.update_yaxes(title_text="Net benefit", range=extent, tickformat=f".{worth}f")
    marks.side_legend(chart, line=48)
    return chart


def _default(
    chart: go.Figure, at: pd.Series, values: pd.Series, name: str, dash: str, theme: Theme, figures: str
) -> None:
    """What one would do without a model."""
    chart.add_trace(
        go.Scatter(
            x=at,
            y=values,
            mode="lines",
            name=name,
            line={"color": theme.muted, "width": 2, "dash": dash},
            hovertemplate=f"{name}{figures}<extra></extra>",
        )
    )


def _range(drawn: Mapping[str, pd.DataFrame], first: pd.DataFrame) -> list[float]:
    """What is worth something stays large: what falls far below acting on none leaves the picture."""
    models = pd.concat([frame["net_benefit"] for frame in drawn.values()])
    lowest = min(models.min(), first["low"].min())
    # Where nothing is worth more than acting on none, a tenth of the loss; where all are 0, any height.
    top = max(models.max(), first["treat_all"].max(), first["high"].max(), -0.1 * lowest) or 0.01
    bottom = max(min(lowest, -0.12 * top), -top)
    return [float(1.08 * bottom), float(1.08 * top)]


def _decimals(extent: float) -> int:
    """Decimals that tell the five or so ticks of an axis apart."""
    return max(0, ceil(-log10(extent / 5))) if extent > 0 else 2
