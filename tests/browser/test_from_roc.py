"""A click on a point of the ROC curve moves the threshold; one on a case is a story of test_stories.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import ready
from tests.support.app import analyzed_store, copied_dashboard

pytestmark = [pytest.mark.browser, pytest.mark.extended]

#: Where the middle one of the points of the ROC curve lies, and its threshold.
_POINT = """() => {
    for (const figure of document.querySelectorAll('.js-plotly-plot')) {
        for (const trace of figure._fullData) {
            if (trace.customdata?.[0]?.length !== 1) continue;
            figure.scrollIntoView({block: 'center'});
            const {left, top} = figure.getBoundingClientRect(), {xaxis, yaxis} = figure._fullLayout;
            const place = Math.floor(trace.x.length / 2);
            return {
                x: left + xaxis._offset + xaxis.d2p(trace.x[place]),
                y: top + yaxis._offset + yaxis.d2p(trace.y[place]),
                threshold: trace.customdata[place][0],
            };
        }
    }
}"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied_dashboard(analyzed_store(tmp_path_factory), tmp_path_factory) as running:
        yield running


def _opened(page: Page, address: str, chosen: str) -> None:
    page.goto(f"{address}/models-classifiers?classifiers_part=Threshold&{chosen}")
    ready(page)
    page.wait_for_function(
        "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 6", timeout=20_000
    )


def _click(page: Page, script: str, *wanted: str) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(script, *wanted)
    page.mouse.move(found["x"] - 1, found["y"])
    page.mouse.move(found["x"], found["y"])
    page.wait_for_timeout(150)
    page.mouse.click(found["x"], found["y"])
    return found


def test_a_click_on_the_roc_curve_moves_the_threshold(page: Page, address: str) -> None:
    _opened(page, address, "unit=image&family=Radiomics&cut_classifier=LR")
    clicked = _click(page, _POINT)
    page.get_by_text("instead of the stored").first.wait_for(timeout=20_000)
    page.wait_for_function("location.search.includes('&threshold=')", timeout=20_000)
    assert f"threshold={clicked['threshold']!r}" in page.url
    page.get_by_role("button", name="Back to the stored threshold").click()
    page.get_by_text("At its stored threshold").first.wait_for(timeout=20_000)
    assert "threshold=" not in page.url
