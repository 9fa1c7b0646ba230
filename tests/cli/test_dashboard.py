"""``sgaudit app``: says where to look once something is there, over the store that was named."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sgcore import workflow
from sgcore.cli import app
from tests.support.processes import is_running

SGAUDIT = Path(sys.executable).with_name("sgaudit")


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def interruptible():
    """A suite that runs in the background ignores the interrupt, and its children would inherit that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_named_store_and_ends_its_server(port, end, tmp_path):
    with subprocess.Popen(
        [SGAUDIT, "app", "--port", str(port)],
        cwd=tmp_path,
        env={**os.environ, "SGAUDIT_STORE": "mine.duckdb"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            # Either comes first: the server does not wait for the study, nor the study for the server.
            told = {}
            for line in process.stdout:
                told[line.partition(" is ")[0]] = line
                if {"The dashboard", "Salivary gland phantoms (synthetic)"} <= set(told):
                    break
            assert told["Salivary gland phantoms (synthetic)"].endswith(" is the first study of the store.\n")
            assert f"http://127.0.0.1:{port} " in told["The dashboard"]
            assert str(tmp_path / "mine.duckdb") in told["The dashboard"]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=10) as answer:
                assert answer.status == 200
            (server,) = _children(process.pid)
            assert _variable(server, "SGAUDIT_STORE") == str(tmp_path / "mine.duckdb")
            process.send_signal(end)
            assert process.wait(30) == 0
            assert not is_running(server)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_a_port_in_use_is_named_before_anything_is_started(study_toml, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        store = tmp_path / "s.duckdb"
        words = ["app", "--port", port, "--study", str(study_toml), "--store", str(store)]
        result = CliRunner().invoke(app, words)
    assert result.exit_code == 2
    assert f"Port {port}" in result.stderr
    assert "--port" in result.stderr
    assert not store.exists()


def _children(pid):
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def _variable(pid, name):
    import psutil

    return psutil.Process(pid).environ()[name]


def test_a_demo_that_is_damaged_keeps_nobody_from_the_dashboard(tmp_path, monkeypatch):
    monkeypatch.setenv("SGAUDIT_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.setattr("sgcore.workflow.demo.demo_folder", lambda: tmp_path / "nothing")
    told, failed = [], []
    workflow.open_with_demo(told.append, failed.append).close()
    assert not told
    assert failed[0].startswith("The demo study was not loaded: ")


def test_a_store_with_a_study_is_left_as_it_is(study_toml, tmp_path, monkeypatch):
    monkeypatch.setenv("SGAUDIT_STORE", str(tmp_path / "s.duckdb"))
    with workflow.open_store() as store:
        study = workflow.import_study(study_toml, store)
    told = []
    with workflow.open_with_demo(told.append, told.append) as store:
        assert not told
        assert list(workflow.list_studies(store)["study_id"]) == [study.fingerprint]
