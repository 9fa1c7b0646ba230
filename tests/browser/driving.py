"""Waiting for a page in the browser."""

from __future__ import annotations

from playwright.sync_api import Page

from sgcore.ui.audited import RUNNING


def ready(page: Page) -> None:
    """Wait until the page has run to its foot, and again where the audit came after its figures."""
    page.get_by_text("Research use only").wait_for(timeout=60_000)
    page.get_by_text(RUNNING).wait_for(state="hidden", timeout=60_000)
    page.wait_for_function(
        "!document.querySelector('[data-testid=stStatusWidget]')"
        " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'",
        timeout=60_000,
    )
