"""The small figure of a finding: what is drawn of which evidence, and when a table says it better."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sgcore import plots

LIGHT = plots.LIGHT


def _model(family: str, auc: float, **more: object) -> dict[str, object]:
    return {
        "family": family,
        "classifier": "LR",
        "auc": auc,
        "ci_low": auc - 0.1,
        "ci_high": auc + 0.1,
        **more,
    }


def test_estimates_have_their_intervals_and_a_line_of_nothing() -> None:
    table = pd.DataFrame([_model("US", 0.4), _model("DL", 0.7), _model("Radiomics", np.nan)])
    chart = plots.finding_figure(table, LIGHT)
    assert [(trace.y[0], trace.x[0]) for trace in chart.data] == [("US", 0.4), ("DL", 0.7)]
    assert [round(float(trace.error_x.array[0]), 9) for trace in chart.data] == [0.1, 0.1]
    assert chart.data[0].marker.color == LIGHT.family("US")
    assert [shape.x0 for shape in chart.layout.shapes] == [0.5]


def test_a_gain_says_more_than_the_areas_it_is_the_difference_of() -> None:
    table = pd.DataFrame([_model("US", 0.4, gain=0.05), _model("DL", 0.7, gain=0.01)])
    chart = plots.finding_figure(table, LIGHT)
    assert [trace.x[0] for trace in chart.data] == [0.05, 0.01]
    assert [shape.x0 for shape in chart.layout.shapes] == [0.0]


def test_rows_are_told_apart_or_numbered() -> None:
    table = pd.DataFrame([_model("US", 0.4, subset=name) for name in ("validation", "external")])
    chart = plots.finding_figure(table, LIGHT)
    assert [trace.y[0] for trace in chart.data] == ["validation", "external"]
    alike = pd.DataFrame([_model("US", 0.4), _model("US", 0.5)])
    assert [trace.y[0] for trace in plots.finding_figure(alike, LIGHT).data] == ["1. US", "2. US"]


def test_ranges_are_on_a_logarithmic_axis_that_has_no_zero() -> None:
    table = pd.DataFrame(
        {
            "image_type": ["LH", "HH"],
            "min": [0.1, 0.0],
            "median": [0.2, 1e-16],
            "max": [0.3, 1e-15],
            "residue": [False, True],
        }
    )
    chart = plots.finding_figure(table, LIGHT)
    assert chart.layout.xaxis.type == "log"
    assert [trace.x[0] for trace in chart.data] == [0.2, 1e-16]
    assert chart.data[1].marker.color == LIGHT.positive
    assert chart.data[0].marker.color != LIGHT.positive


def test_bins_are_bars_of_their_width() -> None:
    table = pd.DataFrame({"p_from": [0.0, 0.5], "p_to": [0.5, 1.0], "n_features": [3, 1]})
    chart = plots.finding_figure(table, LIGHT)
    assert list(chart.data[0].x) == [0.25, 0.75]
    assert list(chart.data[0].y) == [3, 1]
    assert chart.layout.xaxis.title.text == "p of the features"


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"family": ["US"], "picked": ["LR"]}),
        pd.DataFrame([_model("US", np.nan)]),
        pd.DataFrame([_model("US", 0.5, subset=str(number)) for number in range(25)]),
        pd.DataFrame([{"family": "US", "auc": 0.5}]),
    ],
    ids=["no number", "no estimate", "too many rows", "no interval"],
)
def test_a_table_says_it_better(table: pd.DataFrame) -> None:
    assert plots.finding_figure(table, LIGHT) is None


def test_evidence_that_was_stored_draws_the_same() -> None:
    """Evidence travels as JSON, where a missing number is none."""
    table = pd.DataFrame([_model("US", 0.4), _model("DL", np.nan)])
    again = pd.DataFrame(json.loads(table.to_json(orient="records")))
    (fresh,), (stored,) = (plots.finding_figure(each, LIGHT).data for each in (table, again))
    assert (fresh.y, fresh.x) == (stored.y, stored.x)
    assert stored.error_x.array == pytest.approx(fresh.error_x.array)
