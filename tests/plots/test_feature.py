"""Strips of a feature and levels of a descriptor: a line a center and subset, sides and colors by label."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore import plots

LABELS = ("benign", "malignant")
CENTERS = ["Alpha", "Beta"]


def _cases(values: Any, **changes: Any) -> pd.DataFrame:
    """Twenty-four cases: Alpha trains with twelve and validates with six, Beta is external; labels alternate."""
    return pd.DataFrame(
        {
            "called": [f"p{n}" for n in range(24)],
            "center": ["Alpha"] * 18 + ["Beta"] * 6,
            "subset": ["train"] * 12 + ["validation"] * 6 + ["external"] * 6,
            "y": [0, 1] * 12,
            "value": values,
        }
    ).assign(**changes)


def _strips(values: Any, name: str = "entropy", **changes: Any) -> Any:
    return plots.feature_strips(_cases(values, **changes), plots.LIGHT, CENTERS, labels=LABELS, name=name)


def _points(chart: Any) -> list[Any]:
    return [
        trace for trace in chart.data if trace.type == "scatter" and len(trace.x) and trace.x[0] is not None
    ]


@pytest.mark.parametrize("theme", plots.THEMES.values())
def test_each_case_is_a_point_on_the_line_of_its_center_and_side_of_its_label(theme: plots.Theme) -> None:
    cases = _cases(np.arange(24.0))
    chart = plots.feature_strips(cases, theme, CENTERS, labels=LABELS, name="entropy")
    assert list(chart.layout.yaxis.ticktext) == ["Alpha, training", "Alpha, validation", "Beta, external"]
    places = {
        case: (value, round(height), trace.marker.line.color, trace.marker.symbol)
        for trace in _points(chart)
        for case, value, height in zip(trace.customdata, trace.x, trace.y, strict=True)
    }
    assert len(places) == 24
    assert places["p0"] == (0.0, 2, theme.negative, "circle-open")
    assert places["p13"] == (13.0, 1, theme.positive, "square")
    assert places["p23"] == (23.0, 0, theme.positive, "circle")
    for trace in _points(chart):
        above = trace.marker.line.color == theme.negative
        assert all((height > round(height)) == above for height in trace.y)
    # Three cases a label are too few for a box; Alpha trains with six.
    boxes = [trace for trace in chart.data if trace.type == "box"]
    assert [set(trace.y) for trace in boxes] == [{2.2}, {1.8}]


def test_what_is_not_finite_is_not_drawn() -> None:
    values = np.arange(24.0)
    values[[0, 13]] = np.nan, np.inf
    drawn = [case for trace in _points(_strips(values)) for case in trace.customdata]
    assert len(drawn) == 22
    assert not {"p0", "p13"} & set(drawn)


def test_one_value_everywhere_stands_in_the_middle() -> None:
    assert tuple(_strips(4.0).layout.xaxis.range) == (2.0, 6.0)
    assert tuple(_strips(0.0).layout.xaxis.range) == (-1.0, 1.0)


def test_values_over_many_powers_of_ten_have_a_log_axis_that_says_so() -> None:
    wide = _strips(10.0 ** np.linspace(0, 6, 24))
    assert (wide.layout.xaxis.type, wide.layout.xaxis.title.text) == ("log", "entropy (log scale)")
    assert _strips(np.linspace(1, 90, 24)).layout.xaxis.type is None
    assert _strips(np.linspace(-1, 1e9, 24)).layout.xaxis.type is None


def test_long_and_hostile_names_and_one_label_alone() -> None:
    center = "<i>" * 40
    chart = plots.feature_strips(
        _cases(1.0, center=center, y=0), plots.LIGHT, [center], labels=LABELS, name="<b>" * 40
    )
    assert "<b>" not in chart.layout.xaxis.title.text
    (first, *_) = chart.layout.yaxis.ticktext
    assert first.startswith("&lt;i&gt;")
    assert len(first.replace("&lt;", "<").replace("&gt;", ">")) <= 34 + len(", training")
    assert {trace.marker.line.color for trace in _points(chart)} == {plots.LIGHT.negative}


def test_levels_are_shares_of_each_center_and_label_with_counts() -> None:
    chart = plots.feature_levels(
        _cases((["round"] * 4 + ["lobed"] * 2) * 4), plots.LIGHT, CENTERS, labels=LABELS
    )
    assert list(chart.layout.yaxis.ticktext) == [
        f"{place} · {label}"
        for place in ("Alpha, training", "Alpha, validation", "Beta, external")
        for label in LABELS
    ]
    round_, lobed = chart.data
    assert (round_.name, lobed.name) == ("round", "lobed")
    assert np.array(round_.x) + np.array(lobed.x) == pytest.approx(np.ones(6))
    assert list(round_.text) == ["4", "4", "2", "2", "2", "2"]
    assert round_.x[0] == pytest.approx(4 / 6)


def test_many_levels_end_in_one_part() -> None:
    chart = plots.feature_levels(
        _cases([f"level {n % 12}" for n in range(24)]), plots.LIGHT, CENTERS, labels=LABELS
    )
    assert [trace.name for trace in chart.data][-1] == "4 other levels"
    assert len(chart.data) == 9
    totals = np.sum([trace.x for trace in chart.data], axis=0)
    assert totals == pytest.approx(np.ones(6))


def test_a_center_without_a_label_has_no_line_for_it() -> None:
    cases = _cases("round")
    cases = cases[(cases["center"] == "Alpha") | (cases["y"] == 1)]
    chart = plots.feature_levels(cases, plots.LIGHT, CENTERS, labels=LABELS)
    assert [name for name in chart.layout.yaxis.ticktext if "Beta" in name] == ["Beta, external · malignant"]
