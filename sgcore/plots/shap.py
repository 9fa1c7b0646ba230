"""SHAP values: a row a feature with a point an image, their mean size, one feature's values, one image's sum."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import OPACITY, Theme, figure, translucent

#: Letters of a line of a feature's name beside its row.
_NAME = 36
#: Steps of the horizontal axis in which points are laid beside each other.
_BINS = 60


@drawn_once
def beeswarm(values: pd.DataFrame, theme: Theme, names: Mapping[str, str]) -> go.Figure:
    """A point an image, in the order of ``names``: where it moves the probability, colored by its value.

    ``values`` : ``image_id, feature, feature_value, shap_value``. Colors are ranks within a feature, from its
    lowest to its highest value; gray has no value. Points lie at random-looking but fixed heights.
    """
    chart = figure(theme, height=110 + 44 * max(1, len(names)))
    limit = float(values["shap_value"].abs().max()) if len(values) else 0.0
    for place, (feature, name) in enumerate(names.items()):
        rows = values[values["feature"] == feature]
        known = rows["feature_value"].notna().to_numpy()
        y = place + _spread(rows["shap_value"].to_numpy(float), limit)
        for chosen, look in (
            (~known, {"color": theme.muted}),
            (known, _by_rank(rows["feature_value"][known])),
        ):
            if not chosen.any():
                continue
            part = rows[chosen]
            chart.add_trace(
                go.Scatter(
                    x=part["shap_value"],
                    y=y[chosen],
                    mode="markers",
                    showlegend=False,
                    marker={"size": 6, "opacity": 0.85, "line": {"width": 0.5, "color": theme.muted}, **look},
                    customdata=[
                        [words.inert(image), "no value" if words.missing(value) else f"{value:.4g}"]
                        for image, value in zip(part["image_id"], part["feature_value"], strict=True)
                    ],
                    hovertemplate=f"{words.inert(name)}<br>%{{customdata[0]}}: value %{{customdata[1]}}, "
                    "moves the probability by %{x:+.3f}<extra></extra>",
                )
            )
    _rows(chart, theme, names)
    chart.update_xaxes(title_text="Moves the probability by", range=_range(limit))
    chart.update_layout(
        coloraxis={
            "colorscale": "Cividis",
            "cmin": 0,
            "cmax": 1,
            "colorbar": {
                "title": {"text": "Feature's value", "side": "right", "font": {"size": 13}},
                "thickness": 12,
                "len": 0.6,
                "tickvals": [0, 1],
                "ticktext": ["low", "high"],
                "outlinewidth": 0,
            },
        }
    )
    return chart


def _by_rank(values: pd.Series) -> dict[str, object]:
    """Rank among the different values from 0 to 1; a feature of one value everywhere is in the middle."""
    different = values.nunique()
    same = different <= 1
    ranks = np.full(len(values), 0.5) if same else (values.rank(method="dense") - 1) / (different - 1)
    return {"color": ranks, "coloraxis": "coloraxis"}


def _spread(values: np.ndarray, limit: float) -> np.ndarray:
    """Heights (n,) within 0.4 of the row: points of like value lie above and below each other."""
    bins = np.round(values / (limit or 1.0) * _BINS).astype(int)
    order = np.zeros(len(values), dtype=int)
    for each in np.unique(bins):
        found = np.flatnonzero(bins == each)
        order[found] = np.arange(len(found))
    heights = ((order + 1) // 2) * np.where(order % 2, 1.0, -1.0)
    highest = np.abs(heights).max(initial=0)
    return heights * min(0.08, 0.4 / highest) if highest else heights


@drawn_once
def mean_shap(means: pd.Series, theme: Theme, names: Mapping[str, str], *, family: str) -> go.Figure:
    """Mean absolute SHAP value of each feature (index), in the order of ``names``."""
    chart = figure(theme, height=96 + 36 * max(1, len(names)))
    chart.add_trace(
        go.Bar(
            x=[means[feature] for feature in names],
            y=list(range(len(names))),
            orientation="h",
            customdata=[words.inert(name) for name in names.values()],
            marker={"color": theme.family(family)},
            showlegend=False,
            hovertemplate="%{customdata}: %{x:.3f}<extra></extra>",
        )
    )
    _rows(chart, theme, names, zero=False)
    chart.update_xaxes(title_text="Moves the probability by, on average", rangemode="tozero")
    chart.update_layout(bargap=0.35)
    return chart


@drawn_once
def dependence(values: pd.DataFrame, theme: Theme, name: str, *, family: str) -> go.Figure:
    """One feature: its value against what it adds. ``image_id, subset, feature_value, shap_value, mc_error``."""
    chart = figure(theme, height=340)
    color = theme.family(family)
    symbols = {"train": "circle-open", "validation": "square", "external": "circle"}
    for subset, symbol in symbols.items():
        part = values[(values["subset"] == subset) & values["feature_value"].notna()]
        if part.empty:
            continue
        chart.add_trace(
            go.Scatter(
                x=part["feature_value"],
                y=part["shap_value"],
                mode="markers",
                name=words.SUBSETS[subset],
                marker={"symbol": symbol, "size": 8, "color": translucent(color, OPACITY[subset])},
                customdata=[words.inert(image) for image in part["image_id"]],
                hovertemplate="%{customdata}: value %{x:.4g}, moves the probability by %{y:+.3f}<extra></extra>",
            )
        )
    chart.add_hline(y=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    chart.update_xaxes(title_text=words.inert(words.short(name, 90)))
    chart.update_yaxes(title_text="Moves the probability by", title_standoff=12, tickformat="+.2f")
    return chart


def _rows(chart: go.Figure, theme: Theme, names: Mapping[str, str], *, zero: bool = True) -> None:
    """One row a feature, the first on top."""
    chart.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[words.lines(name, _NAME) for name in names.values()],
        tickfont={"size": 12},
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
    )
    if zero:
        chart.add_vline(x=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
        chart.update_xaxes(tickformat="+.2f")


def _range(limit: float) -> list[float]:
    return [-1.08 * limit, 1.08 * limit] if limit else [-0.1, 0.1]
