"""Who was studied: flow of patients and images, standardized differences, odds ratios."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, decades, figure

#: Boxes side by side whose text has room, letters over the whole width, and letters of a name on an axis.
_BOXES, _LETTERS, _NAME = 4, 80, 26
_COUNTS = ("patients", "images", "negative", "positive", "failed")


@dataclass(frozen=True)
class Group:
    """A box of the flow: ``title``, its patients and images, how many patients of each label.

    ``failed`` of the images have no features.
    """

    title: str
    patients: int
    images: int
    negative: int
    positive: int
    failed: int = 0


@drawn_once
def flow(
    development: Group, parts: list[Group], external: list[Group], theme: Theme, labels: tuple[str, str]
) -> go.Figure:
    """Development on the left with its parts, external centers on the right, with counts.

    Each box shows the mix of labels as a bar at its foot. More external centers than have room are drawn
    as one box with their sum.
    """
    if len(external) > 1 and len(parts) + len(external) > _BOXES:
        external = [_sum(f"{len(external)} external centers", external)]
    total = _sum("Study", [development, *external])
    below = [*parts, *external]
    height = 300
    chart = figure(theme, height=height, margin={"l": 0, "r": 0, "t": 26, "b": 0})
    width = 1 / len(below)
    split = width * len(parts)
    spots = [(i * width, width) for i in range(len(below))]
    _box(chart, theme, total, (0.5 - 0.14, 0.28), 2.2)
    if external:
        _box(chart, theme, development, (split / 2 - 0.14, 0.28), 1.1)
        _line(chart, theme, (0.5, 2.2), (split / 2, 1.92))
    for index, (group, (left, span)) in enumerate(zip(below, spots, strict=True)):
        _box(chart, theme, group, (left + 0.012, span - 0.024), 0.0)
        middle = left + span / 2
        if index < len(parts) and external:
            _line(chart, theme, (split / 2, 1.1), (middle, 0.82))
        else:
            _line(chart, theme, (0.5, 2.2), (middle, 0.82), bend=2.06)
    for name, color in zip(labels, (theme.negative, theme.positive), strict=True):
        chart.add_trace(
            go.Scatter(
                x=[None],
                y=[None],
                mode="markers",
                name=words.inert(words.short(name, _NAME)),
                marker={"symbol": "square", "size": 11, "color": color},
            )
        )
    chart.update_xaxes(visible=False, range=[0, 1], fixedrange=True)
    chart.update_yaxes(visible=False, range=[-0.05, 3.05], fixedrange=True)
    return chart


@drawn_once
def differences(rows: pd.DataFrame, theme: Theme, *, name: str) -> go.Figure:
    """Standardized differences as bars with intervals; ``name`` is the column that holds the row's name."""
    rows = rows[rows["smd"].notna()]
    chart = figure(theme, height=90 + 38 * max(1, len(rows)), margin={"t": 30})
    # Bars without a sign: of a category with three levels only the size is defined.
    size = rows["smd"].abs()
    chart.add_trace(
        go.Bar(
            orientation="h",
            x=size,
            y=[
                f"{words.inert(words.short(words.feature(str(label)), _NAME))}  <b>{value:.2f}</b>"
                for label, value in zip(rows[name], size, strict=True)
            ],
            marker={"color": np.where(size > 0.1, theme.accent, theme.negative).tolist()},
            showlegend=False,
            hovertemplate="%{y}: standardized difference %{x:.2f}<extra></extra>",
        )
    )
    chart.add_vline(x=0.1, line={"color": theme.text, "width": 1, "dash": "dash"})
    chart.add_annotation(
        x=0.1, y=1, yref="paper", yanchor="bottom", text="0.1", showarrow=False, font={"color": theme.text}
    )
    chart.update_layout(bargap=0.4)
    chart.update_xaxes(
        title_text="Standardized difference (size)",
        range=[0, max(0.5, 1.15 * size.max()) if len(size) else 0.5],
    )
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart


