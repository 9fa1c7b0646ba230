"""A figure is drawn once for the same content, and anew for any other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sgcore import plots
from sgcore.plots.memo import drawn_once


def test_equal_content_is_one_figure_and_other_content_another() -> None:
    calls = []

    @drawn_once
    def draw(frame: pd.DataFrame, pixels: np.ndarray, *, name: str) -> go.Figure:
        calls.append(name)
        return go.Figure(layout={"title": {"text": name}})

    frame, pixels = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None]}), np.arange(6.0).reshape(2, 3)
    first = draw(frame, pixels, name="one")
    assert draw(frame.copy(), pixels.copy(), name="one") is first
    assert calls == ["one"]
    assert draw(frame, pixels, name="two") is not first
    changed = pixels.copy()
    changed[1, 2] += 1e-12
    assert draw(frame, changed, name="one") is not first
    assert draw(frame.assign(a=[1.0, 3.0]), pixels, name="one") is not first
    assert draw(frame.rename(columns={"a": "c"}), pixels, name="one") is not first
    assert len(calls) == 5


def test_figures_of_functions_with_one_name_are_told_apart() -> None:
    def made(title: str) -> object:
        def draw() -> go.Figure:
            return go.Figure(layout={"title": {"text": title}})

        draw.__module__ = title
        return drawn_once(draw)

    assert made("one")() is not made("two")()


def test_threads_get_figures_of_their_own_arguments() -> None:
    rows = pd.DataFrame(
        {"family": ["US"], "features": [3], "usable": [3], "univariate": [2], "correlation": [2]}
    )

    def top(kept: int) -> int:
        counts = rows.assign(lasso=kept, multivariable=float("nan")).iloc[0]
        return int(plots.funnel(counts, plots.LIGHT, color="#000000").data[0].customdata[-1])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(top, [1, 2] * 40)) == [1, 2] * 40
