"""Parts of a page: its sentence stands once, and pickers stand only where they choose something."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from tests.pages.driving import field, labels, open_page, text, turn


@pytest.mark.parametrize(
    ("part", "pickers"),
    [
        ("AUC", ["Cases", "Center"]),
        ("Sensitivity and specificity", ["Cases", "Center"]),
        ("Overfitting", []),
        ("Chance", ["Cases"]),
    ],
)
def test_classifiers(store_path: Path, part: str, pickers: list[str]) -> None:
    app = open_page("Classifiers", part)
    assert not app.exception
    assert [label for label in labels(app.selectbox) if label in ("Cases", "Center")] == pickers
    assert ("was picked of 6" in text(app)) == (part == "AUC")


def test_pickers_keep_their_value_while_they_are_hidden(store_path: Path) -> None:
    app = open_page("Classifiers", "AUC", subset="validation")
    for part in ("Overfitting", "AUC"):
        turn(app, "Classifiers", part)
    assert field(app.selectbox, "Cases").value == "validation"


@pytest.mark.parametrize("part", ["AUC", "Sensitivity and specificity", "Calibration"])
def test_families(store_path: Path, part: str) -> None:
    app = open_page("Families", part)
    assert not app.exception
    said = text(app)
    assert ("with an AUC on the external set" in said) == (part == "AUC")
    assert ("not available here; the overview says why" in said) == (part == "AUC")


def test_how_figures_are_saved_stands_last_in_the_sidebar(store_path: Path) -> None:
    for page in ("Classifiers", "Centers"):
        app = open_page(page)
        drawn = [element.label for element in app.sidebar if getattr(element, "label", "")]
        assert drawn.index("Save figures as") == len(drawn) - 1
        assert "Family" in drawn


def test_a_selection_without_a_p_value_says_why(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = workflow.Analysis.frame

    def untested(analysis: workflow.Analysis, kind: str):
        rows = stored(analysis, kind)
        if kind == "selection":
            rows = rows.assign(p=float("nan"), q=float("nan"), step="excluded", reason="constant")
        return rows

    monkeypatch.setattr(workflow.Analysis, "frame", untested)
    app = open_page("Selection")
    assert not app.exception
    assert "No feature has a p value: all" in text(app)
    assert "One point a feature" not in text(app)


def test_the_lasso_table_has_headings(store_path: Path) -> None:
    app = open_page("Selection")
    headings = [set(table.value.columns) for table in app.dataframe]
    assert {"Penalty (alpha)", "Error in the folds", "Standard error", "Note"} in headings
    assert not any("error_mean" in names for names in headings)


def test_the_overview_says_why_families_are_missing(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = pd.DataFrame(
        {"family": ["DL", "Combined"], "reason": ["needs scores; no networks", "needs features; no networks"]}
    )
    stored = workflow.Analysis.frame
    monkeypatch.setattr(
        workflow.Analysis,
        "frame",
        lambda analysis, kind: gone if kind == "unavailable" else stored(analysis, kind),
    )
    said = text(open_page("Overview"))
    assert "- DL (needs scores) and Combined (needs features): no networks" in said
    for page in ("Families", "Centers"):
        said = text(open_page(page))
        assert "DL and Combined are not available here; the overview says why." in said
        assert "no networks" not in said
