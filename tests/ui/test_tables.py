"""Tables for people: long cells are cut, numbers have words, and columns stand only where they say something."""

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


def test_differences_have_signs_and_infinite_thresholds_words() -> None:
    pair = {"delta": [0.126], "ci_low": [-0.032], "ci_high": [0.22]}
    assert tables.with_signs(pd.DataFrame(pair)) == ["+0.126 (-0.032 to +0.220)"]
    assert tables.with_signs(pd.DataFrame(pair | {"ci_low": [None]})) == ["+0.126 (interval not estimable)"]
    assert tables.thresholds(pd.Series([0.5, 0.25])).tolist() == [0.5, 0.25]
    flat = tables.thresholds(pd.Series([float("-inf"), 0.25, float("nan")]))
    assert flat.tolist() == ["none: all called positive", "0.250", "–"]


def test_the_p_that_counts_patients_stands_only_where_there_is_one() -> None:
    row = {"feature": "margin", "residue": False, "step": "selected", "test": "Wald", "p": 0.01}
    row |= {"p_clustered": None, "q": None, "partner": None, "rho": None, "coefficient": None, "reason": None}
    descriptor = pd.DataFrame([row]).astype({"p_clustered": float, "q": float})
    assert "p, patients counted" not in tables.fates(descriptor)
    assert tables.fates(descriptor.assign(p_clustered=0.2))["p, patients counted"].tolist() == ["0.200"]


def test_cases_of_predictive_values_only_where_they_are_counted() -> None:
    row = {
        "family": "US",
        "classifier": "LR",
        "measure": "ppv",
        "estimate": 0.2,
        "ci_low": 0.1,
        "ci_high": 0.3,
    }
    row |= {"successes": 4.0, "n": 20, "prevalence": 0.3, "n_patients": 30, "n_images": 40, "n_left_out": 0}
    row |= {"n_pos": 10, "n_neg": 20, "threshold": 0.5, "method": "Wilson", "reason": ""}
    counted = tables.operating(pd.DataFrame([row]), ("ppv", "npv"), origin="folds")
    assert counted["Cases"].tolist() == ["4 of 20"]
    assert counted["At a prevalence of"].tolist() == ["30%"]
    rare = pd.DataFrame([row]).assign(prevalence=0.0005, estimate=0.0012, ci_low=0.0008, ci_high=0.0021)
    rare = tables.operating(rare, ("ppv", "npv"), origin="folds")
    assert rare["At a prevalence of"].tolist() == ["0.05%"]
    assert rare["Estimate (95% interval)"].tolist() == ["0.0012 (0.0008 to 0.0021)"]
    at = pd.DataFrame([row]).assign(successes=float("nan"))
    assert "Cases" not in tables.operating(at, ("ppv", "npv"), origin="folds")
