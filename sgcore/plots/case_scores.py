"""One case's scores: a line a model, its score beside the threshold from which it calls a case positive."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Marker of a score by whether the call is right, and of a threshold.
_RIGHT, _WRONG, _OPEN, _THRESHOLD = "circle", "x", "circle-open", "line-ns-open"


@drawn_once
def case_scores(rows: pd.DataFrame, theme: Theme, *, score: str, called: dict[str, str]) -> go.Figure:
    """Scores of one case against their thresholds, a line a model.

    ``rows`` : ``family, classifier, threshold, right`` (1, 0 or missing) and the column that ``score`` names.
    ``called`` is what each classifier is called. A threshold outside 0 to 1 has no mark.
    """
    labels = {
        f"{row.family} {row.classifier}": f"{row.family} · {words.inert(called.get(row.classifier, row.classifier))}"
        for row in records(rows)
    }
    chart = figure(theme, height=104 + 34 * max(1, len(labels)))
    place = marks.places(chart, theme, labels)
    for row in records(rows):
        y, value = place[f"{row.family} {row.classifier}"], getattr(row, score)
        if not words.missing(row.threshold) and 0 <= row.threshold <= 1:
            _mark(chart, row.threshold, y, _THRESHOLD, theme.text, f"threshold {row.threshold:.3f}", 20)
        if words.missing(value):
            marks.say_why(chart, theme, y, "no score of this case")
            continue
        symbol = _OPEN if words.missing(row.right) else _RIGHT if row.right else _WRONG
        _mark(chart, value, y, symbol, theme.family(row.family), f"score {value:.3f}", 12)
    marks.key(
        chart,
        theme,
        [(_RIGHT, "Score, called right"), (_WRONG, "Score, called wrong"), (_THRESHOLD, "Threshold")],
    )
    chart.update_xaxes(range=[-0.03, 1.03], tickvals=[0, 0.25, 0.5, 0.75, 1], title_text="Score")
    return chart


def _mark(chart: go.Figure, x: Any, y: float, symbol: str, color: str, says: str, size: int) -> None:
    chart.add_trace(
        go.Scatter(
            x=[x],
            y=[y],
            mode="markers",
            showlegend=False,
            marker={"symbol": symbol, "size": size, "color": color, "line": {"width": 2, "color": color}},
            hovertemplate=f"{says}<extra></extra>",
        )
    )
