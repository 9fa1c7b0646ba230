"""A table as a file: stamped with study and analysis, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import io

import pandas as pd

from sgcore.ui.charts import _csv


def test_each_row_says_where_it_is_from_and_formulas_stay_text() -> None:
    frame = pd.DataFrame({"=cell": ["=1+1", "plain"], "value": [0.5, -2.0]})
    raw = _csv(frame, "=study", "1a2b")
    assert raw.startswith("\ufeff".encode())
    read = pd.read_csv(io.BytesIO(raw))
    assert list(read.columns) == ["sgaudit_study", "sgaudit_analysis", "'=cell", "value"]
    assert read["sgaudit_study"].tolist() == ["'=study", "'=study"]
    assert read["sgaudit_analysis"].tolist() == ["1a2b", "1a2b"]
    assert read["'=cell"].tolist() == ["'=1+1", "plain"]
    assert read["value"].tolist() == [0.5, -2.0]
    assert list(frame.columns) == ["=cell", "value"]
