"""The demo study in the dashboard: a press away where there is no study; every page shows something of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.ui import store
from tests.pages.driving import charts, field, first, open_page, press
from tests.support.app import PAGES

pytestmark = pytest.mark.long
NAME = "Salivary gland phantoms (synthetic)"


def test_the_import_page_offers_it(empty_store: Path) -> None:
    app = press(open_page("Import"), "Load the demo study (synthetic)")
    assert not app.exception
    assert not app.error
    assert workflow.list_studies(store.store())["name"].tolist() == [NAME]


def test_a_page_waits_for_the_store_that_is_being_opened(empty_store: Path) -> None:
    workflow.begin_to_open(print, print)
    app = open_page("Overview")
    assert not app.exception
    # The figure that was drawn ahead is gone.
    assert charts(app) == 2


@pytest.mark.parametrize("page", [page for page in PAGES if page != "Import"])
def test_every_page_shows_it(demo_path: Path, page: str) -> None:
    app = open_page(page)
    assert not app.exception
    assert not app.error
    # The picker has no room for the whole name, and the word stands at its end.
    assert any("(synthetic)" in part.value.replace("\\", "") for part in app.sidebar.markdown)


def test_eight_networks_are_candidates(demo_path: Path) -> None:
    app = open_page("Classifiers", "AUC", family="DL")
    assert not app.exception
    assert "was picked of 8" in first(app)


def test_the_strict_recipe_is_one_choice_away(demo_path: Path) -> None:
    app = open_page("Overview")
    options = field(app.selectbox, "Analysis").options
    assert options == ["paper recipe", "strict recipe"]
    field(app.selectbox, "Analysis").select_index(1).run()
    assert not app.exception
    assert "AUC on the external set" in first(app)


@pytest.mark.parametrize("column", ["device", "pathology", "center", "subset"])
def test_the_cohort_is_compared_by_what_not_every_set_has(demo_path: Path, column: str) -> None:
    app = open_page("Cohort", compare=column)
    assert not app.exception
    assert not any("nan" in str(frame.value) for frame in app.get("table"))
