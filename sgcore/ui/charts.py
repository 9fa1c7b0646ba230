"""A figure on a page: what it shows in one sentence, the table behind it, and downloads with a stamp."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from sgcore import workflow
from sgcore.ui.tables import table as show_table
from sgcore.ui.text import small
from sgcore.ui.view import View


def chart(
    figure: go.Figure,
    view: View,
    *,
    name: str,
    says: str,
    table: pd.DataFrame,
    raw: pd.DataFrame | None = None,
    beside: bool = True,
    on_select: Callable[[str], None] | None = None,
) -> None:
    """Show a figure with its sentence at the right (``beside``) or below, and its table folded.

    ``table`` is what people read; ``raw``, where given, is what the download holds instead. ``on_select`` is called
    with the key of the figure when a mark is clicked, before the page runs again.
    """
    stamp = file_name(view, name)
    config: dict[str, Any] = {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
        "toImageButtonOptions": {"format": view.picture, "filename": stamp, "scale": 2},
    }
    if beside:
        left, right = st.columns([3.6, 1], gap="medium", vertical_alignment="center")
    else:
        left = right = st.container()
    key = f"chart_{name}"
    chosen: dict[str, Any] = (
        {} if on_select is None else {"on_select": partial(on_select, key), "selection_mode": "points"}
    )
    left.plotly_chart(figure, theme=None, config=config, key=key, alt=says, **chosen)
    with right:
        small(says)
    with st.expander(f"Table: {_title(name)}"):
        show_table(table, key=f"table_{name}")
        download(table if raw is None else raw, view, name)


def figure_only(figure: go.Figure, view: View, *, name: str, says: str) -> None:
    """A small figure whose table and words stand beside it; ``says`` is what a screen reader hears."""
    config = {"displayModeBar": False, "toImageButtonOptions": {"format": view.picture}}
    st.plotly_chart(figure, theme=None, config=config, key=f"chart_{file_name(view, name)}", alt=says)


def _title(name: str) -> str:
    known = {"roc": "ROC", "aucs": "AUCs", "lasso": "LASSO", "p": "p"}
    return " ".join(known.get(word, word) for word in name.split("-"))


def download(frame: pd.DataFrame, view: View, name: str) -> None:
    """A CSV whose first columns say which study and analysis a row belongs to; written when it is asked for."""
    study, analysis_id = view.study.name if view.study_id else "", view.analysis_id or ""
    st.download_button(
        "Download as CSV",
        partial(_csv, frame, study, analysis_id),
        file_name=f"{file_name(view, name)}.csv",
        mime="text/csv",
        key=f"csv_{name}",
        on_click="ignore",
    )


def _csv(frame: pd.DataFrame, study: str, analysis_id: str) -> bytes:
    stamped = frame.copy()
    stamped.insert(0, "sgaudit_study", study)
    stamped.insert(1, "sgaudit_analysis", analysis_id)
    return workflow.inert(stamped).to_csv(index=False).encode("utf-8-sig")


def file_name(view: View, name: str) -> str:
    """``study-analysis-date-name``, safe on every file system."""
    study = re.sub(r"[^A-Za-z0-9]+", "-", view.study.name).strip("-")[:40] if view.study_id else "sgaudit"
    parts = [study or "study"]
    if view.analysis_id is not None:
        parts += [view.analysis_id[:8], f"{view.analysis.created_at:%Y-%m-%d}"]
    return "-".join([*parts, name])
