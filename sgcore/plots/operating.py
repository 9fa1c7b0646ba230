"""What models do at their thresholds: two proportions a model as dots with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: The two measures that one figure shows, with their markers: filled above, open below the line.
_SYMBOLS = ("circle", "diamond-open")


@drawn_once
def operating_dots(
    rows: pd.DataFrame, theme: Theme, measures: tuple[str, str], *, colors: Mapping[str, str]
) -> go.Figure:
    """A line a model with two measures of :data:`words.OPERATING`, such as sensitivity and specificity.

    ``rows`` are of :func:`sgcore.workflow.operating_points`; ``colors`` by the model's name. A measure
    that could not be estimated says why on its line.
    """
    rows = rows[rows["measure"].isin(measures)]
    labels = dict(zip(rows["name"], rows["family"] + " · " + rows["classifier"], strict=True))
    chart = figure(theme, height=104 + 52 * max(1, len(labels)))
    place = marks.places(chart, theme, labels)
    for index, measure in enumerate(measures):
        for row in records(rows[rows["measure"] == measure]):
            y = place[row.name] + (0.17, -0.17)[index]
            if words.missing(row.estimate):
                marks.say_why(chart, theme, y, row.reason, of=words.OPERATING[measure])
            else:
                _dot(chart, row, y, colors[row.name], _SYMBOLS[index])
        marks.key(chart, theme, [(_SYMBOLS[index], words.OPERATING[measure])])
    chart.update_xaxes(
        range=[-0.03, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], title_text="Share with 95% interval"
    )
    return chart


def _dot(chart: go.Figure, row: Any, y: float, color: str, symbol: str) -> None:
    counted = "" if words.missing(row.successes) else f"<br>{row.successes:.0f} of {row.n:.0f}"
    chart.add_trace(
        go.Scatter(
            x=[row.estimate],
            y=[y],
            mode="markers",
            showlegend=False,
            marker={"symbol": symbol, "size": 12, "color": color, "line": {"width": 2, "color": color}},
            error_x=marks.error_bars(row.estimate, row.ci_low, row.ci_high, color),
            hovertemplate=f"{row.family} · {row.classifier}<br>{words.OPERATING[row.measure]} "
            f"{row.estimate:.3f} ({words.interval(row.ci_low, row.ci_high)}){counted}<br>"
            f"{words.count(row.n_patients, 'patient')}, {words.count(row.n_images, 'image')}<extra></extra>",
        )
    )
