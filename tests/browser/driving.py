"""Waiting for a page in the browser."""

from __future__ import annotations

from playwright.sync_api import Page


def ready(page: Page) -> None:
    """Wait until the page has run to its foot."""
    page.get_by_text("Research use only").wait_for(timeout=60_000)
    page.wait_for_function(
        "!document.querySelector('[data-testid=stStatusWidget]')"
        " && document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'",
        timeout=60_000,
    )
