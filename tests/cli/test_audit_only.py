"""``--audit-only`` of validate, import and audit."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from tests.support.studies import make_study


def _invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def study_toml(tmp_path):
    path = make_study(tmp_path / "study", centers={"Alpha": 8, "Beta": 3})
    table = path.parent / "patients.csv"
    patients = pd.read_csv(table, dtype=str)
    pd.concat([patients, patients.head(1).assign(label="secondary")]).to_csv(table, index=False)
    return path


def test_validate_refuses_says_the_way_on_and_takes_it(study_toml):
    refused = _invoke("validate", study_toml)
    assert refused.exit_code == 1
    assert "sgaudit import --audit-only" in refused.stdout
    taken = _invoke("validate", study_toml, "--audit-only", "--json")
    assert taken.exit_code == 0
    counts = json.loads(taken.stdout)
    assert (counts["errors"], counts["warnings"]) == (0, 1)
    assert counts["problems"][0]["patient"] == "A001"


def test_such_a_study_is_audited_without_an_analysis(study_toml, tmp_path):
    store = ["--store", tmp_path / "s.duckdb"]
    assert _invoke("audit", study_toml, *store).exit_code == 1
    before = _invoke("audit", study_toml, *store, "--audit-only", "--json")
    assert before.exit_code == 0, before.output
    found = {finding["code"]: finding for finding in json.loads(before.stdout)["findings"]}
    assert found["SGA001"]["status"] == "finding"
    assert "A001 (label)" in found["SGA001"]["message"]
    assert "has not been computed yet" in found["SGA002"]["message"]
    after = _invoke("audit", study_toml, *store, "--audit-only", "--complete", "--fail-on", "error", "--json")
    assert after.exit_code == 3
    found = {finding["code"]: finding for finding in json.loads(after.stdout)["findings"]}
    assert found["SGA002"]["status"] == "passed"


def test_a_job_of_analyses_is_refused(study_toml, tmp_path):
    words = ["audit", study_toml, "--store", tmp_path / "s.duckdb", "--audit-only", "--complete"]
    refused = _invoke(*words, "--only", "permutation")
    assert refused.exit_code == 2
    assert "choose image-pairs" in refused.stderr
