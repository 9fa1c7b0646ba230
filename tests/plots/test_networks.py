"""Networks by subset, their training curves and the components of their deep features."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from tests.plots import explained_frames as frames

THEMES = list(plots.THEMES.values())


@pytest.mark.parametrize("theme", THEMES)
def test_network_dots_have_a_mark_a_subset_and_estimate(theme: plots.Theme) -> None:
    rows = frames.network_evaluations()
    chart = plots.network_dots(rows, theme, picked="resnet18", called={"resnet18": "ResNet18"})
    assert list(chart.layout.yaxis.ticktext) == ["<b>ResNet18</b> (picked)", "made-elsewhere"]
    groups = [trace.name for trace in chart.data if trace.showlegend]
    assert groups == ["Training (its own patients)", "Training (out of fold)", "Validation", "External"]
    heights = [trace.y[0] for trace in chart.data]
    assert len(set(heights)) == len(heights) == 7
    external = next(trace for trace in chart.data if trace.name == "External")
    assert external.x[0] == pytest.approx(0.58)
    assert external.x[0] - external.error_x.arrayminus[0] == pytest.approx(0.43)
    assert [note.text for note in chart.layout.annotations] == ["External: one class only, n = 4"]


@pytest.mark.parametrize("theme", THEMES)
def test_training_curves_put_the_network_of_all_patients_on_top(theme: plots.Theme) -> None:
    curves = frames.training_curves()
    chart = plots.training_curves(curves, theme, metric="loss")
    assert len(chart.data) == 6
    whole = [trace for trace in chart.data if trace.line.width > 1]
    assert [trace.name for trace in chart.data[-2:]] == [trace.name for trace in whole]
    validation = next(trace for trace in whole if "validation" in trace.name)
    own = curves[(curves["fold"] == 0) & (curves["subset"] == "validation") & curves["loss"].notna()]
    np.testing.assert_allclose(validation.y, own["loss"])
    assert list(validation.x) == [1, 2, 3, 4, 5]
    assert {trace.line.dash for trace in whole} == {"solid", "dash"}
    assert sum(bool(trace.showlegend) for trace in chart.data) == 4


def test_curves_of_networks_made_elsewhere_need_no_fold_and_no_count() -> None:
    curves = frames.training_curves(folds=0).assign(fold=np.nan, n_images=np.nan)
    chart = plots.training_curves(curves, plots.LIGHT, metric="auc")
    assert [trace.line.width for trace in chart.data] == [2.5, 2.5]
    assert list(chart.layout.yaxis.range) == [0, 1.02]
    assert set(chart.data[0].customdata) == {""}


def test_curves_of_one_epoch_have_marks() -> None:
    chart = plots.training_curves(frames.training_curves(epochs=1, folds=0), plots.DARK, metric="auc")
    assert {trace.mode for trace in chart.data} == {"lines+markers"}


def test_explained_variance_says_what_comes_together() -> None:
    rows = pd.DataFrame({"component": ["DL_0", "DL_1"], "share": [0.5, 0.2]})
    (bars,) = plots.explained_variance(rows, plots.LIGHT).data
    assert list(bars.y) == [0.5, 0.2]
    np.testing.assert_allclose(bars.customdata, [0.5, 0.7])


def test_components_are_drawn_by_label_and_center() -> None:
    points = pd.DataFrame(
        {
            "image_id": ["a", "b", "c"],
            "center": ["<b>A</b>", "B", "B"],
            "y_true": [0, 0, 1],
            "x": [1.0, 2.0, 3.0],
            "y": [0.0, 1.0, 2.0],
        }
    )
    symbols = plots.markers(["<b>A</b>", "B"])
    chart = plots.component_scatter(points, plots.LIGHT, ("no", "yes"), symbols)
    assert [trace.name for trace in chart.data] == ["no, &lt;b&gt;A&lt;/b&gt;", "no, B", "yes, B"]
    assert [trace.marker.symbol for trace in chart.data] == ["circle", "square", "square"]
    assert chart.data[2].x[0] == 3.0
