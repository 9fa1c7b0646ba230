"""``--audit-only`` of validate, import and audit."""

from __future__ import annotations

import json
from unittest.mock import patch

import pandas as pd
import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from sgcore.errors import ImageError
from sgcore.workflow.costly.image_pairs import ImagePairsJob
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


def test_what_could_not_be_computed_is_told_beside_the_findings(study_toml, tmp_path):
    words = ["audit", study_toml, "--store", tmp_path / "s.duckdb", "--audit-only", "--complete"]
    assert _invoke("import", study_toml, *words[2:4], "--audit-only").exit_code == 0
    # The file changes while the study is checked: what is imported is still there, the picture is not.
    with patch.object(ImagePairsJob, "run_on", side_effect=ImageError("a.png vanished.")):
        told, plain = _invoke(*words, "--json"), _invoke(*words)
    assert (told.exit_code, plain.exit_code) == (1, 1)
    answer = json.loads(told.stdout)
    assert {finding["code"]: finding["status"] for finding in answer["findings"]}["SGA001"] == "finding"
    assert answer["failed"][0].endswith("Looking for images that are there twice: a.png vanished.")
    assert "SGA001 finding" in plain.stdout
    assert "a.png vanished." in plain.stderr


def test_a_job_of_analyses_is_refused(study_toml, tmp_path):
    words = ["audit", study_toml, "--store", tmp_path / "s.duckdb", "--audit-only", "--complete"]
    refused = _invoke(*words, "--only", "permutation")
    assert refused.exit_code == 2
    assert "choose image-pairs" in refused.stderr