@drawn_once
def odds_ratios(rows: pd.DataFrame, theme: Theme) -> go.Figure:
    """Odds ratios with intervals on a log axis, uni- beside multivariable; ``model, term, odds_ratio`` ..."""
    rows = rows[rows["odds_ratio"].notna() & (rows["odds_ratio"] > 0)]
    terms = list(dict.fromkeys(rows["term"]))
    models = list(dict.fromkeys(rows["model"]))
    chart = figure(theme, height=110 + 42 * max(1, len(terms)))
    place = {term: len(terms) - 1 - i for i, term in enumerate(terms)}
    for index, model in enumerate(models):
        part = rows[rows["model"] == model]
        color = (theme.negative, theme.accent)[index % 2]
        chart.add_trace(
            go.Scatter(
                x=part["odds_ratio"],
                y=[place[term] + 0.16 * (len(models) - 1 - 2 * index) for term in part["term"]],
                mode="markers",
                name=words.inert(model),
                marker={
                    "symbol": ("circle", "diamond-open")[index % 2],
                    "size": 10,
                    "color": color,
                    "line": {"width": 2},
                },
                error_x=marks.error_bars(
                    part["odds_ratio"], part["ci_low"], part["ci_high"], color, thickness=2
                ),
                customdata=part[["term", "ci_low", "ci_high", "p"]].assign(
                    term=[words.inert(words.feature(str(term))) for term in part["term"]]
                ),
                hovertemplate="%{customdata[0]}<br>odds ratio %{x:.2f} (%{customdata[1]:.2f} to "
                "%{customdata[2]:.2f})<br>p %{customdata[3]:.3f}<extra></extra>",
            )
        )
    chart.add_vline(x=1, line={"color": theme.text, "width": 1, "dash": "dot"})
    ends = rows[["odds_ratio", "ci_low", "ci_high"]].to_numpy(dtype=float)
    ends = np.log10(np.append(ends[np.isfinite(ends) & (ends > 0)], 1.0))
    room = 0.05 * max(np.ptp(ends), 1.0)
    chart.update_xaxes(
        type="log",
        title_text="Odds ratio with 95% interval (log scale)",
        range=[ends.min() - room, ends.max() + room],
        **decades(rows[["ci_low", "ci_high"]]),
    )
    chart.update_yaxes(
        tickvals=list(place.values()),
        ticktext=[words.inert(words.short(words.feature(str(term)), 44)) for term in place],
        range=[-0.6, len(terms) - 0.4],
        showgrid=False,
    )
    return chart


def _sum(title: str, groups: list[Group]) -> Group:
    return Group(
        title,
        *(sum(getattr(g, name) for g in groups) for name in _COUNTS),
    )


def _box(chart: go.Figure, theme: Theme, group: Group, span: tuple[float, float], foot: float) -> None:
    left, width = span
    top = foot + 0.82
    chart.add_shape(
        type="rect",
        x0=left,
        x1=left + width,
        y0=foot,
        y1=top,
        fillcolor=theme.box,
        line={"color": theme.grid},
    )
    known = group.negative + group.positive
    if known:
        cut = left + width * group.negative / known
        for x0, x1, color in ((left, cut, theme.negative), (cut, left + width, theme.positive)):
            chart.add_shape(
                type="rect", x0=x0, x1=x1, y0=foot, y1=foot + 0.07, fillcolor=color, line={"width": 0}
            )
    chart.add_annotation(
        x=left + width / 2,
        y=foot + 0.46,
        hovertext=words.inert(group.title),
        text=f"<b>{words.inert(words.short(group.title, int(_LETTERS * width)))}</b><br>"
        f"{words.count(group.patients, 'patient')} ({group.negative} / {group.positive})<br>"
        f"{words.count(group.images, 'image')}{f', {group.failed} failed' if group.failed else ''}",
        showarrow=False,
        font={"color": theme.text, "size": 13},
    )


def _line(
    chart: go.Figure,
    theme: Theme,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    bend: float | None = None,
) -> None:
    """An elbow from the foot of one box to the head of the next."""
    (x0, y0), (x1, y1) = start, end
    middle = y1 + 0.14 if bend is None else bend
    chart.add_shape(
        type="path",
        path=f"M {x0},{y0} L {x0},{middle} L {x1},{middle} L {x1},{y1}",
        line={"color": theme.muted, "width": 1.5},
        layer="below",
    )
