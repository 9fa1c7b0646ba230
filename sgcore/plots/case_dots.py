"""Every case of a set by its score: lines by label and center, a mark by whether the call is right, the threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import marks, words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure, translucent

#: Mark of a case that is called right, wrong, or not at all.
_SYMBOLS = {0.0: "circle", 1.0: "x"}
#: Above so many cases a browser draws marks through WebGL: as SVG they would take seconds.
_SVG_CASES = 1_500
#: More centers than these would be lines too thin to read; then each label has one line.
_CENTERS = 5
#: Marks of neighboring scores go up and down by the golden ratio, which spreads any number of them evenly.
_GOLDEN, _HEIGHT = 0.6180339887498949, 0.62


@drawn_once
def case_dots(
    rows: pd.DataFrame,
    theme: Theme,
    labels: tuple[str, str],
    *,
    threshold: float,
    ends: tuple[float, float],
    stored: float | None = None,
    digits: int = 3,
) -> go.Figure:
    """Cases by score; a click on a mark gives the ``key`` of its case.

    Parameters
    ----------
    rows : ``key, name, center, y, score, wrong`` a case; ``name`` is what it is called, ``wrong`` 1, 0 or NaN.
    labels : what negative and positive are called.
    threshold : drawn as a line unless it is NaN; ``stored`` as a second, thinner one.
    ends : lowest and highest score of the axis.
    digits : decimals of scores.
    """
    centers = sorted(rows["center"].unique())
    apart = 1 < len(centers) <= _CENTERS
    lines = _lines(rows, labels, centers if apart else [None])
    chart = figure(theme, height=118 + max(120, 44 * len(lines)))
    place = marks.places(chart, theme, lines)
    line = rows["y"].astype(str) + "/" + (rows["center"] if apart else "")
    draw = go.Scattergl if len(rows) > _SVG_CASES else go.Scatter
    up = _HEIGHT * ((rows["score"].rank(method="first") * _GOLDEN) % 1 - 0.5)
    # What is called wrong lies on top.
    for wrong in (0.0, 1.0, np.nan):
        for label, color in enumerate((theme.negative, theme.positive)):
            own = rows["wrong"].isna() if np.isnan(wrong) else rows["wrong"] == wrong
            own &= rows["y"] == label
            if own.any():
                part = rows[own]
                chart.add_trace(
                    draw(
                        x=part["score"],
                        y=line[own].map(place) + up[own],
                        mode="markers",
                        showlegend=False,
                        marker=_look(wrong, color, len(rows)),
                        # A chosen mark opens its case; the others are not to fade meanwhile.
                        unselected={"marker": {"opacity": 1}},
                        customdata=_said(part, labels, digits),
                        hovertemplate="%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
                    )
                )
    marks.key(chart, theme, [("circle", "Called right"), ("x", "Called wrong")] if known(rows) else [])
    if not np.isnan(threshold):
        _threshold(chart, theme, labels, threshold, ends, digits)
    if stored is not None and ends[0] <= stored <= ends[1]:
        chart.add_vline(x=stored, line={"color": theme.muted, "width": 1.5, "dash": "dot"})
    pad = 0.02 * (ends[1] - ends[0])
    chart.update_xaxes(range=[ends[0] - pad, ends[1] + pad], title_text="Score")
    chart.update_layout(legend={"y": 1.09}, margin={"t": 56}, clickmode="event+select", dragmode=False)
    return chart


def known(rows: pd.DataFrame) -> bool:
    """Whether anything is called."""
    return bool(rows["wrong"].notna().any())


def _lines(rows: pd.DataFrame, labels: tuple[str, str], centers: list[str | None]) -> dict[str, str]:
    """What each line is called, positive cases on top; a label without a case in a center has no line there."""
    found = {}
    for label in (1, 0):
        for center in centers:
            own = rows[(rows["y"] == label) & (True if center is None else rows["center"] == center)]
            if len(own):
                name = labels[label] if center is None else f"{labels[label]}, {center}"
                found[f"{label}/{center or ''}"] = f"{words.inert(words.short(name))} ({len(own):,})"
    return found


def _look(wrong: float, color: str, cases: int) -> dict[str, object]:
    size = 10 if cases <= 300 else 7 if cases <= _SVG_CASES else 5
    if np.isnan(wrong):
        return {"symbol": "circle-open", "size": size, "color": color}
    shade = color if wrong else translucent(color, 0.55)
    return {"symbol": _SYMBOLS[wrong], "size": size + (1 if wrong else 0), "color": shade}


def _said(rows: pd.DataFrame, labels: tuple[str, str], digits: int) -> list[list[str]]:
    """``key``, the case, and its score with its label, a row."""
    ends = {1.0: ": called wrong", 0.0: ": called right"}
    return [
        [
            key,
            f"{words.inert(name)}, {words.inert(center)}",
            f"score {score:.{digits}f}, {words.inert(labels[y])}{ends.get(wrong, '')}",
        ]
        for key, name, center, score, y, wrong in zip(
            *(rows[column] for column in ("key", "name", "center", "score", "y", "wrong")), strict=True
        )
    ]


def _threshold(
    chart: go.Figure,
    theme: Theme,
    labels: tuple[str, str],
    threshold: float,
    ends: tuple[float, float],
    digits: int,
) -> None:
    """The line, and what lies on either side of it where there is room for the words."""
    at = float(np.clip(threshold, *ends))
    chart.add_vline(x=at, line={"color": theme.text, "width": 2})
    share = (at - ends[0]) / (ends[1] - ends[0])
    for label, anchor, room, text in (
        (0, "right", share, "← called {}"),
        (1, "left", 1 - share, "called {} →"),
    ):
        if room > 0.22:
            chart.add_annotation(
                x=at,
                y=1,
                yref="paper",
                xanchor=anchor,
                yanchor="bottom",
                xshift=6 if label else -6,
                showarrow=False,
                text=text.format(words.inert(words.short(labels[label], 24))),
                font={"size": 13, "color": theme.muted},
            )
