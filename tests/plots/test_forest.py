"""The forest plot: a row a center, whatever is missing, from one center to thirty."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from sgcore import plots

THEMES = list(plots.THEMES.values())


def rows(k: int) -> pd.DataFrame:
    """One development center and ``k`` external ones; the last but one external has no estimate."""
    auc = np.linspace(0.6, 0.9, k + 1)
    frame = pd.DataFrame(
        {
            "center": ["Home", *(f"Center {i}" for i in range(k))],
            "role": ["development", *["external"] * k],
            "subset": ["validation", *["external"] * k],
            "n_patients": np.arange(k + 1) * 10 + 10,
            "n_images": np.arange(k + 1) * 20 + 20,
            "n_pos": np.arange(k + 1) * 4 + 4,
            "n_neg": np.arange(k + 1) * 6 + 6,
            "auc": auc,
            "ci_low": auc - 0.1,
            "ci_high": auc + 0.08,
            "reason": "",
        }
    )
    if k > 2:
        frame.loc[k - 1, ["auc", "ci_low", "ci_high"]] = np.nan
        frame.loc[k - 1, "reason"] = "one class only (all positive), n = 12"
    return frame


def together(mean: float = 0.75, low: float = 0.62, reason: str = "") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "measure": ["mean", "new_center", "all_pairs", "same_center_pairs"],
            "k": 5,
            "n_patients": 100,
            "auc": [mean, np.nan, 0.8, 0.7],
            "ci_low": [mean - 0.05, low, 0.7, 0.6],
            "ci_high": [mean + 0.05, low + 0.3, 0.9, 0.8],
            "reason": ["", reason, "", ""],
        }
    )


def labels(chart: go.Figure) -> list[str]:
    return list(chart.layout.yaxis.ticktext)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("k", [0, 1, 2, 6, 30])
def test_every_center_has_a_row(theme: plots.Theme, k: int) -> None:
    chart = plots.forest(rows(k), together(), theme, family="Radiomics")
    expected = k + 1 + (2 if k > 1 else 0)
    assert len(labels(chart)) == len(chart.layout.yaxis2.ticktext) == expected
    assert len(set(chart.layout.yaxis.tickvals)) == expected
    places = list(chart.layout.yaxis.tickvals)
    assert places == sorted(places)
    top, bottom = chart.layout.yaxis.range[1], chart.layout.yaxis.range[0]
    assert top < places[0] <= places[-1] < bottom
    if k:
        # A gap parts development centers from the others.
        assert places[1] - places[0] > 1


def test_numbers_are_those_of_the_frame() -> None:
    frame = rows(6)
    chart = plots.forest(frame, together(), plots.LIGHT, family="Radiomics")
    squares = [trace for trace in chart.data if trace.marker.symbol == "square"]
    known = frame.dropna(subset=["auc"])
    assert [square.x[0] for square in squares] == known["auc"].tolist()
    for square, row in zip(squares, known.to_dict("records"), strict=True):
        assert square.x[0] - square.error_x.arrayminus[0] == pytest.approx(row["ci_low"])
        assert square.x[0] + square.error_x.array[0] == pytest.approx(row["ci_high"])
        assert f"{row['n_patients']} patients" in square.hovertemplate
    assert "0.600 (0.500 to 0.680)" in chart.layout.yaxis2.ticktext
    assert any("70 patients, 28 positive" in label for label in labels(chart))


def test_by_image_both_counts_are_shown() -> None:
    frame = rows(2)
    frame["n_pos"], frame["n_neg"] = frame["n_images"] // 4, frame["n_images"] - frame["n_images"] // 4
    chart = plots.forest(frame, together(), plots.LIGHT, family="Radiomics")
    assert "20 patients, 40 images (10 positive)" in labels(chart)[1]


def test_area_grows_with_patients_and_development_is_open() -> None:
    frame = rows(2)
    chart = plots.forest(frame, together(), plots.LIGHT, family="Radiomics")
    sizes = [trace.marker.size for trace in chart.data if trace.marker.symbol == "square"]
    assert (sizes[2] / sizes[1]) ** 2 == pytest.approx(30 / 20)
    assert chart.data[0].marker.color == plots.LIGHT.paper
    assert chart.data[1].marker.color == plots.LIGHT.family("Radiomics")


def test_mean_is_a_diamond_and_a_new_center_a_bar() -> None:
    chart = plots.forest(rows(6), together(), plots.LIGHT, family="Radiomics")
    (diamond,) = [trace for trace in chart.data if trace.fill == "toself"]
    assert (min(diamond.x), diamond.x[1], max(diamond.x)) == pytest.approx((0.7, 0.75, 0.8))
    (bar,) = [trace for trace in chart.data if trace.mode == "lines+markers"]
    assert list(bar.x) == pytest.approx([0.62, 0.92])


def test_what_is_missing_says_why() -> None:
    unknown = together(low=np.nan, reason="a new center cannot be predicted from 3")
    chart = plots.forest(rows(6), unknown, plots.LIGHT, family="Radiomics")
    notes = [note.text.replace("<br>", " ") for note in chart.layout.annotations]
    assert "one class only (all positive), n = 12" in notes
    assert "a new center cannot be predicted from 3" in notes
    unpooled = together(mean=np.nan, low=np.nan)
    unpooled.loc[0, "reason"] = "2 center(s)"
    chart = plots.forest(rows(2), unpooled, plots.LIGHT, family="Radiomics")
    assert any("Mean of the external centers" in label for label in labels(chart))
    assert not any("A new center" in label for label in labels(chart))


def test_long_and_hostile_names_are_shortened_and_inert() -> None:
    frame = rows(2)
    frame.loc[1, "center"] = "<b>Hospital</b> " + "of many words " * 9
    chart = plots.forest(frame, together(), plots.LIGHT, family="Radiomics")
    assert "<b>Hospital" not in labels(chart)[1]
    assert "&lt;b&gt;" in labels(chart)[1]
    assert "…" in labels(chart)[1]
    assert "<b>Hospital" not in chart.data[1].hovertemplate
