"""The store keeps what it acknowledged, once, and says what is wrong with a file it cannot use."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from sgcore.errors import StoreError
from sgcore.store import default_path, open_store
from sgcore.store.migrations import MIGRATIONS, migrate

NAMES = ["a", "b", "c"]


def _append(store, image_id, values=(1.0, 2.0, 3.0), set_id="set", **residue):
    store.features.append(
        set_id,
        image_id,
        pd.Series(values, index=NAMES),
        study_id="study",
        kind="radiomics",
        preset="paper-1288",
        settings={},
        residue=residue,
        seconds=0.1,
    )


def _add_analysis(store, analysis_id="analysis", **frames):
    store.analyses.add(
        analysis_id,
        study_id="study",
        feature_set_id="set",
        recipe="paper",
        config={"seed": 0},
        versions={"numpy": "2"},
        notes=["a note"],
        frames=frames,
    )


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "deep" / "store.duckdb") as opened:
        yield opened


def test_features_come_back_exactly_in_any_order_of_arrival(store):
    values = np.array([[1 / 3, -1e-300, 1e300], [np.pi, 0.0, 7.0]])
    _append(store, "second", values[1], **{"wavelet-LLH": 1e-16})
    _append(store, "first", values[0], **{"wavelet-LLH": 3e-17})
    table = store.features.load("set")
    assert list(table.values.index) == ["first", "second"]
    assert list(table.values.columns) == NAMES
    np.testing.assert_array_equal(table.values.to_numpy(), values)
    assert table.residue.set_index("image_id")["ratio"].to_dict() == {"first": 3e-17, "second": 1e-16}
    assert store.features.done("set") == {"first", "second"}


def test_nothing_is_stored_twice_and_other_names_are_refused(store):
    _append(store, "one")
    _append(store, "one", (9.0, 9.0, 9.0))
    assert store.features.load("set").values.loc["one"].tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(StoreError, match="'two' has 2 features"):
        store.features.append(
            "set",
            "two",
            pd.Series([1.0, 2.0], index=["a", "x"]),
            study_id="study",
            kind="radiomics",
            preset="p",
            settings={},
            residue={},
            seconds=0.0,
        )
    assert store.features.done("set") == {"one"}


def test_a_failure_is_shown_until_the_case_succeeds(store):
    store.features.fail("set", "one", "first reason")
    store.features.fail("set", "one", "second reason")
    assert store.features.load("set").failures.to_dict("records") == [
        {"image_id": "one", "reason": "second reason"}
    ]
    _append(store, "one")
    assert store.features.load("set").failures.empty


def test_an_analysis_is_stored_whole_or_not_at_all(store):
    picks = pd.DataFrame({"family": ["US"], "classifier": ["LR"], "rule": ["external"]})
    with pytest.raises(StoreError, match="unknown column"):
        _add_analysis(store, picks=picks, counts=pd.DataFrame({"wrong": [1]}))
    assert not store.analyses.exists("analysis")
    assert store.analyses.frame("analysis", "picks").empty
    with pytest.raises(StoreError, match="no table for result frame"):
        _add_analysis(store, nonsense=picks)


def test_results_are_append_only(store):
    picks = pd.DataFrame({"family": ["US", "Radiomics"], "classifier": ["LR", None]})
    with duckdb_study(store):
        _add_analysis(store, picks=picks)
        _add_analysis(store, picks=picks.iloc[:1])
        assert len(store.analyses.frame("analysis", "picks")) == 2
        assert store.analyses.frame("analysis", "picks")["classifier"].isna().tolist() == [False, True]
        record = store.analyses.record("analysis")
        assert record["notes"] == ("a note",)
        assert record["name"] is None
        store.analyses.rename("analysis", "first")
        store.analyses.rename("analysis", "what if p < 0.01")
        assert store.analyses.record("analysis")["name"] == "what if p < 0.01"
        assert store.analyses.list("study")["name"].tolist() == ["what if p < 0.01"]
    with pytest.raises(StoreError, match="holds no analysis 'other'"):
        store.analyses.record("other")


def duckdb_study(store):
    """A study row for analyses to belong to."""
    connection = store.connection

    class Added:
        def __enter__(self):
            with connection.transaction() as cursor:
                cursor.execute("INSERT INTO studies VALUES ('study', 'Study', 'x', '{}', current_date)")

        def __exit__(self, *_):
            return False

    return Added()


def test_every_look_is_counted(store):
    assert store.analyses.count_look("study", "analysis", "external AUC") == 1
    assert store.analyses.count_look("study", "analysis", "external AUC") == 2
    assert store.analyses.looks("other").empty


def test_threads_get_their_own_rows(store):
    for number in range(20):
        _append(store, f"i{number}", (number, number, number), set_id=f"set{number}")
    wrong = []

    def read(number):
        for _ in range(20):
            values = store.features.load(f"set{number}").values
            if values.shape != (1, 3) or values.iloc[0, 0] != number:
                wrong.append(number)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_threads_may_write_at_once(store):
    threads = [
        threading.Thread(target=lambda n=n: [_append(store, f"{n}-{k}") for k in range(10)]) for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(store.features.done("set")) == 40


def test_a_killed_writer_loses_nothing_acknowledged(tmp_path):
    path = tmp_path / "store.duckdb"
    script = f"""
