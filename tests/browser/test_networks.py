"""Pages of networks and cases in Chromium: figures and pictures are there, arrow keys turn, a map has its colors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, TimeoutError

from tests.browser.driving import ready
from tests.support.app import copied_dashboard, network_store

pytestmark = [pytest.mark.browser, pytest.mark.extended]

_COLORS = """[...document.querySelectorAll('.js-plotly-plot')].flatMap(figure => figure.data)
    .filter(trace => trace.marker && trace.marker.colorbar).map(trace => trace.marker.colorscale[0][1])"""


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied_dashboard(network_store(tmp_path_factory), tmp_path_factory) as running:
        yield running


@pytest.mark.parametrize(
    ("path", "figures"), [("models-deep-learning", 5), ("models-explanations", 3), ("cases-case", 3)]
)
def test_every_figure_is_drawn(page: Page, address: str, path: str, figures: int) -> None:
    page.goto(f"{address}/{path}")
    ready(page)
    page.wait_for_function(
        "figures => [...document.querySelectorAll('.js-plotly-plot')]"
        ".filter(figure => figure.querySelector('.main-svg')).length >= figures",
        arg=figures,
        timeout=20_000,
    )
    assert page.locator(".js-plotly-plot").count() == figures
    assert page.locator("[data-testid=stException]").count() == 0


def _press(page: Page, key: str, turned: str, sentence: str) -> None:
    """Press until the page has turned: a key that comes before what listens to it is loaded is lost."""
    for _ in range(5):
        page.keyboard.press(key)
        try:
            page.wait_for_function(turned, arg=sentence, timeout=8_000)
        except TimeoutError:
            continue
        ready(page)
        return
    raise AssertionError(f"{key} turned no page")


def test_arrow_keys_turn_to_the_next_case_and_back(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-case")
    ready(page)
    sentence = page.locator("[data-testid=stMarkdown] strong").first.inner_text()
    page.locator("h1").click()
    shown = "document.querySelector('[data-testid=stMarkdown] strong').innerText"
    _press(page, "ArrowRight", f"before => {shown} !== before", sentence)
    _press(page, "ArrowLeft", f"before => {shown} === before", sentence)


def test_the_map_has_the_colors_of_its_key(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-case?map_class=positive")
    ready(page)
    page.locator(".js-plotly-plot .main-svg").first.wait_for(timeout=20_000)
    colors = page.evaluate(_COLORS)
    if not colors:
        page.get_by_text("primary", exact=True).first.click()
        page.wait_for_function(f"({_COLORS}).length > 0", timeout=20_000)
        colors = page.evaluate(_COLORS)
    assert colors == ["rgb(0, 0, 4)"]


def test_the_gallery_shows_pictures_and_stays_hidden_on_the_case_page(page: Page, address: str) -> None:
    page.goto(f"{address}/cases-gallery?family=Combined")
    ready(page)
    page.get_by_text("Combined (").first.wait_for(timeout=20_000)
    pictures = page.locator("[data-testid=stImage] img")
    assert pictures.count() > 0
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stImage] img')].every(each => each.naturalWidth > 0)",
        timeout=20_000,
    )
    assert all("outline of its ROI" in str(each.get_attribute("alt")) for each in pictures.all())
    page.get_by_text("Hide label and scores").click()
    page.get_by_text("label and scores are hidden").wait_for(timeout=20_000)
    page.locator("[data-testid=stPageLink] a").first.click()
    page.get_by_role("heading", name="Case", exact=True).wait_for(timeout=20_000)
    page.get_by_text("label and scores are hidden").wait_for(timeout=20_000)
    assert "family=Combined" in page.url
