"""Differences in AUC of one family in two analyses: a dot a center, and one for all external cases."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

_SYMBOLS = {"development": "circle-open", "external": "circle", "together": "diamond"}
#: An axis shorter than this, to either side, would make much of a small difference.
_LEAST = 0.1


@drawn_once
def center_differences(rows: pd.DataFrame, theme: Theme, *, family: str) -> go.Figure:
    """One dot a center with its interval; ``rows`` as ``CenterComparison`` has them, the last on the foot.

    Open dots are cases of development centers, the diamond all external cases. What has no interval keeps
    its row, and says why where it has no difference either.
    """
    labels = {str(i): _label(row, theme) for i, row in enumerate(records(rows))}
    chart = figure(theme, height=84 + 50 * max(1, len(labels)))
    place = marks.places(chart, theme, labels)
    color = theme.family(family)
    for i, row in enumerate(records(rows)):
        y = place[str(i)]
        if words.missing(row.delta):
            marks.say_why(chart, theme, y, row.reason, wrapped=True)
            continue
        chart.add_trace(
            go.Scatter(
                x=[row.delta],
                y=[y],
                mode="markers",
                showlegend=False,
                marker={
                    "symbol": _SYMBOLS[row.role],
                    "size": 13 if row.role == "together" else 11,
                    "color": color,
                    "line": {"width": 2, "color": color},
                },
                error_x=marks.error_bars(row.delta, row.ci_low, row.ci_high, color),
                hovertemplate=f"{_place(row)}<br>AUC {words.auc(row.auc)} here, {words.auc(row.reference_auc)} there"
                f"<br>difference {_difference(row)}<extra></extra>",
            )
        )
    # Reasons stand in the middle, which is at zero here.
    chart.update_annotations(x=0)
    chart.add_vline(x=0, line={"color": theme.muted, "width": 1, "dash": "dot"})
    limit = _limit(rows)
    chart.update_xaxes(
        range=[-limit, limit],
        title_text="Difference in AUC with 95% interval; right of 0 this analysis has the higher one",
    )
    return chart


def _limit(rows: pd.DataFrame) -> float:
    """How far the axis reaches to either side."""
    ends = rows[["delta", "ci_low", "ci_high"]].to_numpy(float)
    most = pd.Series(abs(ends).ravel()).max()
    return _LEAST if words.missing(most) else max(_LEAST, math.ceil(most * 10.5) / 10)


def _place(row: Any) -> str:
    name = words.inert(words.short(str(row.center), 30))
    if row.role == "together":
        return "All external cases"
    if row.role == "external":
        return name
    return f"{name} ({'validation' if row.subset == 'validation' else 'another time'})"


def _difference(row: Any) -> str:
    interval = words.signed_interval(row.ci_low, row.ci_high)
    return f"{words.signed(row.delta)} ({interval})"


def _label(row: Any, theme: Theme) -> str:
    """Name of the center over its patients and the difference."""
    title = f"<b>{_place(row)}</b>" if row.role == "together" else _place(row)
    below = words.count(int(row.n_patients), "patient")
    if not words.missing(row.delta):
        below += f": {_difference(row)}"
    return f'{title}<br><span style="font-size:11px;color:{theme.muted}">{below}</span>'
