"""``sgaudit compare``: one JSON object, tables for people, problems with exit 1, usage with exit 2."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from sgcore.cli import app
from tests.stats.reference import FOLDER, reference

ASAH = [FOLDER / "asah.csv", "--label", "outcome", "--scores", "wfns,s100b,ndka"]


@pytest.fixture
def centers(tmp_path: Path) -> Path:
    """The aSAH data in three centers, the last with good outcomes only, and a named outcome."""
    frame = reference("asah").assign(site="[b]North[/b]", good=lambda f: 1 - f["outcome"])
    frame.loc[50:, "site"] = "South"
    frame.loc[frame.index[frame["outcome"] == 0][:3], "site"] = "West"
    frame["result"] = np.where(frame["outcome"] == 1, "Poor", "Good")
    frame["case"] = np.arange(len(frame))
    frame.to_csv(tmp_path / "predictions.csv", index=False)
    return tmp_path / "predictions.csv"


def _invoke(*words):
    return CliRunner().invoke(app, ["compare", *(str(word) for word in words)])


def test_json():
    result = _invoke(*ASAH, "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["n"], found["n_pos"], found["by_center"], found["by_patient"]) == (113, 41, [], None)
    assert [row["model"] for row in found["models"]] == ["wfns", "s100b", "ndka"]
    assert found["models"][1]["variance"] == pytest.approx(0.00266868245717, abs=5e-15)
    assert (found["pairs"][0]["a"], found["pairs"][0]["b"]) == ("wfns", "s100b")
    assert found["pairs"][0]["z"] == pytest.approx(2.20898359144, abs=5e-12)
    assert found["pairs"][0]["p_adjusted"] >= found["pairs"][0]["p"]


def test_tables_for_people(centers):
    result = _invoke(
        centers, "--label", "result", "--positive", "Poor", "--scores", "wfns,s100b", "--group", "case",
        "--center", "site",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    for words in ("113 cases", "41 positive (result = Poor)", "0.824 (", "0.092 (", "2.21", "0.027"):
        assert words in result.stdout
    assert "within centers" in result.stdout
    assert "[b]North[/b]" in result.stdout
    assert "one class only (all negative), n = 3" in result.stdout


def test_chance_and_calibration_follow_the_tables(tmp_path):
    frame = reference("asah").assign(risk=lambda f: f["wfns"].rank(pct=True))
    frame.to_csv(tmp_path / "p.csv", index=False)
    words = (tmp_path / "p.csv", "--label", "outcome", "--scores", "risk")
    declared = _invoke(*words, "--kind", "probability").stdout
    assert "scaled_brier" in declared
    assert "p = 0.0005 (2000 of more than a million possible permutations)" in " ".join(declared.split())
    assert "brier" not in _invoke(*words).stdout


def test_results_by_patient_follow_where_patients_have_several_cases(tmp_path):
    frame = reference("asah").sort_values("outcome").reset_index(drop=True)
    frame["patient"] = [f"{y}-{i // 2}" for i, y in enumerate(frame["outcome"])]
    frame.to_csv(tmp_path / "p.csv", index=False)
    result = _invoke(tmp_path / "p.csv", "--label", "outcome", "--scores", "wfns,s100b", "--group", "patient")
    assert result.exit_code == 0, result.output
    assert f"By patient (mean score): {frame['patient'].nunique()} patients" in result.stdout


def test_a_column_with_a_comma_in_its_name(tmp_path):
    reference("asah").rename(columns={"wfns": "wfns, grade"}).to_csv(tmp_path / "p.csv", index=False)
    result = _invoke(tmp_path / "p.csv", "--label", "outcome", "--scores", '"wfns, grade", s100b', "--json")
    assert [row["model"] for row in json.loads(result.stdout)["models"]] == ["wfns, grade", "s100b"]


def test_problems_end_with_one(tmp_path):
    path = tmp_path / "[bold]p.csv"
    path.write_text("y,a\n0,87%\n1,0.4\n2,0.3\n")
    words = (path, "--label", "y", "--scores", "a")
    result = _invoke(*words, "--json")
    assert result.exit_code == 1
    problems = json.loads(result.stdout)["problems"]
    assert [(p["row"], p["column"], p["value"]) for p in problems] == [(4, "y", "2"), (2, "a", "87%")]
    assert all({"file", "rule", "fix"} <= set(problem) for problem in problems)
    shown = _invoke(*words)
    assert shown.exit_code == 1
    assert "[bold]p.csv, row 2, column a: a percentage" in shown.stdout
    assert "2 problem(s)." in shown.stdout


def test_named_labels_need_the_positive_one(centers):
    result = _invoke(centers, "--label", "result", "--scores", "wfns")
    assert result.exit_code == 1
    assert "--positive" in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--scores", "wfns"],
        ["--label", "outcome"],
        ["--label", "outcome", "--scores", ""],
        ["--label", "outcome", "--scores", "wfns,,ndka"],
        ["--label", "outcome", "--scores", "wfns,outcome"],
        ["--label", "outcome", "--scores", "wfns", "--kind", "logit"],
    ],
)
def test_wrong_usage_ends_with_two(words):
    assert _invoke(FOLDER / "asah.csv", *words).exit_code == 2


def test_probabilities_are_checked_where_they_were_declared():
    result = _invoke(FOLDER / "asah.csv", "--label", "outcome", "--scores", "wfns", "--kind", "probability")
    assert result.exit_code == 1
    assert "a probability from 0 to 1" in result.stdout


def test_unscored_cases_are_said(tmp_path):
    frame = reference("asah").astype({"wfns": float})
    frame.loc[:2, "wfns"] = np.nan
    frame.to_csv(tmp_path / "p.csv", index=False)
    result = _invoke(tmp_path / "p.csv", "--label", "outcome", "--scores", "wfns,ndka")
    assert "did not score 3 of 113 cases" in result.stderr
    found = json.loads(
        _invoke(tmp_path / "p.csv", "--label", "outcome", "--scores", "wfns,ndka", "--json").stdout
    )
    assert found["models"][0]["n_missing"] == found["pairs"][0]["n_left_out"] == 3
    assert "did not score 3" in found["warnings"][0]["rule"]
