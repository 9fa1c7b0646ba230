"""The small figure of a finding: estimates with their intervals, ranges or counts, whatever the evidence holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from sgcore.domain import FAMILIES
from sgcore.plots import marks, words
from sgcore.plots.frames import records
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, figure

#: Rows that a small figure has room for.
_MOST = 24
#: A logarithmic axis has no zero.
_FLOOR = 1e-20
#: Columns that name a row, in the order in which they are read.
_NAMES = (
    "family",
    "classifier",
    "features",
    "feature",
    "center",
    "subset",
    "unit",
    "measure",
    "column",
    "label",
)


@dataclass(frozen=True)
class _Scale:
    """What a column with an interval is called, and where its line of nothing lies, if it has one."""

    title: str
    nothing: float | None = None


#: Columns that may have an interval in ``ci_low`` and ``ci_high``, by how much they say.
_SCALES = {
    "gain": _Scale("Gain in AUC with 95% interval", 0.0),
    "difference": _Scale("Difference with 95% interval", 0.0),
    "delta": _Scale("Difference of AUC with 95% interval", 0.0),
    "auc": _Scale("AUC with 95% interval", 0.5),
    "icc": _Scale("ICC with 95% interval", 0.75),
    "phi": _Scale("Stability (Nogueira) with 95% interval"),
    "cramers_v": _Scale("Cramer's V with 95% interval", 0.0),
    "estimate": _Scale("Estimate with 95% interval"),
}


@drawn_once
def finding_figure(table: pd.DataFrame, theme: Theme) -> go.Figure | None:
    """The figure of the evidence of a check, or None where a table says it better.

    Its columns tell: estimates with intervals, ranges (``min``, ``median``, ``max``), or how many features have a p in
    each bin (``p_from``, ``p_to``, ``n_features``).
    """
    columns = set(table.columns)
    if {"p_from", "p_to", "n_features"} <= columns:
        return _bins(table, theme)
    if {"min", "median", "max"} <= columns:
        return _ranges(table, theme)
    value = next((name for name in _SCALES if name in columns and table[name].notna().any()), None)
    if value is not None and {"ci_low", "ci_high"} <= columns:
        return _intervals(table, value, theme)
    return None


def _intervals(table: pd.DataFrame, value: str, theme: Theme) -> go.Figure | None:
    known = table[table[value].notna()]
    if known.empty or len(known) > _MOST:
        return None
    scale, names = _SCALES[value], _row_names(known)
    chart = figure(theme, height=100 + 22 * len(known))
    for name, row in zip(names, records(known), strict=True):
        middle = getattr(row, value)
        says = f"{middle:.3f} ({words.interval(row.ci_low, row.ci_high)})"
        _dot(chart, name, middle, row.ci_low, row.ci_high, _color(theme, row), says)
    if scale.nothing is not None:
        chart.add_vline(x=scale.nothing, line={"color": theme.muted, "width": 1, "dash": "dot"})
    chart.update_xaxes(title_text=scale.title)
    marks.lines(chart, names)
    return chart


def _ranges(table: pd.DataFrame, theme: Theme) -> go.Figure:
    """From the lowest to the highest value of each row, the median marked; on a logarithmic axis, zero at its edge."""
    shown = table.head(_MOST)
    names = _row_names(shown)
    chart = figure(theme, height=100 + 22 * len(shown))
    for name, row in zip(names, records(shown), strict=True):
        low, middle, high = (max(_FLOOR, float(getattr(row, each))) for each in ("min", "median", "max"))
        color = theme.positive if getattr(row, "residue", False) else theme.muted
        _dot(chart, name, middle, low, high, color, f"{row.median:.1e}")
    chart.update_xaxes(
        type="log", exponentformat="power", title_text="Lowest, median and highest of all images"
    )
    marks.lines(chart, names)
    return chart


def _bins(table: pd.DataFrame, theme: Theme) -> go.Figure:
    chart = figure(theme, height=240)
    chart.add_trace(
        go.Bar(
            x=(table["p_from"] + table["p_to"]) / 2,
            y=table["n_features"],
            width=(table["p_to"] - table["p_from"]) * 0.95,
            marker={"color": theme.muted},
            hovertemplate="%{y}<extra></extra>",
            showlegend=False,
        )
    )
    chart.update_yaxes(rangemode="tozero", title_text="Features")
    chart.update_xaxes(title_text="p of the features")
    return chart


def _dot(chart: go.Figure, name: str, middle: float, low: float, high: float, color: str, says: str) -> None:
    chart.add_trace(
        go.Scatter(
            x=[middle],
            y=[name],
            mode="markers",
            marker={"color": color, "size": 9},
            error_x=marks.error_bars(middle, low, high, color),
            hovertemplate=f"{words.inert(name)}: {says}<extra></extra>",
            showlegend=False,
        )
    )


def _color(theme: Theme, row: Any) -> str:
    family = getattr(row, "family", None)
    return theme.family(family) if family in FAMILIES else theme.accent


def _row_names(rows: pd.DataFrame) -> list[str]:
    """A name a row, of the columns that tell the rows apart; numbered where they do not."""
    candidates = [name for name in (*_NAMES, "image_type") if name in rows]
    telling = [name for name in candidates if rows[name].nunique(dropna=False) > 1] or candidates[:1]
    names = [
        " · ".join(str(value) for value in values if not words.missing(value))
        for values in rows[telling].itertuples(index=False)
    ]
    if len(set(names)) == len(names):
        return names
    return [f"{number}. {name}" for number, name in enumerate(names, start=1)]
