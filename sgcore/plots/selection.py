"""How features were dropped: the funnel, their p values by class, the LASSO's curve and path."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore.plots import words
from sgcore.plots.memo import drawn_once
from sgcore.plots.theme import Theme, decades, figure, translucent

#: Columns of ``counts`` in the order of the steps, and what each is called.
STEPS = {
    "features": "Extracted",
    "usable": "Usable",
    "univariate": "Differ by label",
    "correlation": "Not redundant",
    "lasso": "Kept by the LASSO",
    "multivariable": "Kept beside the others",
}


def steps(counts: pd.Series) -> dict[str, str]:
    """The steps that a family's selection has: descriptors know no correlation step and no LASSO."""
    return {step: title for step, title in STEPS.items() if not words.missing(counts[step])}


@drawn_once
def funnel(
    counts: pd.Series,
    theme: Theme,
    *,
    color: str,
    reference: pd.Series | None = None,
    names: tuple[str, str] = ("this analysis", "reference"),
) -> go.Figure:
    """Features left after each step, beside a reference; rows of ``counts``, and what the two are called.

    Bars grow with the square root, so that ten of a thousand stay visible; the numbers are exact.
    """
    chart = figure(theme, height=300 if reference is not None else 250)
    shown = [(names[0], counts, color)]
    if reference is not None:
        shown.insert(0, (names[1], reference, translucent(theme.combined, 0.55)))
    titles = steps(counts)
    top = max(float(row[step]) for _, row, _ in shown for step in titles)
    for name, row, fill in shown:
        values = [int(row[step]) for step in titles]
        chart.add_trace(
            go.Bar(
                orientation="h",
                x=np.sqrt(values),
                y=list(titles.values()),
                name=name,
                marker={"color": fill},
                text=[f"{value:,}" for value in values],
                textposition="outside",
                textfont={"color": theme.text, "size": 13},
                cliponaxis=False,
                customdata=values,
                hovertemplate=f"%{{y}}: %{{customdata:,}} features ({name})<extra></extra>",
                showlegend=reference is not None,
            )
        )
    chart.update_layout(barmode="group", bargap=0.28, legend={"traceorder": "reversed"})
    chart.update_xaxes(visible=False, range=[0, 1.12 * np.sqrt(max(top, 1.0))])
    chart.update_yaxes(autorange="reversed", showgrid=False)
    return chart


@drawn_once
def p_values(selection: pd.DataFrame, theme: Theme, *, threshold: float, correction: str) -> go.Figure:
    """Each feature's p (or q) by class as -log10, threshold as a line; rows of ``selection`` of one family.

    ``residue`` (bool) marks features of image types that are numerical residue.
    """
    value = "p" if correction == "none" else "q"
    called = words.CORRECTED[correction]
    rows = selection[selection[value].notna()].copy()
    chart = figure(theme, height=380, margin={"r": 70})
    groups = [*dict.fromkeys(words.CLASSES.values())]
    rows["group"] = rows["feature_class"].map(words.CLASSES).fillna("Other")
    groups = [name for name in [*groups, "Other"] if name in set(rows["group"])]
    # Side by side within the class, in the order of the table: no random jitter, so that a point stays put.
    share = rows.groupby("group").cumcount() / rows.groupby("group")["feature"].transform("size")
    places = rows["group"].map({name: i for i, name in enumerate(groups)}).astype(float)
    rows["x"] = places - 0.42 + 0.84 * share
    rows["y"] = -np.log10(rows[value].clip(lower=1e-300))
    kinds = [
        (
            "dropped",
            rows["step"] != "selected",
            ~rows["residue"],
            "circle",
            5,
            translucent(theme.negative, 0.55),
        ),
        (
            "dropped, numerical residue",
            rows["step"] != "selected",
            rows["residue"],
            "x-thin-open",
            6,
            theme.muted,
        ),
        ("selected", rows["step"] == "selected", ~rows["residue"], "circle", 12, theme.positive),
        ("selected, numerical residue", rows["step"] == "selected", rows["residue"], "x", 12, theme.positive),
    ]
    for name, fate, kind, symbol, size, color in kinds:
        part = rows[fate & kind]
        if part.empty:
            continue
        chart.add_trace(
            go.Scattergl(
                x=part["x"],
                y=part["y"],
                mode="markers",
                name=name,
                marker={"symbol": symbol, "size": size, "color": color, "line": {"width": 1, "color": color}},
                customdata=np.stack(
                    [
                        list(map(words.inert, map(words.named, part["feature"], part["residue"]))),
                        part[value],
                        part["step"].map(words.STEPS),
                    ],
                    axis=-1,
                ),
                hovertemplate=f"%{{customdata[0]}}<br>{called} %{{customdata[1]:.2g}}"
                "<br>%{customdata[2]}<extra></extra>",
            )
        )
    chart.add_hline(y=-np.log10(threshold), line={"color": theme.text, "width": 1.5, "dash": "dash"})
    chart.add_annotation(
        x=1,
        xref="paper",
        xanchor="left",
        y=-np.log10(threshold),
        text=f"{called} = {threshold:g}",
        showarrow=False,
        font={"color": theme.text, "size": 12},
    )
    chart.update_xaxes(
        tickvals=list(range(len(groups))), ticktext=groups, showgrid=False, range=[-0.6, len(groups) - 0.4]
    )
    chart.update_yaxes(title_text=f"−log10 {called} (higher: stronger difference)", rangemode="tozero")
    return chart


