"""Notes are added and never overwritten; they survive a reload, an export and a store of an older version."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from sgcore.errors import StoreError
from sgcore.store import Store, open_store
from sgcore.store.migrations import MIGRATIONS, migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store.duckdb") as opened:
        yield opened


def _add(store: Store, text: str | None = "a cyst", image: str = "i1", **changes: Any) -> str:
    given: dict[str, Any] = {"author": "Ada", "saw_label": True, "saw_scores": False, "saw_notes": False}
    return store.notes.add("study", image, text=text, **given | changes)


def _states(store: Store) -> list[tuple[str, str]]:
    rows = store.notes.of("study")
    return list(zip(rows["text"].fillna(""), rows["status"], strict=True))


def test_a_note_comes_back_as_it_was_written(store: Store) -> None:
    text = "=HYPERLINK(\"x\")\n<b>bold</b> **not** 'quoted' ünïcode 🫀 $x$"
    note_id = _add(store, text, image='it\'s "one"; DROP TABLE case_notes --' + "x" * 200, analysis_id="a1")
    store.notes.add("other", "i1", author="Bo", text="x", saw_label=False, saw_scores=False, saw_notes=True)
    (row,) = store.notes.of("study").to_dict("records")
    assert row["text"] == text
    assert row["image_id"].startswith('it\'s "one"; DROP')
    assert (row["note_id"], row["author"], row["analysis_id"], row["status"]) == (
        note_id,
        "Ada",
        "a1",
        "stands",
    )
    assert (row["saw_label"], row["saw_scores"], row["saw_notes"]) == (True, False, False)
    assert store.notes.of("other")["saw_notes"].tolist() == [True]
    assert store.notes.of("third").empty


def test_a_later_row_replaces_or_withdraws_and_nothing_is_lost(store: Store) -> None:
    first = _add(store, "first")
    second = _add(store, "second", replaces=first, saw_label=False)
    assert _states(store) == [("first", "replaced"), ("second", "stands")]
    _add(store, None, replaces=second)
    assert _states(store) == [("first", "replaced"), ("second", "withdrawn"), ("", "withdrawal")]
    assert store.notes.of("study")["saw_label"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"author": "Bo"}, "is by 'Ada', not by 'Bo'"),
        ({"image": "i2"}, "no note .* on image 'i2'"),
        ({"replaces": "unknown"}, "no note 'unknown'"),
    ],
)
def test_only_the_author_replaces_a_note_of_the_image(
    store: Store, changes: dict[str, Any], message: str
) -> None:
    first = _add(store)
    with pytest.raises(StoreError, match=message):
        _add(store, None, **{"replaces": first} | changes)
    assert _states(store) == [("a cyst", "stands")]


def test_a_withdrawal_cannot_be_withdrawn(store: Store) -> None:
    first = _add(store)
    gone = _add(store, None, replaces=first)
    with pytest.raises(StoreError, match="no note"):
        _add(store, None, replaces=gone)


def test_of_two_tabs_that_change_a_note_at_once_one_is_told(store: Store) -> None:
    first = _add(store)
    told = []

    def change(number: int) -> None:
        try:
            _add(store, f"version {number}", replaces=first)
        except StoreError as error:
            told.append(str(error))

    _together(change, 6)
    assert len(told) == 5
    assert all("changed or withdrawn meanwhile" in each for each in told)
    assert [status for _, status in _states(store)] == ["replaced", "stands"]


def test_tabs_that_write_at_once_lose_no_note(store: Store) -> None:
    _together(lambda number: [_add(store, f"{number}-{each}") for each in range(10)], 6)
    rows = store.notes.of("study")
    assert set(rows["text"]) == {f"{number}-{each}" for number in range(6) for each in range(10)}
    assert rows["note_id"].is_unique
    for number in range(6):
        own = rows.loc[rows["text"].str.startswith(f"{number}-"), "text"]
        assert list(own) == [f"{number}-{each}" for each in range(10)]


def _together(work: Any, count: int) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_notes_are_there_when_the_store_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with open_store(path) as store:
        _add(store)
    with open_store(path) as store:
        assert _states(store) == [("a cyst", "stands")]


def test_an_export_carries_notes_and_their_history(store: Store, tmp_path: Path) -> None:
    first = _add(store, "first")
    _add(store, "second", replaces=first)
    _add(store, "another")
    store.export(tmp_path / "export")
    with open_store(tmp_path / "copy.duckdb") as copy:
        assert copy.restore(tmp_path / "export") == 3
        assert _states(copy) == _states(store)
        assert copy.notes.of("study").equals(store.notes.of("study"))


def test_an_export_of_an_older_version_lacks_notes_and_one_of_this_version_must_not(
    store: Store, tmp_path: Path
) -> None:
    _add(store)
    folder = tmp_path / "export"
    store.export(folder)
    (folder / "case_notes.parquet").unlink()
    with (
        open_store(tmp_path / "copy.duckdb") as copy,
        pytest.raises(StoreError, match=r"case_notes\.parquet"),
    ):
        copy.restore(folder)
    versions = pq.read_table(folder / "migrations.parquet")
    pq.write_table(versions.slice(0, 6), folder / "migrations.parquet")
    with open_store(tmp_path / "older.duckdb") as older:
        assert older.restore(folder) == 0
    (folder / "migrations.parquet").unlink()
    with open_store(tmp_path / "oldest.duckdb") as oldest:
        assert oldest.restore(folder) == 0
        _add(oldest)
        assert _states(oldest) == [("a cyst", "stands")]


def test_an_export_of_a_newer_version_is_refused(store: Store, tmp_path: Path) -> None:
    store.export(tmp_path / "export")
    path = tmp_path / "export" / "migrations.parquet"
    rows = pq.read_table(path)
    pq.write_table(rows.set_column(0, "version", [[99] * rows.num_rows]), path)
    with open_store(tmp_path / "copy.duckdb") as copy, pytest.raises(StoreError, match="of version 99"):
        copy.restore(tmp_path / "export")
    pq.write_table(rows.slice(0, 0), path)
    with (
        open_store(tmp_path / "other.duckdb") as other,
        pytest.raises(StoreError, match="does not say which"),
    ):
        other.restore(tmp_path / "export")


def test_a_store_without_notes_gets_their_table(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as raw:
        migrate(raw.cursor(), path, MIGRATIONS[:6])
        assert "case_notes" not in {row[0] for row in raw.execute("SHOW TABLES").fetchall()}
    with open_store(path) as store:
        _add(store)
        assert _states(store) == [("a cyst", "stands")]