import os, pandas as pd
from sgcore.store import open_store
store = open_store({str(path)!r})
for number in range(5):
    store.features.append("set", f"i{{number}}", pd.Series([1.0], index=["a"]), study_id="s", kind="r",
                          preset="p", settings={{}}, residue={{}}, seconds=0.0)
cursor = store.connection._connection.cursor()
cursor.execute("BEGIN TRANSACTION")
cursor.execute("DELETE FROM feature_rows")
os.kill(os.getpid(), 9)
"""
    killed = subprocess.run([sys.executable, "-c", script], check=False)
    assert killed.returncode == -9
    with open_store(path) as store:
        assert len(store.features.done("set")) == 5


def test_a_second_process_is_told_who_holds_the_store(store):
    script = f"from sgcore.store import open_store; open_store({str(store.path)!r})"
    second = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert second.returncode == 1
    assert f"in use by process {os.getpid()}" in second.stderr
    assert "--store" in second.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"not a database at all" * 500, "not a sgaudit store"), (None, "damaged or was cut short")],
    ids=["text", "truncated"],
)
def test_a_file_that_is_no_store_is_refused_in_words(tmp_path, content, message):
    path = tmp_path / "store.duckdb"
    if content is None:
        with open_store(path) as store:
            _append(store, "one")
        content = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_store(path)
    assert path.read_bytes() == content


def _killed(path):
    """A store whose last rows stand in the log alone, as after a crash."""
    script = f"""
import os, pandas as pd
from sgcore.store import open_store
store = open_store({str(path)!r})
store.features.append("set", "one", pd.Series([1.0], index=["a"]), study_id="s", kind="r", preset="p",
                      settings={{}}, residue={{}}, seconds=0.0)
