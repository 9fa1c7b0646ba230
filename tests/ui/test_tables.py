"""Tables for people: long cells are cut in words, and a column of reasons stands only where one is given."""

from __future__ import annotations

import pandas as pd
from streamlit.testing.v1 import AppTest

from sgcore.ui import tables


def _long_cells() -> None:
    import pandas as pd

    from sgcore.ui import tables

    tables.wrapped(pd.DataFrame({"p": ["< 0.001"], "<b>": ["level 1 (0.0%); " * 40], "missing": [None]}))


def test_wrapped_cuts_and_says_so() -> None:
    app = AppTest.from_function(_long_cells).run()
    assert not app.exception
    shown = app.table[0].value
    assert shown.columns.tolist() == ["p", "\\<b\\>", "missing"]
    assert len(shown.iloc[0, 1].replace("\\", "")) <= 162
    assert shown.iloc[0, 1].endswith("…")
    assert "\\<\u00a00\\.001" in shown.iloc[0, 0]
    assert "download holds them whole" in app.markdown[0].value


def test_reasons_only_where_there_are() -> None:
    rows = pd.DataFrame(
        {
            "a": ["US"],
            "b": ["DL"],
            "delta": [0.1],
            "ci_low": [0.0],
            "ci_high": [0.2],
            "p": [0.04],
            "p_adjusted": [0.04],
            "n_patients": [29],
            "n_images": [55],
            "n_left_out": [0],
            "reason": [None],
        }
    )
    assert "Why missing" not in tables.comparisons(rows)
    assert "Why missing" in tables.comparisons(rows.assign(reason="no shared cases"))
    assert "Images left out" not in tables.comparisons(rows)
    assert tables.comparisons(rows.assign(n_left_out=3))["Images left out"].tolist() == [3]
