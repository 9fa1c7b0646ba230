"""Decision curves: net benefit of acting by a model, on all and on none, over the risk from which one acts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks
from sgcore.plots.theme import Theme, figure


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
                hovertemplate=(
                    f"{name}<br>acting from a risk of %{{x:.0%}}<br>net benefit %{{y:.3f}} "
                    "(%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra></extra>"
                ),
            )
        )
    # On top: a model that would act on all is that line, and both must be seen.
    _default(chart, at, first["treat_all"], "Acting on all", "dash", theme)
    _default(chart, at, pd.Series(0.0, index=at.index), "Acting on none", "dot", theme)
    chart.update_xaxes(title_text="Risk from which one acts", tickformat=".0%", range=[at.min(), at.max()])
    chart.update_yaxes(title_text="Net benefit", range=_range(drawn, first), tickformat=".2f")
    chart.update_layout(
        legend={
            "orientation": "v",
            "x": 1.02,
            "y": 1,
            "xanchor": "left",
            "yanchor": "top",
            "itemwidth": 48,
        },
        margin={"t": 10},
    )
    return chart


def _default(chart: go.Figure, at: pd.Series, values: pd.Series, name: str, dash: str, theme: Theme) -> None:
    """What one would do without a model."""
    chart.add_trace(
        go.Scatter(
            x=at,
            y=values,
            mode="lines",
            name=name,
            line={"color": theme.muted, "width": 2, "dash": dash},
            hovertemplate=f"{name}<br>acting from a risk of %{{x:.0%}}<br>net benefit %{{y:.3f}}<extra></extra>",
        )
    )


def _range(drawn: Mapping[str, pd.DataFrame], first: pd.DataFrame) -> list[float]:
    """What is worth something stays large: what falls far below acting on none leaves the picture."""
    models = pd.concat([frame["net_benefit"] for frame in drawn.values()])
    top = max(models.max(), first["treat_all"].max(), first["high"].max(), 0.01)
    bottom = max(min(models.min(), first["low"].min(), -0.12 * top), -top)
    return [1.08 * bottom, 1.08 * top]
