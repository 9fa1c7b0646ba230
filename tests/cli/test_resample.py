"""`sgaudit resample`: draws that grow, in the JSON, in words, and in the tables of an export."""

from __future__ import annotations

import json
import shutil

import pandas as pd
import pytest
from typer.testing import CliRunner

from sgcore.cli import app

PRESET = ["--preset", "planar-2d"]


def _resample(study_toml, path, *words):
    asked = ["resample", str(study_toml), *PRESET, "--store", str(path), "--jobs", "0", *words]
    return CliRunner().invoke(app, asked)


@pytest.mark.extended
def test_draws_grow_and_stand_in_every_json(store, study_toml, tmp_path):
    path = tmp_path / "store.duckdb"
    shutil.copy(store[0], path)
    first = _resample(study_toml, path, "--what", "stability", "--draws", "2", "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout)["draws"] == 2
    more = json.loads(_resample(study_toml, path, "--what", "stability", "--draws", "4", "--json").stdout)
    assert (more["kind"], more["draws"], more["usual"]) == ("stability", 4, 100)
    assert {row["family"] for row in more["rows"]} >= {"Radiomics"}
    words = ["analyze", str(study_toml), "--store", str(path), "--no-deep", *PRESET, "--json"]
    summary = json.loads(CliRunner().invoke(app, words).stdout)
    assert summary["resampling"]["stability"]["rows"] == more["rows"]
    folder = tmp_path / "tables"
    CliRunner().invoke(app, ["export", str(study_toml), "-o", str(folder), "--store", str(path), *PRESET])
    (table,) = folder.glob("*-resampled-stability.csv")
    assert list(pd.read_csv(table)["family"]) == [row["family"] for row in more["rows"]]
    assert len(list(folder.glob("*-resampled-stability-detail.csv"))) == 1


@pytest.mark.parametrize(
    ("what", "draws", "said"),
    [
        ("permutation", "2", "by chance"),
        ("cross-validation", "1", "mean AUC"),
        ("stability", "2", "Monte Carlo"),
        ("outside", "1", "has not been repeated yet"),
        ("splits", "1", "splits below"),
    ],
)
def test_words_for_people(store, study_toml, tmp_path, what, draws, said):
    path = tmp_path / "store.duckdb"
    shutil.copy(store[0], path)
    result = _resample(study_toml, path, "--what", what, "--draws", draws)
    assert result.exit_code == 0, result.output
    assert said in result.stdout
    assert "Radiomics" in result.stdout


def test_what_is_missing_or_wrong_is_said(store, study_toml, tmp_path):
    none = _resample(study_toml, tmp_path / "empty.duckdb", "--what", "stability")
    assert none.exit_code == 1
    assert "Run `sgaudit run` first" in none.stderr
    assert _resample(study_toml, store[0], "--what", "centers", "--draws", "3").exit_code == 2
    assert _resample(study_toml, store[0], "--what", "luck").exit_code == 2
    assert _resample(study_toml, store[0], "--what", "stability", "--draws", "0").exit_code == 2
