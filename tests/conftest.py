"""Fixtures that many tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# One worker a core: threads of several would wait for each other. It has to stand before numpy and torch are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from tests.support.studies import make_study

#: Marks of tests that take longest.
LONG = ("browser", "long")
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "breast-us"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: a worker that begins one at the end leaves the others waiting."""
    items.sort(key=lambda item: not any(item.get_closest_marker(mark) for mark in LONG))


@pytest.fixture(scope="session")
def study_toml(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study on disk: three centers, descriptors, one or two images a patient. Read only."""
    return make_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def shared_study() -> Path:
    """The folder of the real two-center breast study."""
    if not SHARED.is_dir():
        pytest.skip(f"the real study is not beside the checkout ({SHARED.name} in shared/data)")
    return SHARED