os.kill(os.getpid(), 9)
"""
    subprocess.run([sys.executable, "-c", script], check=False)
    return path.with_name(f"{path.name}.wal")


def test_a_log_with_a_damaged_beginning_is_not_dropped_in_silence(tmp_path):
    path = tmp_path / "store.duckdb"
    log = _killed(path)
    content = log.read_bytes()
    log.write_bytes(b"\x00" * 16 + content[16:])
    with pytest.raises(StoreError, match=r"store\.duckdb\.wal is damaged.*Move that file away"):
        open_store(path)
    log.write_bytes(content)
    with open_store(path) as store:
        assert store.features.done("set") == {"one"}


def test_what_was_written_moves_from_the_log_into_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("sgcore.store.connection.CHECKPOINT_SECONDS", 0.0)
    path = tmp_path / "store.duckdb"
    with open_store(path) as store:
        _append(store, "one")
        log = path.with_name(f"{path.name}.wal")
        assert not log.exists() or log.stat().st_size == 0


@pytest.mark.parametrize("kind", ["folder", "pipe", "sqlite", "long"])
def test_what_is_no_file_of_duckdb_never_reaches_it(tmp_path, monkeypatch, kind):
    def never(*_args, **_kwargs):
        raise AssertionError("opened")

    path = tmp_path / ("n" * 300 if kind == "long" else "store.duckdb")
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "sqlite":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE t (a)")
    monkeypatch.setattr("duckdb.connect", never)
    with pytest.raises(StoreError, match="--store"):
        open_store(path)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("DROP TABLE looks", "table looks is missing"),
        ("DELETE FROM migrations", "record of their version"),
        ("DROP TABLE migrations; CREATE TABLE migrations (other INTEGER)", "another program"),
    ],
)
def test_a_store_that_somebody_took_apart_is_refused_in_words(tmp_path, statement, message):
    path = tmp_path / "store.duckdb"
    open_store(path).close()
    with duckdb.connect(str(path)) as raw:
        raw.execute(statement)
    with pytest.raises(StoreError, match=message):
        open_store(path)


def test_a_store_of_the_first_version_is_brought_forward(tmp_path):
    path = tmp_path / "store.duckdb"
    with duckdb.connect(str(path)) as raw:
        assert migrate(raw.cursor(), path, MIGRATIONS[:1]) == 1
        raw.execute("ALTER TABLE result_picks DROP COLUMN unit")
        raw.execute("CREATE TABLE result_findings (analysis_id VARCHAR)")
    with open_store(path) as store, duckdb_study(store):
        _add_analysis(store, picks=pd.DataFrame({"family": ["US"], "unit": ["patient"]}))
        assert store.analyses.frame("analysis", "picks")["unit"].tolist() == ["patient"]
        assert store.analyses.frame("analysis", "failures").empty


def test_another_programs_database_is_left_alone(tmp_path):
    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE customers (id INTEGER)")
    with pytest.raises(StoreError, match="another program"):
        open_store(path)
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("customers",)]


def test_a_newer_store_is_refused(tmp_path):
    path = tmp_path / "store.duckdb"
    open_store(path).close()
    with duckdb.connect(str(path)) as raw:
        raw.execute("INSERT INTO migrations VALUES (99, current_date)")
    with pytest.raises(StoreError, match="schema version 99"):
        open_store(path)


def test_a_failed_migration_leaves_the_last_version(tmp_path):
    path = tmp_path / "store.duckdb"
    open_store(path).close()

    def broken(cursor):
        cursor.execute("CREATE TABLE half (id INTEGER)")
        raise RuntimeError("power cut")

    with duckdb.connect(str(path)) as raw:
        with pytest.raises(RuntimeError):
            migrate(raw.cursor(), path, (*MIGRATIONS, broken))
        tables = {row[0] for row in raw.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert "half" not in tables
        assert raw.execute("SELECT max(version) FROM migrations").fetchone() == (len(MIGRATIONS),)
    open_store(path).close()


def test_stored_queries_cannot_reach_other_files(store, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    with store.connection.cursor() as cursor:
        with pytest.raises(duckdb.Error, match="disabled by configuration"):
            cursor.execute("SELECT * FROM read_csv(?)", [str(secret)])
        with pytest.raises(duckdb.Error, match="locked"):
            cursor.execute("SET enable_external_access = true")


def test_export_and_restore_carry_everything(store, tmp_path):
    with duckdb_study(store):
        _append(store, "one", (np.pi, 2.0, np.nan), **{"wavelet-LLH": 1e-16})
        _add_analysis(store, picks=pd.DataFrame({"family": ["US"], "classifier": ["LR"]}))
    folder = tmp_path / "export"
    store.export(folder)
    with pytest.raises(StoreError, match="not empty"):
        store.export(folder)
    with open_store(tmp_path / "copy.duckdb") as copy:
        assert copy.restore(folder) == 5
        pd.testing.assert_frame_equal(copy.features.load("set").values, store.features.load("set").values)
        pd.testing.assert_frame_equal(
            copy.analyses.frame("analysis", "picks"), store.analyses.frame("analysis", "picks")
        )
        with pytest.raises(StoreError, match="already holds 1 study"):
            copy.restore(folder)
    (folder / "result_picks.parquet").write_bytes(b"")
    with open_store(tmp_path / "third.duckdb") as third:
        with pytest.raises(StoreError, match=r"result_picks\.parquet"):
            third.restore(folder)
        assert third.studies.list().empty


def test_the_store_path_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("SGAUDIT_STORE", "somewhere.duckdb")
    assert default_path() == Path("somewhere.duckdb")
    monkeypatch.delenv("SGAUDIT_STORE")
    assert default_path().name == "store.duckdb"


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="--store"):
        open_store(tmp_path / "file" / "store.duckdb")
