"""What a reviewer does, in Chromium: on the demo study, and on the store that SGAUDIT_STORIES names."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from sgcore.ui.navigation import ENTRIES, Entry
from tests.browser.driving import pick, ready
from tests.support.app import copied_dashboard, demo_store

pytestmark = [pytest.mark.browser, pytest.mark.extended]

#: Where a mark of the first figure that has ``wanted`` in its words lies on the screen.
_MARK = """wanted => {
    for (const figure of document.querySelectorAll('.js-plotly-plot')) {
        for (const trace of figure._fullData || []) {
            const place = Array.from(trace.customdata || []).findIndex(each => String(each[2]).endsWith(wanted));
            if (place < 0 || !figure._fullLayout?.xaxis) continue;
            figure.scrollIntoView({block: 'center'});
            const {left, top} = figure.getBoundingClientRect(), {xaxis, yaxis} = figure._fullLayout;
            return {
                x: left + xaxis._offset + xaxis.d2p(trace.x[place]),
                y: top + yaxis._offset + yaxis.d2p(trace.y[place]),
            };
        }
    }
}"""
#: Traces that the figures of the page have, by name.
_DRAWN = """[...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(figure => figure.data || []).map(trace => trace.name || trace.type)"""


@pytest.fixture(scope="module", params=["demo", "study"])
def address(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A dashboard on a copy of the demo store, or of the store of a study of one's own (``make stories``)."""
    if request.param == "demo":
        source = demo_store(tmp_path_factory)
    elif named := os.environ.get("SGAUDIT_STORIES"):
        source = Path(named)
    else:
        pytest.skip("SGAUDIT_STORIES names no store of a study (`make stories STUDY=...` makes one)")
    with copied_dashboard(source, tmp_path_factory) as running:
        yield running


def _first(page: Page) -> str:
    return page.locator("[data-testid=stMarkdown] strong").first.inner_text()


def _sound(page: Page) -> None:
    ready(page)
    assert page.locator("[data-testid=stException]").count() == 0


def test_other_thresholds_show_other_features_before_anything_is_fitted(page: Page, address: str) -> None:
    page.goto(f"{address}/features-selection?family=Radiomics")
    _sound(page)
    before = _first(page)
    box = page.get_by_label("p below")
    box.fill("0.01")
    box.press("Tab")
    told = page.locator("[data-testid=stMarkdown]", has_text="With these thresholds:").first
    told.wait_for(timeout=60_000)
    _sound(page)
    assert "p < 0.01" in told.inner_text()
    assert re.search(r"\d+ features? gained, \d+ lost", page.locator("[data-testid=stMain]").inner_text())
    assert _first(page) == before


def test_two_analyses_by_center_in_a_link(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence-centers?family=Radiomics")
    _sound(page)
    assert page.get_by_role("heading", name=re.compile("^Beside")).count() == 0
    pick(page, "Compared with", "strict recipe")
    page.get_by_role("heading", name=re.compile("^Beside .*strict recipe")).wait_for(timeout=30_000)
    _sound(page)
    page.wait_for_function("location.search.includes('against=')", timeout=20_000)
    said = page.get_by_text(re.compile(r"here and .* in strict recipe")).first
    said.wait_for(timeout=20_000)
    before = said.inner_text()
    page.reload()
    _sound(page)
    said.wait_for(timeout=20_000)
    assert said.inner_text() == before


def test_from_a_wrong_call_beside_the_roc_to_a_note_that_stays(page: Page, address: str) -> None:
    page.goto(
        f"{address}/models-classifiers?classifiers_part=Threshold&unit=image&family=Radiomics&cut_classifier=LR"
        "&threshold=0.9"
    )
    _sound(page)
    clicked: dict[str, Any] = page.wait_for_function(_MARK, arg="called wrong", timeout=20_000).json_value()
    page.mouse.move(clicked["x"] - 1, clicked["y"])
    page.mouse.move(clicked["x"], clicked["y"])
    page.wait_for_timeout(150)
    page.mouse.click(clicked["x"], clicked["y"])
    page.get_by_role("heading", name="Case", exact=True).wait_for(timeout=20_000)
    _sound(page)
    # Where marks lie on each other the topmost is opened.
    opened = _first(page)
    assert "while the label is" in opened
    assert "unit=image" in page.url
    assert "family=Radiomics" in page.url
    page.wait_for_function(
        f"['image', 'ROI', 'waterfall'].every(name => ({_DRAWN}).includes(name))", timeout=30_000
    )
    # A network's map, or why there is none.
    if page.get_by_text("No map of where a network looks").count() == 0:
        maps = page.get_by_role("radiogroup", name="Map of what speaks for").get_by_role("radio")
        if "map" not in page.evaluate(_DRAWN):
            maps.last.click()
        page.wait_for_function(f"({_DRAWN}).includes('map')", timeout=20_000)
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.get_by_role("textbox", name="Note on this image").fill("Called wrong at 0.9; looks benign.")
    page.get_by_role("button", name="Save note").click()
    page.get_by_text("Saved.", exact=True).wait_for(timeout=20_000)
    page.reload()
    _sound(page)
    page.locator("[data-testid=stText]", has_text="Called wrong at 0.9; looks benign.").wait_for(
        timeout=20_000
    )
    assert _first(page) == opened


# Those of the demo study are opened by test_accessibility.py.
@pytest.mark.parametrize("address", ["study"], indirect=True)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_deep_link_of_a_study_opens_cold(page: Page, address: str, entry: Entry) -> None:
    page.goto(f"{address}/{entry.path}")
    _sound(page)
    assert page.locator("h1").inner_text() == entry.title
    assert page.get_by_text("Page not found").count() == 0
