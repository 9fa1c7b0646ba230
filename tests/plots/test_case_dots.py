"""Cases by score and the ROC curve of one model: marks, lines, the threshold, and what a click gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots
from sgcore.stats import roc_curve

LABELS = ("benign", "malignant")


def rows(cases: int = 8, centers: int = 2) -> pd.DataFrame:
    """Labels and centers in turn; scores rise, and from 0.5 on a case is called positive."""
    place = np.arange(cases)
    score = (place + 0.5) / cases
    y = place % 2
    return pd.DataFrame(
        {
            "key": [f"k{n}" for n in place],
            "name": [f"<b>{n}</b>" for n in place],
            "center": [f"C{n}" for n in (place // 2) % centers],
            "y": y,
            "score": score,
            "wrong": ((score >= 0.5) != y).astype(float),
        }
    )


def _draw(frame: pd.DataFrame, theme: plots.Theme = plots.LIGHT, **changes: object):
    usual = {"threshold": 0.5, "ends": (0.0, 1.0), **changes}
    return plots.case_dots(frame, theme, LABELS, **usual)


def _marks(chart) -> list:
    return [trace for trace in chart.data if trace.customdata is not None]


@pytest.mark.parametrize("theme", list(plots.THEMES.values()))
def test_every_case_has_one_mark_whose_shape_says_whether_it_is_right(theme: plots.Theme) -> None:
    frame = rows()
    drawn = {
        data[0]: (x, y, trace.marker.symbol)
        for trace in _marks(_draw(frame, theme))
        for x, y, data in zip(trace.x, trace.y, trace.customdata, strict=True)
    }
    assert len(drawn) == len(frame)
    for row in frame.itertuples():
        x, y, symbol = drawn[row.key]
        assert x == row.score
        assert symbol == ("x" if row.wrong else "circle")
        # Four lines: positive ones above, centers in order.
        line = 3 - (0 if row.y else 2) - int(row.center[1])
        assert abs(y - line) < 0.5


def test_lines_name_label_center_and_count() -> None:
    chart = _draw(rows())
    assert list(chart.layout.yaxis.ticktext) == [
        "malignant, C0 (2)", "malignant, C1 (2)", "benign, C0 (2)", "benign, C1 (2)"
    ]  # fmt: skip
    assert list(_draw(rows(centers=1)).layout.yaxis.ticktext) == ["malignant (4)", "benign (4)"]
    # Many centers would be lines too thin to read.
    assert list(_draw(rows(40, centers=7)).layout.yaxis.ticktext) == ["malignant (20)", "benign (20)"]
    alone = rows().query("y == 0")
    assert list(_draw(alone).layout.yaxis.ticktext) == ["benign, C0 (2)", "benign, C1 (2)"]


def test_hovering_says_the_case_inert() -> None:
    data = [each for trace in _marks(_draw(rows())) for each in trace.customdata]
    assert ["k0", "&lt;b&gt;0&lt;/b&gt;, C0", "score 0.062, benign: called right"] in [
        list(each) for each in data
    ]


def test_threshold_and_stored_threshold_are_lines() -> None:
    chart = _draw(rows(), stored=0.25)
    at = {shape.x0: shape.line.dash for shape in chart.layout.shapes if shape.x0 == shape.x1}
    assert at == {0.5: None, 0.25: "dot"}
    assert [note.text for note in chart.layout.annotations] == ["← called benign", "called malignant →"]
    # No room for the words at the left edge, and a stored threshold that calls everybody alike has no place.
    edge = _draw(rows(), threshold=0.05, stored=-np.inf)
    assert [note.text for note in edge.layout.annotations] == ["called malignant →"]
    assert len([shape for shape in edge.layout.shapes if shape.x0 == shape.x1]) == 1


def test_without_a_threshold_marks_are_open() -> None:
    chart = _draw(rows().assign(wrong=np.nan), threshold=np.nan)
    assert {trace.marker.symbol for trace in _marks(chart)} == {"circle-open"}
    assert not [trace.name for trace in chart.data if trace.name]


def test_thousands_of_cases_are_drawn_by_webgl_and_few_are_not() -> None:
    assert {trace.type for trace in _marks(_draw(rows(5_000)))} == {"scattergl"}
    assert {trace.type for trace in _marks(_draw(rows(500)))} == {"scatter"}


def _curve(cases: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    y = np.arange(cases) % 2
    return roc_curve(y, y + rng.normal(size=cases)).frame()


@pytest.mark.parametrize("theme", list(plots.THEMES.values()))
def test_a_point_of_the_curve_gives_its_threshold(theme: plots.Theme) -> None:
    points = _curve()
    chart = plots.roc_cut(
        points, theme, name="SVM", color="#009E73", ends=(-1.0, 2.0), cut=(0.2, 0.6), stored=(0.1, 0.4)
    )
    (clicked,) = [trace for trace in chart.data if trace.customdata is not None]
    known = {(row.fpr, row.tpr): row.threshold for row in points.itertuples()}
    for x, y, (threshold,) in zip(clicked.x, clicked.y, clicked.customdata, strict=True):
        assert threshold == np.clip(known[x, y], -1.0, 2.0)
    # Points inside a straight run are not offered; the curve between those that are is the same.
    assert 2 < len(clicked.x) < len(points)
    assert np.trapezoid(clicked.y, clicked.x) == pytest.approx(np.trapezoid(points["tpr"], points["fpr"]))
    assert [(trace.name, trace.x[0]) for trace in chart.data[-2:]] == [
        ("Stored threshold", 0.1), ("Threshold", 0.2)
    ]  # fmt: skip


def test_another_cut_is_another_figure_of_the_same_curve() -> None:
    points = _curve()

    def draw(cut: tuple[float, float]) -> list[str]:
        ends = (-1.0, 2.0)
        chart = plots.roc_cut(
            points, plots.LIGHT, name="SVM", color="#009E73", ends=ends, cut=cut, stored=None
        )
        return [f"{trace.name} {trace.x[0]}" for trace in chart.data if trace.name == "Threshold"]

    assert draw((0.2, 0.6)) == ["Threshold 0.2"]
    assert draw((0.3, 0.7)) == ["Threshold 0.3"]


def test_a_curve_of_two_points_and_no_place_of_the_threshold() -> None:
    chart = plots.roc_cut(
        _curve(2).iloc[[0, -1]], plots.LIGHT, name="SVM", color="#009E73", ends=(0, 1), cut=None, stored=None
    )
    (clicked,) = [trace for trace in chart.data if trace.customdata is not None]
    assert len(clicked.x) == 2
