"""Training curves of a network: loss and other measures by epoch, in training and in validation images."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import OPACITY, Theme, figure, translucent

#: Curves of so few epochs get a mark a point.
_MARKED = 12
_DASHES = {"train": "dash", "validation": "solid"}
_CALLED = {"train": "training images", "validation": "validation images"}


@drawn_once
def training_curves(curves: pd.DataFrame, theme: Theme, *, metric: str) -> go.Figure:
    """One measure (of :data:`words.METRICS`) of one network by epoch, a line a subset.

    ``curves`` are rows of one backbone in ``training_curves``. Networks that leave a fold of the training
    patients out are thin; rows that do not say their fold are of the network trained on all of them.
    """
    color = theme.family("DL")
    chart = figure(theme, height=340)
    known = curves[curves[metric].notna()]
    known = known.assign(fold=known["fold"].fillna(0).astype(int)).sort_values("epoch", kind="stable")
    named: set[str] = set()
    # Thin lines first, so that the network of all training patients lies over them.
    for (fold, subset), rows in sorted(known.groupby(["fold", "subset"]), key=lambda each: -each[0][0]):
        name = _CALLED[subset] + (", networks that leave a fold out" if fold else "")
        chart.add_trace(
            go.Scatter(
                x=rows["epoch"],
                y=rows[metric],
                mode="lines+markers" if len(rows) <= _MARKED and not fold else "lines",
                name=name,
                legendgroup=name,
                legendrank=1000 + 2 * bool(fold) + (subset == "validation"),
                showlegend=name not in named,
                line={
                    "color": translucent(color, OPACITY[subset] * (0.7 if fold else 1)),
                    "dash": _DASHES[subset],
                    "width": 1 if fold else 2.5,
                },
                marker={"symbol": "circle-open" if subset == "train" else "circle", "size": 7},
                customdata=[
                    "" if words.missing(row.n_images) else f" ({words.count(int(row.n_images), 'image')})"
                    for row in records(rows)
                ],
                hovertemplate=f"{_CALLED[subset]}{f', without fold {fold}' if fold else ''}<br>"
                f"epoch %{{x}}: {words.METRICS[metric]} %{{y:.3f}}%{{customdata}}<extra></extra>",
            )
        )
        named.add(name)
    _axes(chart, theme, known, metric)
    return chart


def _axes(chart: go.Figure, theme: Theme, known: pd.DataFrame, metric: str) -> None:
    chart.update_xaxes(title_text="Epoch", tickformat="d", **({"dtick": 1} if _few(known) else {}))
    if metric == "loss":
        chart.update_yaxes(title_text=words.METRICS[metric], rangemode="tozero")
    else:
        chart.update_yaxes(title_text=words.METRICS[metric], range=[0, 1.02])
    if metric == "auc":
        chart.add_hline(y=0.5, line={"color": theme.muted, "width": 1, "dash": "dot"})


def _few(known: pd.DataFrame) -> bool:
    return known["epoch"].nunique() <= _MARKED
