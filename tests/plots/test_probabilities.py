"""Calibration and decision curves show the numbers of their frames, in both themes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import plots

THEMES = list(plots.THEMES.values())
NO_CURVE = pd.DataFrame(columns=["predicted", "observed", "low", "high"], dtype=float)


def _curve(offset: float) -> pd.DataFrame:
    at = np.linspace(0.1, 0.9, 5)
    return pd.DataFrame(
        {"predicted": at, "observed": at + offset, "low": at + offset - 0.08, "high": at + offset + 0.07}
    )


def _benefit(offset: float) -> pd.DataFrame:
    at = np.linspace(0.05, 0.4, 8)
    every = 0.3 - 0.7 * at / (1 - at)
    benefit = every + offset
    return pd.DataFrame(
        {
            "threshold": at,
            "net_benefit": benefit,
            "low": benefit - 0.03,
            "high": benefit + 0.02,
            "treat_all": every,
        }
    )


@pytest.mark.parametrize("theme", THEMES)
def test_calibration_draws_curves_points_and_bars(theme: plots.Theme) -> None:
    points = _curve(-0.05).assign(n=[10, 10, 10, 10, 9])
    cases = pd.DataFrame({"y": [1, 1, 0, 0, 0], "p": [0.97, 0.98, 0.99, 0.02, 1.0]})
    chart = plots.calibration(
        {"Radiomics": _curve(0.02), "DL": NO_CURVE, "US": NO_CURVE},
        {"Radiomics": points, "DL": points, "US": points.iloc[:0]},
        theme,
        colors={name: theme.family(name) for name in ("Radiomics", "DL", "US")},
        band="Radiomics",
        cases=cases,
        names=("benign", "<b>malignant"),
    )
    named = {trace.name: trace for trace in chart.data if trace.name}
    assert set(named) == {"Radiomics", "DL", "benign", "&lt;b&gt;malignant"}
    assert list(named["Radiomics"].y) == pytest.approx([0.12, 0.32, 0.52, 0.72, 0.92])
    assert named["Radiomics"].line.color == theme.family("Radiomics")
    assert named["Radiomics"].mode == "lines"
    assert not named["DL"].error_y.visible
    assert sum(getattr(trace, "fill", None) == "toself" for trace in chart.data) == 1
    assert sum(named["&lt;b&gt;malignant"].y) == 2
    assert (named["benign"].y[0], named["benign"].y[-1]) == (-1, -2)
    assert "share of &lt;b&gt;malignant" in chart.layout.yaxis.title.text
    assert "of &lt;b&gt;malignant" in chart.layout.xaxis.title.text
    assert list(chart.layout.yaxis2.ticktext) == ["2", "0", "2"]


def test_calibration_points_of_the_best_have_their_intervals() -> None:
    points = _curve(0).assign(n=12)
    chart = plots.calibration(
        {"DL": NO_CURVE}, {"DL": points}, plots.LIGHT, colors={"DL": "#D55E00"}, band="DL"
    )
    (drawn,) = [trace for trace in chart.data if trace.name == "DL"]
    assert drawn.error_y.visible
    np.testing.assert_allclose(drawn.y + drawn.error_y.array, points["high"])
    np.testing.assert_allclose(drawn.y - drawn.error_y.arrayminus, points["low"])


@pytest.mark.parametrize("theme", THEMES)
def test_net_benefit_stands_between_acting_on_all_and_none(theme: plots.Theme) -> None:
    curves = {"US": _benefit(0.0), "Radiomics": _benefit(0.05), "DL": _benefit(np.nan)}
    chart = plots.net_benefit(
        curves, theme, colors={name: theme.family(name) for name in curves}, band="Radiomics"
    )
    named = {trace.name: trace for trace in chart.data if trace.name}
    assert set(named) == {"US", "Radiomics", "Acting on all", "Acting on none"}
    np.testing.assert_allclose(named["Acting on all"].y, curves["US"]["treat_all"])
    assert set(named["Acting on none"].y) == {0.0}
    assert sum(trace.fill == "toself" for trace in chart.data) == 1
    low, high = chart.layout.yaxis.range
    assert low < curves["Radiomics"]["low"].min()
    assert high > curves["Radiomics"]["high"].max()


def test_no_curve_at_all_is_an_empty_figure() -> None:
    assert not plots.net_benefit({"DL": _benefit(np.nan)}, plots.LIGHT, colors={"DL": "#D55E00"}).data


def test_a_rare_condition_has_ticks_that_differ() -> None:
    at = np.linspace(0.0002, 0.002, 10)
    every = 0.0005 - 0.9995 * at / (1 - at)
    frame = pd.DataFrame(
        {"threshold": at, "net_benefit": 0.0003, "low": 0.0002, "high": 0.0004, "treat_all": every}
    )
    chart = plots.net_benefit({"DL": frame}, plots.LIGHT, colors={"DL": "#D55E00"}, band="DL")
    low, high = chart.layout.yaxis.range
    assert -0.0006 < low < 0
    assert 0.0004 < high < 0.0006
    assert chart.layout.yaxis.tickformat == ".5f"
    assert chart.layout.xaxis.tickformat == ".2%"
    (drawn,) = [trace for trace in chart.data if trace.name == "DL"]
    assert "%{y:.6f}" in drawn.hovertemplate
    common = plots.net_benefit({"DL": _benefit(0.05)}, plots.LIGHT, colors={"DL": "#D55E00"}, band="DL")
    assert (common.layout.yaxis.tickformat, common.layout.xaxis.tickformat) == (".2f", ".0%")


def test_a_curve_without_a_band_has_no_interval_on_hover() -> None:
    frame = _benefit(0.05).assign(low=np.nan, high=np.nan)
    chart = plots.net_benefit({"DL": frame}, plots.LIGHT, colors={"DL": "#D55E00"}, band="DL")
    (drawn,) = [trace for trace in chart.data if trace.name == "DL"]
    assert "customdata[0]" not in drawn.hovertemplate
    assert all(np.isfinite(chart.layout.yaxis.range))


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.125, "12.5%"),
        (0.05, "5%"),
        (0.1234, "12.3%"),
        (0.0005, "0.05%"),
        (0.00123, "0.12%"),
        (0.9995, "99.95%"),
        (0, "0%"),
        (1, "100%"),
        (0.010, "1%"),
        (0.0099999999, "1%"),
        (0.9999999, "99.99999%"),
    ],
)
def test_percents_tell_a_rare_share_from_none(share: float, text: str) -> None:
    assert plots.words.percent(share) == text
