"""The report in Chromium, as it comes from the page: drawn offline in both themes without an error, and printed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.driving import ready
from tests.support.app import copied_dashboard, network_store

pytestmark = [pytest.mark.browser, pytest.mark.extended]

_DRAWN = "[...document.querySelectorAll('.plot')].every(plot => plot.querySelector('.main-svg'))"
_INK = "document.querySelector('#figure-flow').layout.font.color"


def _until(page: Page, expression: str) -> None:
    """Wait until it holds; the file's policy forbids what Playwright's own waiting does."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"after a minute still not: {expression}")


@pytest.fixture(scope="module")
def report(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file that the page's button gives."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    with copied_dashboard(network_store(tmp_path_factory), tmp_path_factory) as address:
        page = browser.new_page()
        page.goto(f"{address}/evidence-report")
        ready(page)
        with page.expect_download(timeout=120_000) as download:
            page.get_by_role("button", name="Download the report").click()
        download.value.save_as(file)
        page.close()
        yield file


def test_it_needs_no_network_and_follows_the_theme(page: Page, report: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.context.set_offline(True)
    page.emulate_media(color_scheme="light")
    page.goto(report.as_uri())
    _until(page, _DRAWN)
    assert page.locator(".plot").count() >= 7
    light = page.evaluate(_INK)
    page.emulate_media(color_scheme="dark")
    _until(page, f"{_INK} !== '{light}'")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert said == []


def test_it_prints_light_and_open_with_figures_of_the_page(page: Page, report: Path) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(report.as_uri())
    _until(page, _DRAWN)
    closed = page.locator("details:not([open])").count()
    assert closed > 10
    page.emulate_media(media="print", color_scheme="dark")
    _until(page, f"{_INK} === '#1F2933'")
    assert page.locator("details:not([open])").count() == 0
    widths = page.evaluate("[...document.querySelectorAll('.plot')].map(plot => plot.layout.width)")
    assert set(widths) == {680}
    pages = re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))
    assert 8 < len(pages) < 60
    page.emulate_media(media="screen", color_scheme="dark")
    _until(page, f"{_INK} !== '#1F2933'")
    assert page.locator("details:not([open])").count() == closed


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_by_everybody(browser: Browser, report: Path, scheme: str) -> None:
    # The file's policy would not let axe in.
    context = browser.new_context(bypass_csp=True, color_scheme=scheme)
    page = context.new_page()
    page.goto(report.as_uri())
    _until(page, _DRAWN)
    found = Axe().run(page).response["violations"]
    context.close()
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
