"""Confusion matrices: every count in its place, one color scale, and labels as the study writes them."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore import plots
from tests.support.contrast import contrast

LABELS = ("benign", "malignant")


@pytest.mark.parametrize("theme", list(plots.THEMES.values()))
def test_counts_stand_in_their_cells(theme: plots.Theme) -> None:
    chart = plots.confusion(
        {"Validation": (8, 3, 9, 2), "External": (1, 0, 4, 3)}, theme, LABELS, unit="patient"
    )
    first, second = chart.data
    np.testing.assert_allclose(first.z, [[9 / 12, 3 / 12], [2 / 10, 8 / 10]])
    assert [list(row) for row in first.text] == [
        ["<b>9</b><br>75%", "3<br>25%"],
        ["2<br>20%", "<b>8</b><br>80%"],
    ]
    assert first.customdata[1][0] == "Validation<br>2 malignant patients called benign"
    assert (first.xaxis, second.xaxis) == ("x", "x2")
    assert {(trace.zmin, trace.zmax) for trace in chart.data} == {(0, 1)}
    assert first.colorscale == second.colorscale
    assert [note.text for note in chart.layout.annotations] == ["<b>Validation</b>", "<b>External</b>"]
    assert chart.layout.xaxis.domain[1] < chart.layout.xaxis2.domain[0]
    assert chart.layout.xaxis2.domain[1] == pytest.approx(1)
    # The deepest color and the palest keep the counts readable.
    assert all(contrast(theme.text, color) >= 4.5 for _, color in first.colorscale)


def test_a_label_without_a_case_is_not_called_0_percent() -> None:
    (heat,) = plots.confusion({"External": (0, 1, 3, 0)}, plots.LIGHT, LABELS, unit="image").data
    assert list(heat.text[1]) == ["no case", "no case"]
    assert np.isnan(heat.z[1]).all()


def test_names_are_inert_and_short() -> None:
    labels = ("<b>no</b>", "a label that is longer than its place")
    chart = plots.confusion({"<i>Set</i>": (1, 1, 1, 1)}, plots.LIGHT, labels, unit="image")
    assert chart.layout.xaxis.ticktext[0] == "&lt;b&gt;no&lt;/b&gt;"
    assert len(chart.layout.xaxis.ticktext[1]) <= 16
    assert chart.layout.annotations[0].text == "<b>&lt;i&gt;Set&lt;/i&gt;</b>"
