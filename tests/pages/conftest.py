"""A dashboard in memory over a copy of an analyzed store, with Streamlit's caches empty around each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner

from sgcore import workflow
from sgcore.config import DeepConfig, recipe, with_changes
from tests.support.app import analyzed_store, demo_store, network_store
from tests.support.brought_networks import write_networks
from tests.support.studies import make_features_study


@pytest.fixture(scope="session", autouse=True)
def components_sought_once() -> Iterator[None]:
    """Each new app reads the metadata of every installed package to find components: half a second a test."""
    once = cache(manifest_scanner.scan_component_manifests)
    with patch.object(manifest_scanner, "scan_component_manifests", once):
        yield


@pytest.fixture(scope="session")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return analyzed_store(tmp_path_factory)


@pytest.fixture
def store_path(analyzed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store of the test's own, which the app opens."""
    yield from _opened(_copied(analyzed, tmp_path), monkeypatch)


@pytest.fixture(scope="session")
def with_what_if(analyzed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same store with what the selection page makes of p < 0.01, so that applying it computes nothing."""
    path = tmp_path_factory.mktemp("what-if") / "store.duckdb"
    shutil.copy(analyzed, path)
    with workflow.open_store(path) as store:
        study = workflow.stored_study(store, workflow.list_studies(store)["study_id"].iloc[0])
        workflow.analyze(study, with_changes(recipe("paper"), selection__p_threshold=0.01), store)
    return path


@pytest.fixture
def what_if_path(with_what_if: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from _opened(_copied(with_what_if, tmp_path), monkeypatch)


@pytest.fixture(scope="session")
def with_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return network_store(tmp_path_factory)


@pytest.fixture
def network_path(with_networks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from _opened(_copied(with_networks, tmp_path), monkeypatch)


@pytest.fixture(scope="session")
def with_brought_networks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study without images that brings features, and scores, deep features and curves of two networks."""
    folder = tmp_path_factory.mktemp("brought-networks")
    study_toml = make_features_study(
        folder / "study", centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, effect=1.5
    )
    write_networks(study_toml, ("resnet50", "our own"))
    config = with_changes(
        recipe("paper"), models__classifiers=("LR", "SVM"), deep=DeepConfig(backbone="auto", components=3)
    )
    with workflow.open_store(folder / "store.duckdb") as store:
        workflow.run(workflow.import_study(study_toml, store), config, store)
    return folder / "store.duckdb"


@pytest.fixture
def brought_networks_path(
    with_brought_networks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    yield from _opened(_copied(with_brought_networks, tmp_path), monkeypatch)


@pytest.fixture(scope="session")
def with_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_store(tmp_path_factory)


@pytest.fixture
def demo_path(with_demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from _opened(_copied(with_demo, tmp_path), monkeypatch)


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from _opened(tmp_path / "empty.duckdb", monkeypatch)


def _copied(source: Path, folder: Path) -> Path:
    return Path(shutil.copy(source, folder / "store.duckdb"))


def _opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    from sgcore.ui import store

    monkeypatch.setenv("SGAUDIT_STORE", str(path))
    st.cache_data.clear()
    st.cache_resource.clear()
    yield path
    store.store().close()
    st.cache_data.clear()
    st.cache_resource.clear()
