"""Steps of a person at the dashboard: open a page, press a button, wait for what runs in the background."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any
from unittest.mock import patch

import pandas as pd
from streamlit.testing.v1 import AppTest

from sgcore.ui.background import desk
from tests.support.app import PAGES, ROOT


def open_page(page: str, part: str | None = None, **chosen: str) -> AppTest:
    """A page, at one of its parts and with what a link may choose (``subset``, ``unit``, ``center``, ...)."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    # Streamlit knows the pages after a first run. Home would compute the whole overview then.
    with patch.object(import_module("sgcore.ui.navigation"), "_home", lambda: None):
        app.run()
    return turn(app, page, part, **chosen)


def turn(app: AppTest, page: str, part: str | None = None, **chosen: str) -> AppTest:
    """The same visit at another page or part."""
    app.switch_page(PAGES[page][0])
    if part is not None:
        chosen[f"{page.lower()}_part"] = part
    return choose(app, **chosen)


def choose(app: AppTest, **chosen: str) -> AppTest:
    """The same page with other choices of the sidebar or of a part."""
    for name, value in chosen.items():
        app.session_state[f"put_{name}"] = value
    return app.run()


def first(app: AppTest) -> str:
    """The page's first sentence."""
    return app.markdown[0].value.replace("\\", "")


def text(app: AppTest) -> str:
    """Everything that the page says outside of tables and figures."""
    return " ".join(part.value.replace("\\", "") for part in app.markdown)


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


def charts(app: AppTest) -> int:
    """How many figures the page shows."""
    return len(app.get("plotly_chart"))


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    """The first table of the page that has a column."""
    return next(table.value for table in app.dataframe if column in table.value)
