"""A store with one run, made once for all tests of commands; copy it to write."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sgcore.cli import app

RUN = ["--no-deep", "--preset", "planar-2d", "--jobs", "0"]


@pytest.fixture(scope="session")
def store(study_toml, tmp_path_factory):
    """Path of the store, the JSON of the run, and its words on standard error."""
    path = tmp_path_factory.mktemp("cli") / "store.duckdb"
    result = CliRunner().invoke(app, ["run", str(study_toml), "--store", str(path), *RUN, "--json"])
    assert result.exit_code == 0, result.output
    return path, json.loads(result.stdout), result.stderr
