"""AUCs as dots with their intervals: families in one set, classifiers over the subsets."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from sgcore.domain import CLASSIFIERS, FAMILIES
from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import OPACITY, Theme, figure, translucent


@drawn_once
def family_dots(rows: pd.DataFrame, theme: Theme, *, within: bool = False) -> go.Figure:
    """One dot a family with its interval; rows of ``evaluations``, one a family.

    A model that is no family, made elsewhere, is a neutral square. ``within`` adds an open diamond for
    the AUC of pairs from the same center. A family without an estimate keeps its line and says why.
    """
    rows = _ordered(rows, "family", FAMILIES)
    chart = figure(theme, height=96 + 38 * max(1, len(rows)))
    names = []
    for row in records(rows):
        ours = row.family in FAMILIES
        color = theme.family(row.family) if ours else theme.muted
        name = f"{row.family} · {row.classifier}"
        names.append(name)
        if words.missing(row.auc):
            marks.say_why(chart, theme, name, row.reason)
            continue
        marks.auc_dot(chart, row, name, color, symbol="circle" if ours else "square", legend=False)
        if within and not words.missing(row.within_center_auc):
            chart.add_trace(
                go.Scatter(
                    x=[row.within_center_auc],
                    y=[name],
                    mode="markers",
                    name="pairs of the same center only",
                    marker={"symbol": "diamond-open", "size": 12, "color": color, "line": {"width": 2}},
                    showlegend=False,
                    hovertemplate=f"{row.family}, pairs of the same center only: %{{x:.3f}}<extra></extra>",
                )
            )
    marks.auc_axis(chart, theme)
    marks.lines(chart, names)
    if within and rows["within_center_auc"].notna().any():
        marks.key(chart, theme, [("circle", "all pairs"), ("diamond-open", "pairs of the same center only")])
    return chart


@drawn_once
def classifier_dots(rows: pd.DataFrame, theme: Theme, *, family: str, picked: str | None) -> go.Figure:
    """Six classifiers by subset, one line each; rows of ``evaluations`` of one family, all centers.

    Subsets differ by marker and opacity; the picked classifier's name is set in bold.
    """
    rows = _ordered(rows, "classifier", CLASSIFIERS)
    symbols = {"train": "circle-open", "validation": "square", "external": "circle"}
    offsets = {"train": 0.25, "validation": 0.0, "external": -0.25}
    names = dict.fromkeys(rows["classifier"])
    chart = figure(theme, height=110 + 62 * max(1, len(names)))
    place = marks.places(
        chart, theme, {name: f"<b>{name}</b> (picked)" if name == picked else name for name in names}
    )
    color = theme.family(family)
    for subset, symbol in symbols.items():
        part = rows[(rows["subset"] == subset) & rows["auc"].notna()]
        for first, row in enumerate(records(part)):
            marks.auc_dot(
                chart,
                row,
                place[row.classifier] + offsets[subset],
                translucent(color, OPACITY[subset]) if color.startswith("#") else color,
                symbol=symbol,
                legend=first == 0,
                group=words.SUBSETS[subset] + (" (out of fold)" if subset == "train" else ""),
                who=row.classifier,
            )
    marks.auc_axis(chart, theme)
    chart.update_layout(legend={"traceorder": "normal"})
    return chart


def _ordered(rows: pd.DataFrame, column: str, order: tuple[str, ...]) -> pd.DataFrame:
    known = [name for name in order if name in set(rows[column])]
    others = [name for name in dict.fromkeys(rows[column]) if name not in order]
    rank = {name: i for i, name in enumerate([*known, *others])}
    return rows.sort_values(column, key=lambda names: names.map(rank), kind="stable")
