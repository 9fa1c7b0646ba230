"""`sgaudit published`: the findings as text and as one JSON object, and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from sgcore.cli import app
from sgcore.workflow import published_example

RUN = CliRunner()
SHORT = '[paper]\ntitle = "A short paper"\n[features]\ntotal = 12\n[features.classes]\nglcm = 11\n'


def test_json_of_a_paper(tmp_path: Path) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(SHORT)
    result = RUN.invoke(app, ["published", str(path), "--json"])
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert set(said) == {"paper", "findings"}
    assert said["paper"] == {"title": "A short paper", "citation": None, "doi": None}
    first = said["findings"][0]
    assert set(first) == {"code", "severity", "status", "message", "values"}
    assert (first["code"], first["status"], first["values"]["sum"]) == ("SGP001", "finding", 11)
    assert {each["status"] for each in said["findings"]} <= {"finding", "passed", "not_applicable"}


def test_text_of_a_paper(tmp_path: Path) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(SHORT)
    result = RUN.invoke(app, ["published", str(path)])
    assert result.exit_code == 0
    assert result.stdout.startswith("A short paper\n")
    assert "SGP001 finding (error): Arithmetic: 11 glcm = 11; the paper says 12." in result.stdout
    assert "not applicable (no pass)" in result.stdout


def test_a_file_at_fault_ends_with_every_problem(tmp_path: Path) -> None:
    path = tmp_path / "paper.toml"
    path.write_text(SHORT + 'titel = 1\n[[aucs]]\nset = "x"\n')
    result = RUN.invoke(app, ["published", str(path), "--json"])
    assert result.exit_code == 1
    problems = json.loads(result.stdout)["problems"]
    assert {problem["file"] for problem in problems} == {"paper.toml"}
    assert len(problems) > 1
    plain = RUN.invoke(app, ["published", str(path)])
    assert plain.exit_code == 1
    assert not plain.stdout


def test_one_of_a_file_and_the_example() -> None:
    assert RUN.invoke(app, ["published"]).exit_code == 2
    assert RUN.invoke(app, ["published", str(published_example()), "--example"]).exit_code == 2
