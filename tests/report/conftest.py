"""The material of three small studies, read once: without networks, with them, and with features alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.report import Material
from tests.support.app import analyzed_store, network_store
from tests.support.studies import make_features_study


@contextmanager
def _material(path: Path) -> Iterator[Material]:
    """Of the study's reference analysis."""
    with workflow.open_store(path) as store:
        study_id = workflow.list_studies(store)["study_id"].iloc[0]
        analysis = workflow.load_analysis(store, str(workflow.reference_id(store, study_id)))
        yield workflow.report_material(analysis, store)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Material]:
    """Three centers, descriptors and radiomics, no networks."""
    path = tmp_path_factory.mktemp("plain") / "store.duckdb"
    with _material(Path(shutil.copy(analyzed_store(tmp_path_factory), path))) as found:
        yield found


@pytest.fixture(scope="session")
def deep(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Material]:
    """The same study with a network and all five families."""
    path = tmp_path_factory.mktemp("deep") / "store.duckdb"
    with _material(Path(shutil.copy(network_store(tmp_path_factory), path))) as found:
        yield found


@pytest.fixture(scope="session")
def brought(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Material]:
    """One center that brings its features, without images; nothing was computed of it but its models."""
    from sgcore.config import recipe, with_changes

    folder = tmp_path_factory.mktemp("brought")
    study_toml = make_features_study(folder / "study", centers={"Alpha": 30}, effect=2.0)
    config = with_changes(recipe("paper"), models__classifiers=("LR",), models__pick="validation")
    with workflow.open_store(folder / "store.duckdb") as store:
        workflow.run(workflow.import_study(study_toml, store), config, store)
    with _material(folder / "store.duckdb") as found:
        yield found
