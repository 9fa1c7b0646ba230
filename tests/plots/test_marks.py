"""What figures share: reasons in words, bars and bands with the numbers they are given, a key of symbols."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from sgcore.plots import marks, words
from sgcore.plots.theme import figure
from tests.plots import frames
from tests.plots.test_forest import rows as centers
from tests.plots.test_forest import together
from tests.plots.test_operating import COLORS, points
from tests.plots.test_resampling import REPEATS

THEME = plots.LIGHT
#: Each figure that says why, with this reason where an estimate is missing.
SAYING = {
    "families": lambda reason: plots.family_dots(
        frames.evaluations().query("picked").assign(auc=np.nan, reason=reason), THEME
    ),
    "operating": lambda reason: plots.operating_dots(
        points().assign(estimate=np.nan, reason=reason), THEME, ("sensitivity", "specificity"), colors=COLORS
    ),
    "repeats": lambda reason: plots.optimism(
        REPEATS.assign(auc=np.nan, reason=reason), THEME, family="US", picked=None
    ),
    "centers": lambda reason: plots.forest(
        centers(2).assign(auc=np.nan, reason=reason), together(), THEME, family="US"
    ),
}


@pytest.mark.parametrize("reason", ["", None, np.nan])
@pytest.mark.parametrize("name", SAYING)
def test_no_reason_reads_not_estimable(name: str, reason: object) -> None:
    texts = [note.text for note in SAYING[name](reason).layout.annotations]
    assert texts
    assert {text.split(": ")[-1] for text in texts} == {"not estimable"}


def test_a_long_reason_is_cut_or_wrapped_and_inert() -> None:
    chart = figure(THEME, height=100)
    reason = "one class only <all positive> " * 6
    marks.say_why(chart, THEME, 0, reason)
    marks.say_why(chart, THEME, 1, reason, wrapped=True)
    cut, wrapped = chart.layout.annotations
    assert "…" in cut.text
    assert "<" not in cut.text
    assert wrapped.text.count("<br>") >= 1
    assert "<all" not in wrapped.text + wrapped.hovertext
    assert wrapped.hovertext.count("one class only") == 6


@pytest.mark.parametrize("low", [0.4, np.array([0.4, 0.5])])
def test_bars_reach_from_low_to_high(low: object) -> None:
    value, high = np.add(low, 0.2), np.add(low, 0.25)
    bars = marks.error_bars(value, low, high, "#000000")
    np.testing.assert_allclose(value - bars["arrayminus"], np.atleast_1d(low))
    np.testing.assert_allclose(value + bars["array"], np.atleast_1d(high))
    assert bars["visible"] is True
    assert marks.error_bars(value, low, high, "#000000", visible=False)["visible"] is False


def test_an_unknown_interval_draws_no_bar() -> None:
    assert marks.error_bars(0.7, np.nan, np.nan, "#000000")["visible"] is False


def test_axis_names_chance() -> None:
    chart = figure(THEME, height=100)
    marks.auc_axis(chart, THEME, title="AUC of the pick")
    assert "0.50 (chance)" in chart.layout.xaxis.ticktext
    assert chart.layout.xaxis.title.text == "AUC of the pick"
    assert [shape.x0 for shape in chart.layout.shapes] == [0.5]


def test_band_runs_there_above_and_back_below() -> None:
    chart = figure(THEME, height=100)
    marks.band(chart, pd.Series([0, 1]), pd.Series([0.1, 0.2]), pd.Series([0.5, 0.6]), "#0072B2")
    (drawn,) = chart.data
    assert list(drawn.x) == [0, 1, 1, 0]
    assert list(drawn.y) == [0.5, 0.6, 0.2, 0.1]
    assert drawn.fillcolor == "rgba(0,114,178,0.16)"


def test_places_run_down_with_a_line_between_them() -> None:
    chart = figure(THEME, height=100)
    assert marks.places(chart, THEME, {"a": "First", "b": "Second", "c": "Third"}) == {"a": 2, "b": 1, "c": 0}
    assert dict(zip(chart.layout.yaxis.ticktext, chart.layout.yaxis.tickvals, strict=True)) == {
        "First": 2,
        "Second": 1,
        "Third": 0,
    }
    assert [shape.y0 for shape in chart.layout.shapes] == [0.5, 1.5]


def test_estimate_in_words() -> None:
    row = {"auc": 0.8071, "ci_low": 0.594, "ci_high": 0.923, "n_patients": 29.0}
    assert words.estimate(row) == "0.807 (0.594 to 0.923)"
    assert words.estimate(row, words.patients(row), "3 centers") == (
        "0.807 (0.594 to 0.923; 29 patients, 3 centers)"
    )
    assert words.estimate({**row, "ci_low": np.nan}) == "0.807 (interval not estimable)"


def test_key_names_each_symbol() -> None:
    chart = figure(THEME, height=100)
    marks.key(chart, THEME, [("circle", "all"), ("square", "some")])
    assert [(trace.marker.symbol, trace.name) for trace in chart.data] == [
        ("circle", "all"),
        ("square", "some"),
    ]
