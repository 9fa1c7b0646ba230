"""`sgaudit report`: one HTML file, its JSON, and what it refuses."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from sgcore.cli import app

PRESET = ["--preset", "planar-2d"]


@pytest.fixture(scope="module")
def path(store, tmp_path_factory):
    """A copy of the store."""
    return shutil.copy(store[0], tmp_path_factory.mktemp("report") / "store.duckdb")


def _report(study_toml, path, file, *words):
    return CliRunner().invoke(app, ["report", str(study_toml), "--store", str(path), "-o", str(file), *words])


def test_file_and_json(store, study_toml, path, tmp_path):
    file = tmp_path / "report.html"
    result = _report(study_toml, path, file, *PRESET, "--json")
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["analysis"] == store[1]["analysis"]
    assert said["report"] == str(file)
    assert said["look"] is None
    assert [(each["key"], len(each["items"])) for each in said["checklists"]] == [
        ("tripod_ai", 52),
        ("clear", 58),
        ("metrics", 30),
    ]
    text = file.read_text(encoding="utf-8")
    assert store[1]["analysis"] in text
    assert text.startswith("<!DOCTYPE html>")
    assert said["bytes"] == file.stat().st_size


def test_an_analysis_by_the_start_of_its_id(store, study_toml, path, tmp_path):
    file = tmp_path / "report.html"
    result = _report(study_toml, path, file, "--analysis", store[1]["analysis"][:6], "--section", "methods")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("A strict reviewer would")
    assert str(file) in result.stdout
    text = file.read_text(encoding="utf-8")
    assert 'id="methods"' in text
    assert 'id="cohort"' not in text


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (["--analysis", "zzz"], "is no analysis of", 2),
        (["--analysis", "a", "--recipe", "strict"], "leave --recipe and --preset out", 2),
        (["--recipe", "strict"], "Run `sgaudit run` first", 1),
        ([*PRESET, "--section", "methodz"], "unknown section 'methodz'", 2),
    ],
)
def test_refusals(study_toml, path, tmp_path, words, said, code):
    result = _report(study_toml, path, tmp_path / "report.html", *words)
    assert result.exit_code == code
    assert said in " ".join(result.stderr.split())
    assert not (tmp_path / "report.html").exists()
