"""Every page of the demo study by its deep link, light and dark, through the eyes of axe; and by keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from sgcore.ui.navigation import ENTRIES, Entry
from tests.browser.driving import ready
from tests.support.app import ROOT, copied_dashboard, demo_store

pytestmark = [pytest.mark.browser, pytest.mark.extended]

#: What axe calls serious; and headings that skip a level, which it does not.
IMPACTS = ("serious", "critical")
RULES = ("heading-order",)
#: Pages whose answer is no figure: what they show instead.
WITHOUT_FIGURE = {
    "study-import": "Path of the study file",
    "cases-gallery": "threshold",
    "evidence-report": "Reporting checklists",
}

_DRAWN = """[...document.querySelectorAll('[data-testid=stPlotlyChart]')]
      .every(chart => chart.querySelector('.main-svg'))
    && !document.querySelector('[data-testid=stSkeleton]')"""
_AT_PART = """name => [...new URLSearchParams(location.search)]
      .some(([key, value]) => key.endsWith('_part') && value === name)
    && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"""
#: Remembers where the keyboard is; false once it has left the page.
_REACHED = """() => (window.reached ??= new Set()).add(document.activeElement)
    && document.activeElement !== document.body"""
#: What could be used, but was not reached. Of a group of radio buttons Tab reaches one, arrow keys the others.
_MISSED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary, canvas[tabindex]')]
    .filter(each => each.checkVisibility({visibilityProperty: true}) && !each.disabled && each.tabIndex >= 0)
    .filter(each => !window.reached.has(each)
        && ![...window.reached].some(other => other.closest('[role=radiogroup]')?.contains(each)))
    .map(each => each.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied_dashboard(demo_store(tmp_path_factory), tmp_path_factory) as running:
        yield running


@pytest.fixture(scope="module")
def windows(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    size = {"width": 1280, "height": 800}
    contexts = {name: browser.new_context(viewport=size, color_scheme=name) for name in ("light", "dark")}
    yield contexts
    for context in contexts.values():
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_deep_link_opens_cold_and_can_be_read(
    windows: dict[str, BrowserContext], address: str, entry: Entry, scheme: str
) -> None:
    page = windows[scheme].new_page()
    page.goto(f"{address}/{entry.path}")
    ready(page)
    assert page.locator("h1").inner_text() == entry.title
    assert page.get_by_text("Page not found").count() == 0
    if entry.path in WITHOUT_FIGURE:
        page.get_by_text(WITHOUT_FIGURE[entry.path]).first.wait_for(timeout=20_000)
    else:
        page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=20_000)
    # The dark theme has other colors and the same elements.
    _check(page, *(["color-contrast"] if scheme == "dark" else []))
    if scheme == "dark":
        _check_parts(page, entry)
    page.close()


def _check_parts(page: Page, entry: Entry) -> None:
    """The page's other parts, one after the other."""
    parts = page.get_by_role("radiogroup", name="Part of the page").get_by_role("radio")
    names = parts.all_inner_texts()
    assert bool(names) == ("pick_part" in (ROOT / entry.file).read_text())
    for name in names[1:]:
        parts.get_by_text(name, exact=True).click()
        page.wait_for_function(_AT_PART, arg=name, timeout=60_000)
        _check(page)


def _check(page: Page, *rules: str) -> None:
    """No exception on the page, and nothing in axe's eyes, by all or some of its rules, that keeps from reading it."""
    page.wait_for_function(_DRAWN, timeout=20_000)
    assert page.locator("[data-testid=stException]").count() == 0
    assert page.locator("[data-testid=stPlotlyChart]:not([role=figure][aria-label])").count() == 0
    # Marks of a figure cannot be reached by key; its table can.
    tables = page.locator("summary").filter(has_text="Table:").count()
    assert page.locator("[data-testid=stPlotlyChart]").count() <= tables
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node['failureSummary']}"
        for violation in Axe().run(page, options=options).response["violations"]
        for node in violation["nodes"]
        if violation["impact"] in IMPACTS or violation["id"] in RULES
    ]
    assert found == []


@pytest.mark.parametrize("path", ["features-browser", "cases-case"])
def test_tab_reaches_every_control_and_leaves_again(page: Page, address: str, path: str) -> None:
    page.goto(f"{address}/{path}")
    ready(page)
    page.wait_for_function(_DRAWN, timeout=20_000)
    for _ in range(300):
        page.keyboard.press("Tab")
        if not page.evaluate(_REACHED):
            break
    else:
        pytest.fail(f"Tab is caught in {page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}")
    assert page.evaluate(_MISSED) == []


def test_the_table_of_a_figure_and_the_parts_of_a_page_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence-families")
    ready(page)
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    download = page.get_by_role("button", name="Download as CSV").first
    download.wait_for(timeout=20_000)
    page.locator("canvas[data-testid=data-grid-canvas]").first.wait_for(timeout=20_000)
    for _ in range(60):
        page.keyboard.press("Tab")
        if download.evaluate("button => button === document.activeElement"):
            break
    else:
        pytest.fail("Tab does not get from the table to its download")
    page.get_by_role("radio", name="AUC", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function(_AT_PART, arg="Sensitivity and specificity", timeout=60_000)


def test_arrow_keys_in_a_control_do_not_turn_to_another_case(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-case")
    ready(page)
    shown = page.locator("[data-testid=stMarkdown] strong").first.inner_text()
    slider = page.get_by_role("slider", name="Opacity of the map")
    slider.focus()
    before = slider.input_value()
    page.keyboard.press("ArrowRight")
    assert float(slider.input_value()) > float(before)
    for role, name in (("textbox", "Your name"), ("combobox", "Family")):
        page.get_by_role(role, name=name).focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
    ready(page)
    assert page.locator("[data-testid=stMarkdown] strong").first.inner_text() == shown
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "shown => document.querySelector('[data-testid=stMarkdown] strong').innerText !== shown",
        arg=shown,
        timeout=20_000,
    )
