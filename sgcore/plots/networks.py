"""Networks beside each other: AUC by subset, and what the components of their deep features hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import OPACITY, Theme, figure, translucent

#: Marker and name of each (subset, estimate), from the top of a network's line to its foot.
_MARKS = {
    ("train", "fitted"): ("circle-open", "Training (its own patients)"),
    ("train", "out_of_fold"): ("diamond-open", "Training (out of fold)"),
    ("validation", "fitted"): ("square", "Validation"),
    ("external", "fitted"): ("circle", "External"),
}


@drawn_once
def network_dots(
    rows: pd.DataFrame, theme: Theme, *, picked: str | None, called: dict[str, str]
) -> go.Figure:
    """AUC of networks by subset with intervals, a line each; ``called`` is what each is called.

    ``rows`` of ``evaluations`` of one family at one unit, all centers. Training patients may have two
    marks: by the network that was fitted on them, and by those that left them out.
    """
    names = {name: called.get(name, name) for name in dict.fromkeys(rows["classifier"])}
    there = set(zip(rows["subset"], rows["estimate"], strict=True))
    drawn = [(kind, *mark) for kind, mark in _MARKS.items() if kind in there]
    chart = figure(theme, height=110 + 22 * max(2, len(drawn)) * max(1, len(names)))
    place = marks.places(
        chart,
        theme,
        {
            name: f"<b>{words.inert(text)}</b> (picked)" if name == picked else words.inert(text)
            for name, text in names.items()
        },
    )
    color = theme.family("DL")
    heights = np.linspace(0.33, -0.33, len(drawn)) if len(drawn) > 1 else [0.0]
    for ((subset, estimate), symbol, group), offset in zip(drawn, heights, strict=False):
        part = rows[(rows["subset"] == subset) & (rows["estimate"] == estimate)]
        first = True
        for row in records(part):
            y = place[row.classifier] + offset
            if words.missing(row.auc):
                marks.say_why(chart, theme, y, row.reason, of=words.SUBSETS[subset])
                continue
            who, shade = words.inert(names[row.classifier]), translucent(color, OPACITY[subset])
            marks.auc_dot(chart, row, y, shade, symbol=symbol, legend=first, group=group, who=who)
            first = False
    marks.auc_axis(chart, theme)
    return chart


@drawn_once
def explained_variance(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    """Share of the variance of the deep features that each component holds; ``component, share`` of one network."""
    chart = figure(theme, height=280)
    chart.add_trace(
        go.Bar(
            x=rows["component"],
            y=rows["share"],
            customdata=rows["share"].cumsum(),
            marker={"color": theme.family("DL")},
            showlegend=False,
            hovertemplate="%{x}: %{y:.1%} of the variance<br>with those before it %{customdata:.1%}<extra></extra>",
        )
    )
    chart.update_xaxes(type="category", showgrid=False)
    chart.update_yaxes(title_text="Share of the variance", tickformat=".0%", rangemode="tozero")
    chart.update_layout(bargap=0.35)
    return chart


@drawn_once
def component_scatter(
    points: pd.DataFrame, theme: Theme, labels: tuple[str, str], symbols: dict[str, str]
) -> go.Figure:
    """Images by their first two components: label by color, center by marker.

    ``points`` : ``image_id, center, y_true, x, y``. ``labels`` are what negative and positive are called,
    ``symbols`` the marker of each center.
    """
    chart = figure(theme, height=380)
    for label, color in enumerate((theme.negative, theme.positive)):
        for center, symbol in symbols.items():
            part = points[(points["y_true"] == label) & (points["center"] == center)]
            if part.empty:
                continue
            chart.add_trace(
                go.Scatter(
                    x=part["x"],
                    y=part["y"],
                    mode="markers",
                    name=words.inert(f"{labels[label]}, {center}"),
                    customdata=[words.inert(each) for each in part["image_id"]],
                    marker={"symbol": symbol, "size": 8, "color": translucent(color, 0.75)},
                    hovertemplate="%{customdata}<br>DL_0 %{x:.2f}, DL_1 %{y:.2f}<extra></extra>",
                )
            )
    marks.side_legend(chart)
    chart.update_xaxes(title_text="DL_0")
    chart.update_yaxes(title_text="DL_1")
    return chart
