"""The command line: one JSON object on standard output, words on standard error, the promised exit codes."""

from __future__ import annotations

import json
import re
import sys
from itertools import zip_longest

import pandas as pd
import pytest
from typer.testing import CliRunner

from sgcore import cohort
from sgcore.cli import app
from sgcore.errors import ImageError
from tests.cli.conftest import RUN
from tests.support.studies import make_study

#: What each row of the JSON of ``run`` has at least.
PROMISED = {
    "selection": "family univariate correlation lasso selected",
    "models": "family classifier subset center n_patients n_images auc ci_low ci_high method design_effect threshold "
    "sensitivity sensitivity_low specificity_high accuracy reason operating_reason picked",
    "comparisons": "a b subset center delta ci_low ci_high z p p_adjusted method",
    "operating_points": "subset unit family measure threshold prevalence estimate ci_low ci_high method reason",
    "chance": "subset n_candidates n_what_ifs bonus replicates skipped p distinct",
    "odds_ratios": "model term odds_ratio ci_low ci_high p",
    "unavailable": "family reason",
    "findings": "code severity status message",
}


def _invoke(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def _folded(words):
    """Text of a table whose cells may have been folded at any place, without frames and spaces."""
    rows = [line.split("│") if "│" in line else [line] for line in words.splitlines()]
    return "".join("".join(column) for column in zip_longest(*rows, fillvalue="")).replace(" ", "")


def test_validate_counts_and_passes(study_toml):
    result = _invoke("validate", study_toml, "--json")
    assert result.exit_code == 0
    assert {"errors": 0, "patients": 38, "images": 57}.items() <= json.loads(result.stdout).items()
    assert "0 error(s)" in _invoke("validate", study_toml).stdout


def test_validate_lists_problems_and_fails(tmp_path):
    path = make_study(tmp_path)
    table = tmp_path / "patients.csv"
    table.write_text(table.read_text().replace("primary", r"\[bold red]:warning:primary", 1))
    result = _invoke("validate", path, "--json")
    assert result.exit_code == 1
    problem = json.loads(result.stdout)["problems"][0]
    assert {"file", "row", "column", "value", "rule", "fix"} <= set(problem)
    words = _folded(_invoke("validate", path).stdout)
    assert r"\[boldred]:warning:primary" in words
    assert "1error(s)" in words


@pytest.mark.parametrize(("rows", "keys"), PROMISED.items())
def test_each_row_of_the_json_has_what_is_promised(store, rows, keys):
    found = store[1][rows]
    assert found or rows == "unavailable"
    for row in found:
        assert set(keys.split()) <= row.keys(), row


def test_the_json_has_the_cohort_and_a_reason_beside_every_null(store):
    assert store[1]["cohort"]["centers"][0].keys() >= {"center", "role", "patients", "images"}
    assert {row["subset"] for row in store[1]["cohort"]["descriptors"]} == {"train", "validation", "external"}
    for row in (*store[1]["models"], *store[1]["training_folds"]):
        assert row["auc"] is not None or row["reason"]
        for name in ("threshold", "sensitivity", "specificity", "accuracy"):
            assert row[name] is not None or row["operating_reason"]


def test_the_json_names_study_analysis_and_counts(store):
    summary = store[1]
    assert summary["study"] == "Test study"
    assert summary["n"] == {"patients": 38, "images": 57}
    assert summary["features"].keys() == {"radiomics"}
    assert {row["subset"] for row in summary["models"]} == {"train", "validation", "external"}
    assert {row["center"] for row in summary["models"]} >= {None, "Alpha", "Beta", "Gamma"}


def test_a_second_run_says_the_same(store, study_toml):
    path, first, _ = store
    again = _invoke("run", study_toml, "--store", path, *RUN, "--json")
    assert json.loads(again.stdout) == first
    words = _invoke("run", study_toml, "--store", path, *RUN)
    assert "SGA030" in words.stdout
    assert "Radiomics" in words.stdout


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
    words = ["analyze", study_toml, "--store", store[0], "--no-deep", "--preset", "planar-2d", "--json"]
    analyzed = _invoke(*words)
    assert json.loads(analyzed.stdout)["analysis"] == store[1]["analysis"]


def test_extract_takes_the_features_that_a_study_brings(tmp_path):
    path = make_study(tmp_path / "study", descriptors=False)
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    images.assign(mine=range(len(images)))[["image_id", "mine"]].to_csv(
        path.parent / "features.csv", index=False
    )
    images[["image_id", "patient_id"]].to_csv(path.parent / "images.csv", index=False)
    path.write_text(path.read_text() + 'features = "features.csv"\n')
    result = _invoke("extract", path, "--store", tmp_path / "s.duckdb", "--jobs", "0", "--json")
    assert result.exit_code == 0
    assert {"images": 57, "features": 1, "failures": []}.items() <= json.loads(result.stdout).items()


def test_extract_shows_what_failed_and_ends_with_one_when_all_did(tmp_path, monkeypatch):
    path = make_study(tmp_path / "study", centers={"Alpha": 4, "Beta": 2})
    words = ["extract", path, "--store", tmp_path / "s.duckdb", "--preset", "planar-2d", "--jobs", "0"]
    failing = {"A001-0", "A001-1"}

    def read_case(study, image_id):
        if image_id in failing:
            raise ImageError(f"{image_id} [red]is gone")
        return cohort.read_case(study, image_id)

    monkeypatch.setattr(sys.modules["sgcore.workflow.extraction"], "read_case", read_case)
    failing.update(pd.read_csv(path.parent / "images.csv")["image_id"])
    result = _invoke(*words)
    assert result.exit_code == 1
    assert "No case of 'Test study' has features; the first reason is: A001-0 [red]is gone" in result.stderr
    assert json.loads(_invoke(*words, "--json").stdout)["error"].startswith("No case of")
    failing = {"A002-0"}
    result = _invoke(*words)
    assert result.exit_code == 0
    assert "A002-0[red]isgone" in _folded(result.stdout)
    assert "8 images; 1 failed." in result.stdout


def test_progress_is_told_in_lines_where_no_bar_can_be_drawn(store):
    words = store[2]
    told = [line for line in words.splitlines() if line.startswith("radiomics: ")]
    assert told[0] == "radiomics: 0 of 57"
    # Beside each image that is done stands its name.
    assert re.fullmatch(r"radiomics: 57 of 57, 0 s left \(\w+-\d\)", told[-1])
    assert len(told) == 11
    assert words.startswith("reading images: ")


def test_usage_errors_end_with_two(study_toml):
    assert _invoke("run", study_toml, "--recipe", "other").exit_code == 2
    wrong = _invoke("run", study_toml, "--no-deep", "--scheduler", "nowhere")
    assert wrong.exit_code == 2
    assert "tcp://" in wrong.stderr
    assert _invoke("--version").exit_code == 0
