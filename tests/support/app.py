"""A store with an analyzed study, and a running dashboard over it, for the tests of pages."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.config import recipe, with_changes
from tests.support.networks import NETWORK, settings, write_preset
from tests.support.studies import make_study

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "Overview": ("pages/study/overview.py", "study-overview"),
    "Cohort": ("pages/study/cohort.py", "study-cohort"),
    "Import": ("pages/study/import_study.py", "study-import"),
    "Selection": ("pages/features/selection.py", "features-selection"),
    "Features": ("pages/features/browser.py", "features-browser"),
    "Classifiers": ("pages/models/classifiers.py", "models-classifiers"),
    "Deep learning": ("pages/models/deep_learning.py", "models-deep-learning"),
    "Explanations": ("pages/models/explanations.py", "models-explanations"),
    "Gallery": ("pages/cases/gallery.py", "cases-gallery"),
    "Case": ("pages/cases/case.py", "cases-case"),
    "Families": ("pages/evidence/families.py", "evidence-families"),
    "Centers": ("pages/evidence/centers.py", "evidence-centers"),
    "Published study": ("pages/evidence/published_study.py", "evidence-published"),
    "Audit": ("pages/evidence/audit.py", "evidence-audit"),
    "Report": ("pages/evidence/report.py", "evidence-report"),
}


def analyzed_store(factory: pytest.TempPathFactory) -> Path:
    """A store file with one small study and its paper analysis; made once for all workers. Copy it to write."""
    return _made_once(factory, "dashboard", _make_analyzed)


def network_store(factory: pytest.TempPathFactory) -> Path:
    """The same study with a network, five families and their explanations, and a what-if that is not explained."""
    return _made_once(factory, "networks", _make_networks)


def demo_store(factory: pytest.TempPathFactory) -> Path:
    """The demo study as it ships."""
    return _made_once(factory, "demo", _make_demo)


@contextmanager
def kept_file(path: Path) -> Iterator[Path]:
    """A file that workers share, which is as it was afterwards; one test at a time may change it."""
    with (path.parent / f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = path.read_bytes()
        try:
            yield path
        finally:
            path.write_bytes(before)


def _make_demo(folder: Path) -> None:
    with workflow.open_store(folder / "store.duckdb") as store:
        workflow.load_demo(store)


def _made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """``store.duckdb`` in a folder that all workers share; one makes it while the others wait."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            make(folder)
            (folder / "made").touch()
    return folder / "store.duckdb"


def _make_analyzed(folder: Path) -> None:
    study_toml = make_study(
        folder / "study", centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, size=(48, 64), effect=2.0
    )
    with workflow.open_store(folder / "store.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        workflow.run(study, recipe("paper"), store)


def _make_networks(folder: Path) -> None:
    study_toml = make_study(
        folder / "study", centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, size=(48, 64), effect=2.0
    )
    config = settings(write_preset(folder), NETWORK)
    with workflow.open_store(folder / "store.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        workflow.run(study, config, store)
        workflow.analyze(study, with_changes(config, selection__p_threshold=0.4), store)


@contextmanager
def copied_dashboard(store: Path, factory: pytest.TempPathFactory) -> Iterator[str]:
    """:func:`dashboard` on a copy of a store that others read."""
    path = factory.mktemp("running") / "store.duckdb"
    shutil.copy(store, path)
    with dashboard(path) as address:
        yield address


@contextmanager
def dashboard(store: Path) -> Iterator[str]:
    """Streamlit on a free port of 127.0.0.1 over a store; yields its address and ends it by its id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = store.with_suffix(".log")
    with log.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "-P", str(ROOT / "sgcore" / "ui" / "__main__.py"), "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "SGAUDIT_STORE": str(store)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address, log)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the dashboard ended with code {process.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the dashboard did not answer within a minute:\n{log.read_text()}")
