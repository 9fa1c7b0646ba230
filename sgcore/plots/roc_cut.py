"""The ROC curve of one model with the threshold at which it stands, and points that can be clicked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots.memo import drawn_once
from sgcore.plots.roc import roc
from sgcore.plots.theme import Theme


@drawn_once
def roc_cut(
    points: pd.DataFrame,
    theme: Theme,
    *,
    name: str,
    color: str,
    ends: tuple[float, float],
    cut: tuple[float, float] | None,
    stored: tuple[float, float] | None,
    digits: int = 3,
) -> go.Figure:
    """A curve with its pointwise band; a click on a point gives its threshold.

    Parameters
    ----------
    points : ``fpr, tpr, threshold, tpr_low, tpr_high``, at least two rows.
    name, color : of the model; ``name`` is what the legend says.
    ends : lowest and highest threshold to choose; points beyond stand for the nearer one.
    cut, stored : (false positive rate, sensitivity) at the chosen threshold and at the stored one, if that is
        another.
    digits : decimals of thresholds.
    """
    # A copy: the curve is everybody's.
    chart = go.Figure(roc({name: points}, theme, colors={name: color}, band=name))
    # Hovering finds the points alone: a line cannot be clicked.
    chart.update_traces(hoverinfo="skip", hovertemplate=None, customdata=None)
    bends = points[_bends(points)]
    chart.add_trace(
        go.Scatter(
            x=bends["fpr"],
            y=bends["tpr"],
            mode="markers",
            showlegend=False,
            marker={"size": 8, "color": color, "line": {"width": 1, "color": theme.paper}},
            unselected={"marker": {"opacity": 1}},
            cliponaxis=False,
            # As lists: an array would travel in a coded form, which a click does not give back.
            customdata=np.clip(bends[["threshold"]].to_numpy(float), *ends).tolist(),
            hovertemplate=f"threshold %{{customdata[0]:.{digits}f}}<br>sensitivity %{{y:.2f}}"
            "<br>1 − specificity %{x:.2f}<extra></extra>",
        )
    )
    for at, symbol, said in ((stored, "diamond-open", "Stored threshold"), (cut, "circle-open", "Threshold")):
        if at is not None:
            chart.add_trace(
                go.Scatter(
                    x=[at[0]],
                    y=[at[1]],
                    mode="markers",
                    name=said,
                    marker={"symbol": symbol, "size": 17, "color": theme.text, "line": {"width": 3}},
                    cliponaxis=False,
                    hoverinfo="skip",
                )
            )
    chart.update_layout(clickmode="event+select", dragmode=False)
    return chart


def _bends(points: pd.DataFrame) -> np.ndarray:
    """True for both ends and every point at which the curve turns, (n,): those between lie on a straight line."""
    fpr, tpr = points["fpr"].to_numpy(float), points["tpr"].to_numpy(float)
    across, up = np.diff(fpr), np.diff(tpr)
    turn = ~np.isclose(across[:-1] * up[1:], across[1:] * up[:-1], rtol=1e-9, atol=1e-15)
    return np.concatenate([[True], turn, [True]])[: len(points)]