@drawn_once
def lasso_curve(curve: pd.DataFrame, theme: Theme, *, loss: str, color: str) -> go.Figure:
    """Cross-validated error over the penalty with its standard error; the chosen penalty is marked."""
    curve = curve.sort_values("alpha")
    chart = figure(theme, height=330)
    chart.add_trace(
        go.Scatter(
            x=pd.concat([curve["alpha"], curve["alpha"][::-1]]),
            y=pd.concat(
                [curve["error_mean"] + curve["error_se"], (curve["error_mean"] - curve["error_se"])[::-1]]
            ),
            mode="lines",
            fill="toself",
            fillcolor=translucent(theme.combined, 0.2),
            line={"width": 0},
            name="± 1 standard error",
            hoverinfo="skip",
        )
    )
    chart.add_trace(
        go.Scatter(
            x=curve["alpha"],
            y=curve["error_mean"],
            mode="lines",
            name="mean over the folds",
            line={"color": color, "width": 2.5},
            hovertemplate="penalty %{x:.3g}<br>error %{y:.4f}<extra></extra>",
        )
    )
    _mark_chosen(chart, theme, curve)
    chart.update_xaxes(
        type="log", title_text="Penalty (alpha), stronger to the right", **decades(curve["alpha"])
    )
    chart.update_yaxes(
        title_text="Deviance in the folds" if loss == "logistic" else "Squared error in the folds"
    )
    return chart


@drawn_once
def lasso_path(path: pd.DataFrame, curve: pd.DataFrame, theme: Theme, names: Mapping[str, str]) -> go.Figure:
    """Coefficients over the penalty; features of ``names`` (selected ones, in plain words) in color."""
    chart = figure(theme, height=330)
    chosen = curve.loc[curve["chosen"].astype(bool), "alpha"]
    for feature, part in path.sort_values("alpha").groupby("feature", sort=False):
        if not (part["coefficient"] != 0).any():
            continue
        kept = feature in names
        # The sign may change along the path; the model has the one at the chosen penalty.
        nearest = (part["alpha"] - chosen.iloc[0]).abs().to_numpy().argmin() if len(chosen) else 0
        sign = part["coefficient"].iloc[nearest]
        color = (theme.positive if sign > 0 else theme.accent) if kept else translucent(theme.combined, 0.35)
        chart.add_trace(
            go.Scatter(
                x=part["alpha"],
                y=part["coefficient"],
                mode="lines",
                line={"color": color, "width": 2 if kept else 1},
                showlegend=False,
                hovertemplate=f"{words.inert(names.get(str(feature), words.feature(str(feature))))}"
                "<br>penalty %{x:.3g}<br>coefficient %{y:.3f}<extra></extra>",
            )
        )
    for text, color in (
        ("selected, coefficient above 0", theme.positive),
        ("selected, below 0", theme.accent),
        ("dropped", translucent(theme.combined, 0.5)),
    ):
        chart.add_trace(
            go.Scatter(x=[None], y=[None], mode="lines", name=text, line={"color": color, "width": 2.5})
        )
    _mark_chosen(chart, theme, curve)
    chart.update_xaxes(
        type="log", title_text="Penalty (alpha), stronger to the right", **decades(curve["alpha"])
    )
    chart.update_yaxes(
        title_text="Coefficient (standardized features)", zeroline=True, zerolinecolor=theme.grid
    )
    return chart


def _mark_chosen(chart: go.Figure, theme: Theme, curve: pd.DataFrame) -> None:
    chosen = curve.loc[curve["chosen"].astype(bool), "alpha"]
    if len(chosen):
        chart.add_vline(x=float(chosen.iloc[0]), line={"color": theme.text, "width": 1.5, "dash": "dash"})
        chart.add_annotation(
            x=np.log10(float(chosen.iloc[0])),
            xref="x",
            y=0.98,
            yref="paper",
            text="chosen",
            showarrow=False,
            xanchor="left",
            xshift=4,
            font={"color": theme.text, "size": 12},
        )
