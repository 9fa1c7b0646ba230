"""Every page over an analyzed and over an empty store: heading, first sentence, widgets, foot."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from tests.pages.driving import choose, field, finish, first, open_page, press, table_with, text
from tests.support.app import PAGES, ROOT

#: page, words of its first sentence, labels of widgets that it must have.
TABLE = [
    ("Overview", "AUC on the external set", []),
    ("Cohort", "42 patients", []),
    ("Import", "1 study stored", ["Path of the study file", "Or a zip of the study's folder"]),
    (
        "Selection",
        "differ by label",
        ["p below", "Near copies: Spearman above", "LASSO loss", "LASSO penalty"],
    ),
    ("Features", "is in the Radiomics model", ["Family", "Search", "Class", "Image type", "Fate"]),
    ("Classifiers", "was picked of 6", ["Family", "Cases", "Center"]),
    ("Deep learning", "This analysis has no networks", []),
    ("Explanations", "Radiomics (", ["Family", "Classifier", "Feature"]),
    ("Gallery", "patients wrong at its threshold", ["Family", "Cases", "Center", "Label", "Order"]),
    ("Case", "by Radiomics (", ["Family", "Image"]),
    ("Families", "AUC on the external set", ["Cases", "Center"]),
    ("Centers", "two centers are too few for a mean", ["Family", "Classifier"]),
    ("Published study", "The numbers of the example raise", ["Title", "Features in all"]),
    ("Audit", "serious objection", []),
    ("Report", "One HTML file that opens offline", []),
]


def _labels(app: AppTest) -> set[str]:
    kinds = ("selectbox", "number_input", "text_input", "checkbox", "file_uploader")
    return {widget.label for kind in kinds for widget in app.get(kind)}


@pytest.mark.parametrize(("page", "sentence", "widgets"), TABLE)
def test_page(store_path: Path, page: str, sentence: str, widgets: list[str]) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == [page]
    assert sentence in first(app)
    assert {"Study", "Analysis", *widgets} <= _labels(app)
    assert "Research use only" in app.markdown[-1].value


@pytest.mark.parametrize("page", [name for name in PAGES if name not in ("Import", "Published study")])
def test_empty_store_names_the_next_step(empty_store: Path, page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert first(app) == "**No study is stored yet.**"
    assert "Research use only" in app.markdown[-1].value


def test_empty_store_opens_the_import(empty_store: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert [title.value for title in app.title] == ["Import"]


def test_link_restores_the_view(store_path: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page(PAGES["Families"][0])
    app.query_params["unit"] = "image"
    app.query_params["subset"] = "validation"
    app.run()
    assert "validation set" in first(app)
    assert app.query_params["unit"] in ("image", ["image"])
    assert not app.exception


def test_the_pick_is_shown_with_its_optimism(store_path: Path) -> None:
    app = open_page("Classifiers")
    assert "on new patients of these centers" in text(app)


def test_unit_changes_the_number(store_path: Path) -> None:
    app = open_page("Families")
    by_patient = first(app)
    assert first(choose(app, unit="image")) != by_patient


def test_no_feature_left_is_explained(store_path: Path) -> None:
    app = open_page("Selection")
    field(app.number_input, "p below").set_value(0.0001)
    field(app.selectbox, "Correction for many tests").set_value("holm")
    finish(press(app, "Apply"))
    assert not app.exception
    assert "no feature is left" in first(app)
    families = app.switch_page(PAGES["Families"][0]).run()
    assert not families.exception
    said = "**No family ranks the cases by training folds: Radiomics gives everybody the same score.**"
    assert first(families) == said
    classifiers = app.switch_page(PAGES["Classifiers"][0]).run()
    assert not classifiers.exception
    assert "it gives everybody the same score and ranks nobody" in first(classifiers)
    assert set(table_with(classifiers, "Threshold")["Threshold"]) == {"none: all called positive"}


def test_failed_images_are_shown(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failed = pd.DataFrame({"image_id": ["A001-1"], "reason": ["the ROI has one pixel"]})
    stored = workflow.Analysis.frame
    monkeypatch.setattr(
        workflow.Analysis,
        "frame",
        lambda analysis, kind: failed if kind == "failures" else stored(analysis, kind),
    )
    app = open_page("Overview")
    assert any("1 image of" in text.value and "Radiomics models" in text.value for text in app.markdown)
    assert any("the ROI has one pixel" in table.value.to_string() for table in app.dataframe)


def test_store_that_cannot_be_opened_is_inert(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "[a](http:b).duckdb"
    path.write_bytes(b"no database" * 1000)
    monkeypatch.setenv("SGAUDIT_STORE", str(path))
    st.cache_resource.clear()
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert len(app.error) == 1
    assert "\\[a\\]\\(http" in app.error[0].value
