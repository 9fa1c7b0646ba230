"""Steps of a person at the dashboard: open a page, press a button, wait for what runs in the background."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from streamlit.testing.v1 import AppTest

from sgcore.ui.background import desk
from tests.support.app import PAGES, ROOT


def open_page(page: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    return app.switch_page(PAGES[page][0]).run()


def first(app: AppTest) -> str:
    """The page's first sentence."""
    return app.markdown[0].value.replace("\\", "")


def field(widgets: Iterable[Any], label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def press(app: AppTest, label: str) -> AppTest:
    field(app.button, label).click()
    return app.run()


def finish(app: AppTest) -> AppTest:
    """Wait until the background work is done, and look again."""
    job = desk().job
    assert job is not None
    job.wait(120)
    assert job.state != "running"
    return app.run()


def labels(widgets: Iterable[Any]) -> list[str]:
    return [widget.label for widget in widgets]
