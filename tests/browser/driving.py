"""Waiting for a page in the browser."""

from __future__ import annotations

import re

from playwright.sync_api import Page, TimeoutError

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


def pick(page: Page, label: str, option: str) -> None:
    """Open a list and choose; a list that closes while the page is still being put together is opened again."""
    wanted = page.get_by_role("option", name=re.compile(option)).first
    for _ in range(3):
        page.get_by_role("combobox", name=re.compile(label)).click()
        try:
            wanted.click(timeout=10_000)
        except TimeoutError:
            page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"The list {label!r} shows no {option!r}")
