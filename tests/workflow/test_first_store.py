"""The dashboard's store is opened beside the start of the server, once, and whoever asks for it waits."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from sgcore import workflow
from sgcore.errors import StoreError
from sgcore.workflow import demo


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SGAUDIT_STORE", str(tmp_path / "s.duckdb"))
    return tmp_path / "s.duckdb"


def test_who_asks_gets_the_store_that_was_being_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, told = Event(), []
    whole = demo.load_demo

    def slow(store):
        go_on.wait(30)
        return whole(store)

    monkeypatch.setattr(demo, "load_demo", slow)
    workflow.begin_to_open(told.append, told.append)
    assert workflow.is_opening()
    go_on.set()
    with workflow.opened_store() as store:
        assert not workflow.is_opening()
        (name,) = workflow.list_studies(store)["name"]
        assert told == [f"{name} is the first study of the store."]
        assert store.connection.path == path
    # Asked again, as after a failure: opened anew, with what is in it.
    with workflow.opened_store() as store:
        assert len(workflow.list_studies(store)) == 1


def test_a_store_that_cannot_be_opened_is_told_to_who_asks(path: Path) -> None:
    path.write_text("no store")
    workflow.begin_to_open(print, print)
    with pytest.raises(StoreError, match=r"s\.duckdb"):
        workflow.opened_store()
    path.unlink()
    workflow.opened_store().close()
