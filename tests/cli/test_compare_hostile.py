"""Tables that ``sgaudit compare`` must refuse, each with place, value and remedy, and never with a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from tests.support.hostile_tables import HOSTILE

_ROLES = ["--label", "y", "--scores", "a,b", "--group", "patient", "--center", "center", "--positive", "1"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_tables(name: str, tmp_path: Path) -> None:
    table = HOSTILE[name]
    path = tmp_path / "scores.csv"
    path.write_text(table.content)
    result = CliRunner().invoke(app, ["compare", str(path), *_ROLES, "--json"])
    assert result.exit_code == 1, result.output
    problems = json.loads(result.stdout)["problems"]
    found = next(problem for problem in problems if table.rule in problem["rule"])
    assert (found["row"], found["column"]) == (table.row, table.column)
    assert table.value is None or found["value"] == table.value
    assert table.fix in found["fix"]
    shown = CliRunner().invoke(app, ["compare", str(path), *_ROLES])
    assert shown.exit_code == 1
    assert f"{len(problems)} problem(s)." in shown.stdout
    assert "\x1b" not in shown.output


def test_a_column_name_commands_no_terminal(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("y,\x1b[31ma,b\n0,1,2\n1,2,3\n0,3,1\n1,1,5\n")
    result = CliRunner().invoke(app, ["compare", str(path), "--label", "y", "--scores", "\x1b[31ma,b"])
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert "\\x1b[31ma" in result.stdout


@pytest.mark.filterwarnings("error")
def test_a_pair_that_cannot_be_tested(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    path.write_text("y,a,b\n0,1,2\n1,2,3\n")
    result = CliRunner().invoke(app, ["compare", str(path), "--label", "y", "--scores", "a,b"])
    assert result.exit_code == 0, result.output
    assert "nan" not in result.stdout
