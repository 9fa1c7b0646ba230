"""The running dashboard in Chromium: what a link restores, the what-if, an import."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.driving import ready
from tests.support.app import analyzed_store, copied_dashboard
from tests.support.contrast import contrast
from tests.support.studies import make_study

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with copied_dashboard(analyzed_store(tmp_path_factory), tmp_path_factory) as running:
        yield running


def test_link_restores_unit_and_set(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence-families?unit=image&subset=validation")
    ready(page)
    assert "unit=image" in page.url
    assert "subset=validation" in page.url
    assert page.get_by_text("validation set").count() >= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_chosen_part_of_a_page_can_be_read(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{address}/evidence-families")
    ready(page)
    text, over, under = page.locator("[data-testid=stButtonGroup] button[aria-checked=true]").first.evaluate(
        """button => [button.querySelector('p'), button, document.querySelector('.stApp')]
           .map((element, i) => getComputedStyle(element)[i ? 'backgroundColor' : 'color'])"""
    )
    context.close()
    assert contrast(_hex(text), _hex(over, under)) >= 4.5


def _hex(color: str, under: str = "rgb(0, 0, 0)") -> str:
    """A CSS color as it looks over another."""
    *parts, alpha = [*map(float, re.findall(r"[\d.]+", color)), 1.0][:4]
    ground = list(map(float, re.findall(r"[\d.]+", under)))[:3]
    return "#" + "".join(
        f"{round(alpha * part + (1 - alpha) * below):02X}" for part, below in zip(parts, ground, strict=True)
    )


def test_the_rows_behind_a_finding_come_when_they_are_opened_by_key(page: Page, address: str) -> None:
    page.goto(f"{address}/evidence-audit")
    ready(page)
    assert page.get_by_test_id("stDataFrame").count() == 0
    page.locator("summary").filter(has_text="of evidence").first.focus()
    page.keyboard.press("Enter")
    page.locator("canvas[data-testid=data-grid-canvas]").wait_for(timeout=20_000)
    assert page.get_by_role("button", name="Download as CSV").count() == 2


@pytest.mark.extended
def test_other_thresholds_make_another_analysis(page: Page, address: str) -> None:
    page.goto(f"{address}/features-selection")
    ready(page)
    first = page.url
    before = page.get_by_text("differ by label at").first.inner_text()
    box = page.get_by_label("p below")
    box.fill("0.01")
    box.press("Tab")
    page.get_by_role("button", name="Apply").click()
    page.get_by_text("Against the reference").first.wait_for(timeout=90_000)
    ready(page)
    after = page.get_by_text("differ by label at").first.inner_text()
    assert "p < 0.01" in after
    assert after != before
    assert page.url != first
    page.reload()
    ready(page)
    assert page.get_by_text("differ by label at").first.inner_text() == after


@pytest.mark.extended
def test_import_from_the_path_to_the_overview(page: Page, address: str, tmp_path: Path) -> None:
    study_toml = make_study(
        tmp_path / "new", centers={"Alpha": 14, "Beta": 4}, views=1, size=(24, 32), effect=2.0, seed=7
    )
    page.goto(f"{address}/study-import")
    ready(page)
    page.get_by_role("textbox", name="Path of the study file").fill(str(study_toml))
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_text("This study can be imported: 18 patients, 18 images").wait_for(timeout=60_000)
    page.get_by_role("button", name="Import and compute").click()
    page.get_by_role("button", name="Cancel").wait_for(timeout=20_000)
    page.get_by_role("button", name="Open its overview").click(timeout=120_000)
    page.get_by_role("heading", name="Overview").wait_for(timeout=20_000)
    ready(page)
    assert page.locator("[data-testid=stException]").count() == 0
    page.get_by_text("14 patients").first.wait_for(timeout=20_000)
