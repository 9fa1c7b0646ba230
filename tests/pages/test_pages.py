"""Every page over an analyzed and over an empty store: heading, first sentence, widgets, foot."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

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
    ("Classifiers", "was picked of 6", ["Family", "Cases", "Center"]),
    ("Families", "AUC on the external set", ["Cases", "Center"]),
]


def _open(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return app.switch_page(PAGES[page][0]).run()


def _labels(app: AppTest) -> set[str]:
    kinds = ("selectbox", "number_input", "text_input", "checkbox", "file_uploader")
    return {widget.label for kind in kinds for widget in app.get(kind)}


def _first(app: AppTest) -> str:
    return app.markdown[0].value.replace("\\", "")


@pytest.mark.parametrize(("page", "sentence", "widgets"), TABLE)
def test_page(store_path: Path, page: str, sentence: str, widgets: list[str]) -> None:
    app = _open(page)
    assert not app.exception
    assert not app.error
    assert [title.value for title in app.title] == [page]
    assert sentence in _first(app)
    assert {"Study", "Analysis", *widgets} <= _labels(app)
    assert "Research use only" in app.caption[-1].value


@pytest.mark.parametrize("page", [name for name in PAGES if name != "Import"])
def test_empty_store_names_the_next_step(empty_store: Path, page: str) -> None:
    app = _open(page)
    assert not app.exception
    assert _first(app) == "**No study is stored yet.**"
    assert "Research use only" in app.caption[-1].value


def test_empty_store_opens_the_import(empty_store: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    assert [title.value for title in app.title] == ["Import"]


def test_link_restores_the_view(store_path: Path) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    app.switch_page(PAGES["Families"][0])
    app.query_params["unit"] = "image"
    app.query_params["subset"] = "validation"
    app.run()
    assert "validation set" in _first(app)
    assert app.query_params["unit"] in ("image", ["image"])
    assert not app.exception


def test_unit_changes_the_number(store_path: Path) -> None:
    app = _open("Families")
    by_patient = _first(app)
    app.session_state["put_unit"] = "image"
    app.run()
    assert _first(app) != by_patient


def test_what_if_makes_an_analysis_and_counts_looks(store_path: Path) -> None:
    app = _open("Selection")
    before = _first(app)
    next(box for box in app.number_input if box.label == "p below").set_value(0.01)
    next(button for button in app.button if button.label == "Apply").click()
    app.run()
    assert not app.exception
    assert not app.error
    assert _first(app) != before
    assert "Against the reference" in _first(app)
    assert "p < 0.01" in _first(app)
    next(button for button in app.button if button.label == "Show external values").click()
    app.run()
    assert any("look 1 of this study" in text.value for text in app.markdown)
    app.switch_page(PAGES["Families"][0]).run()
    assert "training folds" in _first(app)


def test_no_feature_left_is_explained(store_path: Path) -> None:
    app = _open("Selection")
    next(box for box in app.number_input if box.label == "p below").set_value(0.0001)
    next(box for box in app.selectbox if box.label == "Correction for many tests").set_value("holm")
    next(button for button in app.button if button.label == "Apply").click()
    app.run()
    assert not app.exception
    assert "no feature is left" in _first(app)


def test_import_lists_problems(store_path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "Bad"\n')
    app = _open("Import")
    app.text_input[0].set_value(str(bad))
    next(button for button in app.button if button.label == "Check").click()
    app.run()
    assert not app.exception
    assert "cannot be imported yet" in _first(app)
    assert len(app.dataframe) >= 2


def test_app_imports_only_ui_and_plots() -> None:
    tree = ast.parse((ROOT / "app.py").read_text())
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    assert found
    assert found <= {"streamlit", "sgcore.ui", "sgcore.plots"}


def test_no_page_lies_directly_in_pages() -> None:
    assert not list((ROOT / "pages").glob("*.py"))
    assert {str(path.relative_to(ROOT)) for path in (ROOT / "pages").rglob("*.py")} == {
        file for file, _ in PAGES.values()
    }
