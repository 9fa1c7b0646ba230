"""The command line: one JSON object on standard output, words on standard error, the promised exit codes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from tests.support.studies import make_study

RUN = ["--no-deep", "--preset", "planar-2d", "--jobs", "0"]


@pytest.fixture(scope="module")
def store(study_toml, tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "store.duckdb"
    result = CliRunner().invoke(app, ["run", str(study_toml), "--store", str(path), *RUN, "--json"])
    assert result.exit_code == 0, result.output
    return path, json.loads(result.stdout)


def _invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_validate_counts_and_passes(study_toml):
    result = _invoke("validate", study_toml, "--json")
    assert result.exit_code == 0
    assert {"errors": 0, "patients": 38, "images": 57}.items() <= json.loads(result.stdout).items()
    assert "0 error(s)" in _invoke("validate", study_toml).stdout


def test_validate_lists_problems_and_fails(tmp_path):
    path = make_study(tmp_path)
    table = tmp_path / "patients.csv"
    table.write_text(table.read_text().replace("primary", "[bold]primary", 1))
    result = _invoke("validate", path, "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)["problems"][0]
    assert {"file", "row", "column", "value", "rule", "fix"} <= set(problem)
    words = _invoke("validate", path).stdout
    assert "[bold]" in words
    assert "1 error(s)" in words


def test_a_second_run_says_the_same(store, study_toml):
    path, first = store
    again = _invoke("run", study_toml, "--store", path, *RUN, "--json")
    assert json.loads(again.stdout) == first
    words = _invoke("run", study_toml, "--store", path, *RUN)
    assert "SGA030" in words.stdout
    assert "Radiomics" in words.stdout


def test_without_no_deep_the_run_stops_at_once(study_toml, tmp_path):
    result = _invoke("run", study_toml, "--store", tmp_path / "s.duckdb", "--json")
    assert result.exit_code == 2
    assert "--no-deep" in json.loads(result.stdout)["error"]
    assert not (tmp_path / "s.duckdb").exists()


def test_audit_fails_on_request(store, study_toml):
    words = ["audit", study_toml, "--store", store[0], "--preset", "planar-2d"]
    assert _invoke(*words).exit_code == 0
    result = _invoke(*words, "--json", "--fail-on", "error")
    assert result.exit_code == 3
    assert {finding["code"] for finding in json.loads(result.stdout)["findings"]} >= {"SGA003", "SGA010"}
    missing = _invoke("audit", study_toml, "--store", store[0], "--recipe", "strict")
    assert missing.exit_code == 1
    assert "sgaudit run" in missing.stderr


def test_export_writes_tables(store, study_toml, tmp_path):
    result = _invoke(
        "export", study_toml, "-o", tmp_path / "out", "--store", store[0], "--preset", "planar-2d"
    )
    assert result.exit_code == 0
    assert (tmp_path / "out" / f"{store[1]['analysis']}-evaluations.csv").is_file()


def test_the_store_is_listed_exported_and_restored(store, tmp_path):
    listed = json.loads(_invoke("store", "info", "--store", store[0], "--json").stdout)
    assert listed["analyses"][0]["analysis_id"] == store[1]["analysis"]
    assert _invoke("store", "export", tmp_path / "parquet", "--store", store[0]).exit_code == 0
    copy = tmp_path / "copy.duckdb"
    assert _invoke("store", "restore", tmp_path / "parquet", "--store", copy).exit_code == 0
    again = json.loads(_invoke("store", "info", "--store", copy, "--json").stdout)
    assert again["analyses"] == listed["analyses"]


def test_import_and_extract_go_step_by_step(study_toml, store):
    imported = json.loads(_invoke("import", study_toml, "--store", store[0], "--json").stdout)
    assert imported["n"] == {"patients": 38, "images": 57}
    extracted = _invoke(
        "extract", study_toml, "--store", store[0], "--preset", "planar-2d", "--jobs", "0", "--json"
    )
    assert json.loads(extracted.stdout)["failures"] == []
    analyzed = _invoke("analyze", study_toml, "--store", store[0], "--preset", "planar-2d", "--json")
    assert json.loads(analyzed.stdout)["analysis"] == store[1]["analysis"]


def test_usage_errors_end_with_two(study_toml):
    assert _invoke("run", study_toml, "--recipe", "other").exit_code == 2
    assert _invoke("--version").exit_code == 0
