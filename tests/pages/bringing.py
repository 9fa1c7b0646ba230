"""Steps of a person who brings models made elsewhere: a table read and stored, then the families page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.domain import Study
from sgcore.ui import store
from tests.pages.driving import field, finish, open_page, press

PART = "Models made elsewhere"


def stored_study() -> Study:
    opened = store.store()
    return workflow.stored_study(opened, workflow.list_studies(opened)["study_id"].iloc[0])


def read(path: Path) -> AppTest:
    """The import page's part with the columns of a table read."""
    app = open_page("Import", PART)
    field(app.text_input, "Path of the table").set_value(str(path))
    return finish(press(app, "Read its columns"))


def bring(path: Path) -> AppTest:
    """The same, checked and stored in the proposed roles."""
    return finish(press(read(path), "Check and store"))


def families(**chosen: str) -> AppTest:
    return open_page("Families", PART, **chosen)


def problems(app: AppTest) -> pd.DataFrame:
    return pd.concat([table.value for table in app.dataframe if "Rule" in table.value], ignore_index=True)
