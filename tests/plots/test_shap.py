"""SHAP figures: points where the values are, colors by rank, bars that add up to the probability."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore import plots
from sgcore.plots.shap import _spread
from tests.plots import explained_frames as frames

THEMES = list(plots.THEMES.values())
NAMES = {name: f"{name} in words" for name in frames.FEATURES}
HOSTILE = "<b>a</b> %{x}"


@pytest.mark.parametrize("theme", THEMES)
def test_beeswarm_has_a_row_a_feature(theme: plots.Theme) -> None:
    values = frames.shap_values()
    chart = plots.beeswarm(values, theme, NAMES)
    assert list(chart.layout.yaxis.ticktext)[1].startswith("wavelet-LHH_glcm")
    assert sum(len(trace.x) for trace in chart.data) == len(values)
    gray = [trace for trace in chart.data if isinstance(trace.marker.color, str)]
    assert [(len(trace.x), trace.marker.color) for trace in gray] == [(1, theme.muted)]
    last = chart.data[-1]
    own = values[values["feature"] == frames.FEATURES[-1]]
    np.testing.assert_allclose(last.x, own["shap_value"])
    assert np.abs(np.asarray(last.y) - 3).max() <= 0.4
    assert np.argmax(last.marker.color) == np.argmax(own["feature_value"])
    assert (min(last.marker.color), max(last.marker.color)) == (0, 1)


def test_a_feature_of_two_values_has_both_ends_of_the_colors() -> None:
    values = frames.shap_values()
    values = values.assign(feature_value=(values["feature_value"] > 1).astype(float))
    chart = plots.beeswarm(values, plots.LIGHT, NAMES)
    assert set(chart.data[0].marker.color) == {0, 1}


def test_a_feature_of_one_value_is_in_the_middle_of_the_colors() -> None:
    values = frames.shap_values().assign(feature_value=2.0, shap_value=0.0)
    chart = plots.beeswarm(values, plots.LIGHT, NAMES)
    assert set(chart.data[0].marker.color) == {0.5}
    assert list(chart.layout.xaxis.range) == [-0.1, 0.1]


def test_points_of_like_value_lie_apart_and_at_fixed_heights() -> None:
    heights = _spread(np.array([0.1, 0.1, 0.1, 0.5]), 0.5)
    assert len(set(heights[:3])) == 3
    assert heights[3] == 0
    np.testing.assert_array_equal(heights, _spread(np.array([0.1, 0.1, 0.1, 0.5]), 0.5))
    assert np.abs(_spread(np.zeros(500), 0.0)).max() <= 0.4


def test_mean_shap_is_in_the_order_of_the_names() -> None:
    values = frames.shap_values()
    means = values["shap_value"].abs().groupby(values["feature"]).mean()
    (bars,) = plots.mean_shap(means, plots.LIGHT, NAMES, family="RadiomicsDL").data
    np.testing.assert_allclose(bars.x, [means[name] for name in frames.FEATURES])
    assert bars.marker.color == plots.LIGHT.family("RadiomicsDL")


def test_dependence_tells_sets_apart_and_leaves_missing_values_out() -> None:
    values = frames.shap_values()
    own = values[values["feature"] == "DL_0"]
    chart = plots.dependence(own, plots.LIGHT, HOSTILE, family="RadiomicsDL")
    assert [trace.name for trace in chart.data] == ["Training", "Validation", "External"]
    assert sum(len(trace.x) for trace in chart.data) == len(own) - 1
    assert "<b>" not in chart.layout.xaxis.title.text


@pytest.mark.parametrize("theme", THEMES)
def test_waterfall_adds_up(theme: plots.Theme) -> None:
    chart = plots.waterfall([("a", 0.3), (HOSTILE, -0.1)], theme, base=0.4, threshold=0.45)
    (bars,) = chart.data
    assert list(bars.measure) == ["absolute", "relative", "relative", "total"]
    np.testing.assert_allclose(bars.x, [0.4, 0.3, -0.1, 0.6])
    assert list(bars.text) == ["0.400", "+0.300", "-0.100", "0.600"]
    assert chart.layout.xaxis.range[1] > 0.7
    *numbers, line = chart.layout.annotations
    assert [number.text for number in numbers] == list(bars.text)
    # Each stands right of its bar: 0 to 0.4, 0.4 to 0.7, 0.7 to 0.6, 0 to 0.6.
    np.testing.assert_allclose([number.x for number in numbers], [0.4, 0.7, 0.7, 0.6])
    assert line.text == "threshold 0.450"
    assert "<b>" not in chart.layout.yaxis.ticktext[2]


def test_waterfall_says_whose_probability_and_what_its_ends_are() -> None:
    chart = plots.waterfall(
        [("Zone Entropy (GLSZM, wavelet HHL) = 1.58", 0.1)],
        plots.LIGHT,
        base=0.4,
        ends=("start", "fitted"),
        label="<b>x</b>",
    )
    assert list(chart.layout.yaxis.ticktext) == [
        "start",
        "Zone Entropy<br>(GLSZM, wavelet HHL) = 1.58",
        "fitted",
    ]
    assert chart.layout.xaxis.title.text == "Probability of &lt;b&gt;x&lt;/b&gt;"


def test_waterfall_without_a_threshold_in_reach_has_no_line() -> None:
    for threshold in (None, float("inf")):
        assert not plots.waterfall([("a", 0.1)], plots.LIGHT, base=0.4, threshold=threshold).layout.shapes
