"""Dots of two measures a model: the numbers of the frame, and the reason where there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots

COLORS = {"US": "#CC79A7", "DL": "#D55E00"}


def points(reason: str = "no negative case") -> pd.DataFrame:
    """Two models; the second has no specificity."""
    rows = []
    for name, measure, estimate in (
        ("US", "sensitivity", 0.6),
        ("US", "specificity", 1.0),
        ("US", "ppv", 0.3),
        ("DL", "sensitivity", 0.8),
        ("DL", "specificity", np.nan),
    ):
        rows.append(
            {
                "name": name,
                "family": name,
                "classifier": "LR",
                "measure": measure,
                "estimate": estimate,
                "ci_low": estimate - 0.2,
                "ci_high": min(1.0, estimate + 0.1),
                "successes": 6,
                "n": 10,
                "n_patients": 20,
                "n_images": 30,
                "reason": reason if np.isnan(estimate) else "",
            }
        )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("theme", list(plots.THEMES.values()))
def test_dots_carry_the_numbers(theme: plots.Theme) -> None:
    chart = plots.operating_dots(points(), theme, ("sensitivity", "specificity"), colors=COLORS)
    drawn = [trace for trace in chart.data if trace.x[0] is not None]
    assert [trace.x[0] for trace in drawn] == [0.6, 0.8, 1.0]
    first = drawn[0]
    assert first.x[0] - first.error_x.arrayminus[0] == pytest.approx(0.4)
    assert first.x[0] + first.error_x.array[0] == pytest.approx(0.7)
    assert "6 of 10" in first.hovertemplate
    assert [trace.name for trace in chart.data if trace.name] == ["Sensitivity", "Specificity"]
    assert list(chart.layout.yaxis.ticktext) == ["US · LR", "DL · LR"]
    assert [note.text for note in chart.layout.annotations] == ["Specificity: no negative case"]
    # A dot at 1 lies inside the axis.
    assert chart.layout.xaxis.range[1] > 1.02


def test_a_value_without_counts_has_none_on_hover() -> None:
    rows = points()
    rows.loc[rows["measure"] == "ppv", "successes"] = np.nan
    chart = plots.operating_dots(rows, plots.DARK, ("ppv", "npv"), colors=COLORS)
    (dot,) = [trace for trace in chart.data if trace.x[0] is not None]
    assert " of " not in dot.hovertemplate


def test_reason_is_inert() -> None:
    chart = plots.operating_dots(points("<b>x"), plots.LIGHT, ("sensitivity", "specificity"), colors=COLORS)
    assert chart.layout.annotations[0].text == "Specificity: &lt;b&gt;x"
