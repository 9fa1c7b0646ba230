"""A run that is killed while a network trains goes on after its last epoch, to the numbers of an undisturbed one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from tests.support.networks import write_preset
from tests.support.processes import kill_when
from tests.support.studies import make_study

pytestmark = [pytest.mark.long, pytest.mark.extended]

SGAUDIT = Path(sys.executable).with_name("sgaudit")


NETWORK = [
    "--backbone",
    "resnet18",
    "--weights",
    "none",
    "--epochs",
    "4",
    "--input-size",
    "33",
    "--device",
    "cpu",
]
#: All that an analysis takes from a network, and its maps.
PARTS = ("scores", "curves", "maps", "randomization", "occlusion")


def _command(name, folder, store, *more):
    return [SGAUDIT, name, folder / "study.toml", "--store", store, *NETWORK, *more]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("killed")
    make_study(made, centers={"Alpha": 16, "Beta": 4})
    write_preset(made)
    return made


def _train(folder, store):
    result = subprocess.run(_command("deep", folder, store), check=False, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stderr


def _stored(path):
    """Everything that a store has of its one network."""
    with workflow.open_store(path) as store:
        (study_id,) = workflow.list_studies(store)["study_id"]
        with store.connection.cursor() as cursor:
            ((name, epoch, notes),) = cursor.execute(
                "SELECT network_id, epoch, notes FROM networks"
            ).fetchall()
        frames = {part: store.networks.part(part, [name]) for part in PARTS}
        return study_id, name, epoch, notes, {**frames, "features": store.features.load(name).values}


def test_a_run_killed_in_epoch_2_of_4_ends_with_the_numbers_of_an_undisturbed_one(folder, tmp_path):
    preset = ("--preset", folder / "few-features.yaml", "--jobs", "0")
    killed, whole = tmp_path / "killed.duckdb", tmp_path / "whole.duckdb"
    kill_when(_command("run", folder, killed, *preset), lambda line: "(epoch 2 of 4" in line)
    assert len(list((tmp_path / "killed.networks").glob("*.safetensors"))) == 1
    told = _train(folder, killed)
    # A tenth of the epochs that were left, not of all four.
    assert "(epoch 1 of 4" not in told
    _train(folder, whole)
    *resumed, resumed_frames = _stored(killed)
    *undisturbed, frames = _stored(whole)
    assert resumed == undisturbed
    assert resumed[2:] == [4, ""]
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(resumed_frames[name], frame, check_exact=True, obj=name)
