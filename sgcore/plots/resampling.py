"""What resampling found: repeats beside the fitted AUC, a null with the reported AUC, how often features return."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.domain import CLASSIFIERS
from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure, translucent

#: Bars of the null's histogram, over the whole range of an AUC.
_BINS = {"start": 0.0, "end": 1.0001, "size": 0.02}


@drawn_once
def optimism(rows: pd.DataFrame, theme: Theme, *, family: str, picked: str | None) -> go.Figure:
    """One line a classifier: mean over the repeats with its interval, the range of the repeats, the fitted AUC.

    ``rows`` are those of repeated cross-validation, one family at one unit.
    """
    order = [name for name in CLASSIFIERS if name in set(rows["classifier"])]
    by_name = rows.set_index("classifier").loc[order].reset_index()
    color = theme.family(family)
    chart = figure(theme, height=120 + 44 * max(1, len(order)))
    names = [f"<b>{name}</b> (picked)" if name == picked else name for name in order]
    for first, (name, row) in enumerate(zip(names, records(by_name), strict=True)):
        if words.missing(row.auc):
            marks.say_why(chart, theme, name, row.reason)
            continue
        _span(chart, row, name, color, legend=first == 0)
        _mean(chart, row, name, color, legend=first == 0)
        if not words.missing(row.fitted):
            _fitted(chart, row, name, color, legend=first == 0)
    marks.auc_axis(chart, theme, title="AUC in the training patients")
    marks.lines(chart, names)
    return chart


def _span(chart: go.Figure, row: Any, name: str, color: str, *, legend: bool) -> None:
    chart.add_trace(
        go.Scatter(
            x=[row.lowest, row.highest],
            y=[name, name],
            mode="lines",
            name="single repeats, lowest to highest",
            legendgroup="span",
            showlegend=legend,
            line={"color": translucent(color, 0.35), "width": 14},
            hovertemplate=f"{name}, single repeats: {words.interval(row.lowest, row.highest)}<extra></extra>",
        )
    )


def _mean(chart: go.Figure, row: Any, name: str, color: str, *, legend: bool) -> None:
    chart.add_trace(
        go.Scatter(
            x=[row.auc],
            y=[name],
            mode="markers",
            name="mean of the repeats, 95% interval",
            legendgroup="mean",
            showlegend=legend,
            marker={"symbol": "circle", "size": 11, "color": color},
            error_x=marks.error_bars(row.auc, row.ci_low, row.ci_high, color),
            hovertemplate=(
                f"{name}, mean of {words.count(row.repeats, 'repeat')}<br>AUC {words.auc(row.auc)} "
                f"({words.interval(row.ci_low, row.ci_high)})<extra></extra>"
            ),
        )
    )


def _fitted(chart: go.Figure, row: Any, name: str, color: str, *, legend: bool) -> None:
    chart.add_trace(
        go.Scatter(
            x=[row.fitted],
            y=[name],
            mode="markers",
            name="on the patients it was fitted on",
            legendgroup="fitted",
            showlegend=legend,
            marker={"symbol": "circle-open", "size": 11, "color": color, "line": {"width": 2}},
            hovertemplate=f"{name}, on the patients it was fitted on: %{{x:.3f}}<extra></extra>",
        )
    )


@drawn_once
def null_histogram(
    null: np.ndarray,
    row: pd.Series,
    theme: Theme,
    *,
    family: str,
    title: str = "AUC of the pick on permuted labels",
) -> go.Figure:
    """AUCs under permutation (m,), with the reported one as a line; ``row`` as ``Resampled`` has it."""
    chart = figure(theme, height=300)
    chart.add_trace(
        go.Histogram(
            x=null,
            xbins=_BINS,
            marker={"color": translucent(theme.muted, 0.55), "line": {"width": 0}},
            showlegend=False,
            hovertemplate="AUC %{x}: %{y} permutations<extra></extra>",
        )
    )
    color = theme.family(family)
    chart.add_vline(x=row["observed"], line={"color": color, "width": 3})
    left = row["observed"] > 0.6
    chart.add_annotation(
        x=row["observed"],
        y=1,
        yref="paper",
        text=f"reported {words.auc(row['observed'])}",
        showarrow=False,
        xanchor="right" if left else "left",
        xshift=-8 if left else 8,
        yanchor="top",
        bgcolor=theme.paper,
        font={"color": color, "size": 13},
    )
    marks.auc_axis(chart, theme, title=title)
    chart.update_yaxes(title_text="Permutations", rangemode="tozero")
    chart.update_layout(bargap=0.08)
    return chart


@drawn_once
def frequencies(
    detail: pd.DataFrame, theme: Theme, *, family: str, residue: set[str], top: int = 20
) -> go.Figure:
    """The features that draws selected most often; filled bars are features of the model.

    ``detail`` : ``feature, frequency, selected`` of one family. At most ``top`` features are drawn.
    """
    rows = detail[(detail["frequency"] > 0) | detail["selected"]]
    rows = rows.sort_values("frequency", ascending=False, kind="stable").head(top)
    names = [
        words.inert(name) for name in _short([words.named(name, name in residue) for name in rows["feature"]])
    ]
    color = theme.family(family)
    chart = figure(theme, height=110 + 24 * max(1, len(rows)))
    places = list(range(len(rows)))
    for chosen, label in ((True, "in the model"), (False, "not in the model")):
        kept = rows["selected"].to_numpy(bool) == chosen
        if not kept.any():
            continue
        chart.add_trace(
            go.Bar(
                x=rows["frequency"][kept],
                y=np.flatnonzero(kept),
                orientation="h",
                name=label,
                customdata=[words.inert(name) for name in rows["feature"][kept]],
                marker={
                    "color": color if chosen else "rgba(0,0,0,0)",
                    "line": {"color": color, "width": 1.5},
                },
                hovertemplate="%{customdata}<br>selected in %{x:.0%} of the draws<extra></extra>",
            )
        )
    chart.update_xaxes(range=[0, 1.01], tickformat=".0%", title_text="Draws that selected the feature")
    chart.update_yaxes(tickvals=places, ticktext=names, range=[len(rows) - 0.4, -0.6], showgrid=False)
    chart.update_layout(barmode="overlay", bargap=0.3)
    return chart


def _short(names: list[str], length: int = 52) -> list[str]:
    """Names cut in the middle to ``length``, those that would then read alike as long as tells them apart."""
    short = [words.short(name, length) for name in names]
    twice = {label for label in short if short.count(label) > 1}
    if not twice or length >= max(map(len, names)):
        return short
    longer = _short(names, length + 4)
    return [long if label in twice else label for label, long in zip(short, longer, strict=True)]
