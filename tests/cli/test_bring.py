"""``sgaudit bring``: a table beside a study, how its cases were found, and what is declared of its patients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from sgcore import workflow
from sgcore.cli import app
from sgcore.cohort import load_study
from tests.support.brought import scores_of, write

_ROLES = [
    "--label",
    "diagnosis",
    "--positive",
    "secondary",
    "--scores",
    "net,other net",
    "--group",
    "patient",
]


@pytest.fixture
def table(study_toml: Path, tmp_path: Path) -> Path:
    return write(scores_of(load_study(study_toml)), tmp_path)


def _bring(table: Path, study: Path, *more: str) -> Result:
    store = table.parent / "store.duckdb"
    words = ["bring", str(table), "--study", str(study), "--store", str(store), *_ROLES, *more]
    return CliRunner().invoke(app, words)


def _json(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_table_is_stored_once_and_found_by_image(study_toml: Path, table: Path) -> None:
    result = _bring(table, study_toml, "--image", "image", "--json")
    assert result.exit_code == 0, result.output
    found = _json(result)
    assert (found["by"], found["new"], found["models"]) == ("image", True, ["net", "other net"])
    assert found["n_matched"] == found["n_rows"]
    again = _bring(table, study_toml, "--image", "image")
    assert "2 models were stored before" in again.stdout
    assert "note: scores.csv" in again.stderr
    with workflow.open_store(table.parent / "store.duckdb") as store:
        assert workflow.brought_files(store, found["study_id"])["file_id"].tolist() == [found["file_id"]]


def test_other_patients_are_declared(study_toml: Path, table: Path) -> None:
    contradiction = _bring(table, study_toml, "--other-patients")
    assert contradiction.exit_code == 1
    assert "declared to be of other patients" in contradiction.stdout
    assert "1 problem(s)." in contradiction.stdout
    frame = scores_of(load_study(study_toml)).assign(patient=lambda f: "E" + f["patient"])
    write(frame, table.parent)
    unknown, declared = (
        _json(_bring(table, study_toml, *more, "--json")) for more in ([], ["--other-patients"])
    )
    assert (unknown["by"], unknown["other_patients"]) == (None, False)
    assert (declared["by"], declared["other_patients"]) == (None, True)
    assert "as was declared" in declared["reason"]


def test_a_table_that_disagrees_ends_with_one(study_toml: Path, table: Path) -> None:
    frame = scores_of(load_study(study_toml)).astype({"net": str})
    frame.loc[2, "net"] = "87%"
    write(frame, table.parent)
    result = _bring(table, study_toml, "--json")
    assert result.exit_code == 1
    assert [(p["row"], p["value"]) for p in _json(result)["problems"]] == [(4, "87%")]
