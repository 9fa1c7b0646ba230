"""A reader in Chromium: from the gallery to a wrong call, its map and its sum, a note, and the note after a reload."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import ready
from tests.support.app import copied_dashboard, network_store

pytestmark = [pytest.mark.browser, pytest.mark.extended]

#: Traces and shapes that the figures of the page have, by name.
_DRAWN = """[...document.querySelectorAll('.js-plotly-plot')]
    .flatMap(figure => figure.data).map(trace => trace.name || trace.type)"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied_dashboard(network_store(tmp_path_factory), tmp_path_factory) as running:
        yield running


def _leave(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.get_by_role("textbox", name="Note on this image").fill(text)
    page.get_by_role("button", name="Save note").click()
    page.get_by_text("Saved.", exact=True).wait_for(timeout=20_000)


def test_a_note_on_a_wrong_call_is_there_after_a_reload(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-gallery?family=Combined&subset=train&unit=image&gallery_call=wrong")
    ready(page)
    page.get_by_text("✕ wrong").first.wait_for(timeout=20_000)
    page.locator("[data-testid=stPageLink] a").first.click()
    page.get_by_role("heading", name="Case", exact=True).wait_for(timeout=20_000)
    ready(page)
    page.get_by_text("while the label is").first.wait_for(timeout=20_000)
    page.wait_for_function(
        "[...document.querySelectorAll('.js-plotly-plot')].filter(f => f.querySelector('.main-svg')).length >= 3",
        timeout=20_000,
    )
    if "map" not in page.evaluate(_DRAWN):
        page.get_by_role("radio", name="primary").click()
        page.wait_for_function(f"({_DRAWN}).includes('map')", timeout=20_000)
    assert {"image", "ROI", "waterfall"} <= set(page.evaluate(_DRAWN))
    _leave(page, "Shadow behind the lesion;\nthe network looks at it.")
    page.reload()
    ready(page)
    note = page.locator("[data-testid=stText]").first
    note.wait_for(timeout=20_000)
    assert note.inner_text() == "Shadow behind the lesion;\nthe network looks at it."
    when = re.compile(r"Ada \d{4}-\d\d-\d\d \d\d:\d\d UTC · label and scores visible when written")
    page.get_by_text(when).wait_for(timeout=20_000)


def test_a_blinded_note_in_another_tab_and_keys_while_writing(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-case")
    ready(page)
    page.get_by_text("Hide label and scores").click()
    page.get_by_text("label and scores are hidden").wait_for(timeout=20_000)
    # Until its run ends the page shows what it has moved in both places.
    page.wait_for_function(
        """document.querySelectorAll('textarea[aria-label="Note on this image"]').length === 1""",
        timeout=20_000,
    )
    ready(page)
    # The first case was seen before it was hidden; the next one never is.
    first = page.url
    page.get_by_role("button", name=re.compile("^Next")).click()
    page.wait_for_function("first => location.href !== first", arg=first, timeout=20_000)
    ready(page)
    page.get_by_text("It will say: label and scores hidden when written.").wait_for(timeout=20_000)
    sentence = page.locator("[data-testid=stMarkdown] strong").first.inner_text()
    page.get_by_role("textbox", name="Note on this image").fill("ab")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("-")
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("textbox", name="Note on this image").input_value() == "a-b"
    assert page.locator("[data-testid=stMarkdown] strong").first.inner_text() == sentence
    _leave(page, "Looks benign to me.")
    other = page.context.new_page()
    other.goto(page.url)
    ready(other)
    other.get_by_text("Looks benign to me.").wait_for(timeout=20_000)
    other.get_by_text("label and scores hidden when written").wait_for(timeout=20_000)
