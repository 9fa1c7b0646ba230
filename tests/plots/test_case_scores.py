"""Scores of a case against thresholds: a line a model, marks by whether the call is right."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots


def _rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "family": ["US", "Radiomics", "DL", "Combined"],
            "classifier": ["LR", "SVM", "<b>net</b>", "LR"],
            "score": [0.7, 0.3, 0.9, np.nan],
            "threshold": [0.5, 0.4, np.inf, 0.6],
            "right": [1.0, 0.0, 1.0, np.nan],
        }
    )


@pytest.mark.parametrize("theme", plots.THEMES.values())
def test_scores_and_thresholds_lie_on_the_line_of_their_model(theme: plots.Theme) -> None:
    chart = plots.case_scores(_rows(), theme, score="score", called={})
    marks = [trace for trace in chart.data if trace.x[0] is not None]
    scores = [trace for trace in marks if "score" in trace.hovertemplate]
    thresholds = [trace for trace in marks if "threshold" in trace.hovertemplate]
    assert [(trace.x[0], trace.y[0], trace.marker.symbol) for trace in scores] == [
        (0.7, 3, "circle"),
        (0.3, 2, "x"),
        (0.9, 1, "circle"),
    ]
    assert [trace.marker.color for trace in scores] == [
        theme.family(name) for name in ("US", "Radiomics", "DL")
    ]
    assert [(trace.x[0], trace.y[0]) for trace in thresholds] == [(0.5, 3), (0.4, 2), (0.6, 0)]
    (why,) = chart.layout.annotations
    assert (why.y, why.text) == (0, "no score of this case")


def test_a_score_that_nothing_is_held_against_is_open() -> None:
    rows = _rows().iloc[:1].assign(threshold=np.nan, right=np.nan)
    chart = plots.case_scores(rows, plots.LIGHT, score="score", called={})
    assert chart.data[0].marker.symbol == "circle-open"


def test_models_are_called_as_they_are_given_and_inert() -> None:
    chart = plots.case_scores(_rows(), plots.LIGHT, score="score", called={"SVM": "machine"})
    assert list(chart.layout.yaxis.ticktext) == [
        "US · LR",
        "Radiomics · machine",
        "DL · &lt;b&gt;net&lt;/b&gt;",
        "Combined · LR",
    ]
