"""A store with an analyzed study, and a running dashboard over it, for the tests of pages."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

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
    "Classifiers": ("pages/models/classifiers.py", "models-classifiers"),
    "Deep learning": ("pages/models/deep_learning.py", "models-deep-learning"),
    "Explanations": ("pages/models/explanations.py", "models-explanations"),
    "Case": ("pages/cases/case.py", "cases-case"),
    "Families": ("pages/evidence/families.py", "evidence-families"),
    "Centers": ("pages/evidence/centers.py", "evidence-centers"),
}


@cache
def analyzed_store(folder: Path) -> Path:
    """A store file with one small study and its paper analysis; made once a folder. Copy it to write."""
    study_toml = make_study(
        folder / "study", centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, size=(48, 64), effect=2.0
    )
    path = folder / "store.duckdb"
    with workflow.open_store(path) as store:
        study = workflow.import_study(study_toml, store)
        workflow.run(study, recipe("paper"), store)
    return path


@cache
def network_store(folder: Path) -> Path:
    """The same study with a network, five families and their explanations, and a what-if that is not explained."""
    study_toml = make_study(
        folder / "study", centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, size=(48, 64), effect=2.0
    )
    config = settings(write_preset(folder), NETWORK)
    path = folder / "store.duckdb"
    with workflow.open_store(path) as store:
        study = workflow.import_study(study_toml, store)
        workflow.run(study, config, store)
        workflow.analyze(study, with_changes(config, selection__p_threshold=0.4), store)
    return path


@contextmanager
def dashboard(store: Path) -> Iterator[str]:
    """Streamlit on a free port of 127.0.0.1 over a store; yields its address and ends it by its id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = store.with_suffix(".log")
    with log.open("w") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "sgcore.ui", "--server.port", str(port)],
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
