"""A run that is killed while a network trains goes on after its last epoch, to the numbers of an undisturbed one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.networks import write_preset
from tests.support.processes import kill_when
from tests.support.studies import make_study

SGAUDIT = Path(sys.executable).with_name("sgaudit")


def _command(folder, store):
    where = [folder / "study.toml", "--preset", folder / "few-features.yaml", "--store", store]
    network = ["--backbone", "resnet18", "--weights", "none", "--epochs", "4", "--input-size", "33"]
    return [SGAUDIT, "run", *where, *network, "--device", "cpu", "--jobs", "0", "--json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("killed")
    make_study(made, centers={"Alpha": 16, "Beta": 4})
    write_preset(made)
    return made


def _run(folder, store):
    result = subprocess.run(_command(folder, store), check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout), result.stderr


def test_a_run_killed_in_epoch_2_of_4_ends_with_the_numbers_of_an_undisturbed_one(folder, tmp_path):
    kill_when(_command(folder, tmp_path / "killed.duckdb"), lambda line: "(epoch 2 of 4" in line)
    kept = list((tmp_path / "killed.networks").glob("*.safetensors"))
    assert len(kept) == 1
    resumed, told = _run(folder, tmp_path / "killed.duckdb")
    # A tenth of the epochs that were left, not of all four.
    assert "(epoch 1 of 4" not in told
    undisturbed, _ = _run(folder, tmp_path / "whole.duckdb")
    for name in ("networks", "models", "training_folds", "deep_features", "maps", "explanations", "picks"):
        assert resumed[name] == undisturbed[name], name
    assert resumed["networks"][0]["epoch"] == 4
    assert not resumed["networks"][0]["notes"]
