"""A training that was killed or stopped goes on to the numbers of an uninterrupted one."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sgcore.config import TrainingConfig
from sgcore.deep.backbones import BACKBONES
from sgcore.deep.fit import FitRequest, fit_network, making, untrained_features
from tests.deep import tiny
from tests.deep.interrupted import StopError, assert_equal, interrupt, request_of, stop_after

ROOT = Path(__file__).resolve().parents[2]
#: Trains, and in the second epoch waits after a batch for the end that comes from outside.
_SCRIPT = """
import sys, time
from dataclasses import replace
from pathlib import Path
from sgcore.deep.fit import fit_network
from sgcore.config import TrainingConfig
from tests.deep import tiny

def wait(progress):
    if progress.message.startswith("epoch 2"):
        print("in epoch 2", flush=True)
        time.sleep(300)

request = tiny.request(config=TrainingConfig(epochs=4, batch=8), checkpoint=Path(sys.argv[1]))
fit_network(request, on_progress=wait)
"""


def test_a_training_killed_in_epoch_2_of_4_ends_with_the_numbers_of_an_uninterrupted_one(tmp_path):
    path = tmp_path / "network.safetensors"
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "in epoch 2\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    told = []
    resumed = fit_network(request_of(path), on_epoch=told.append)
    assert resumed.trained.resumed_after == 1
    assert resumed.trained.notes == ()
    assert [each[0].epoch for each in told] == [2, 3, 4]
    assert_equal(resumed, fit_network(request_of()))


@pytest.mark.parametrize("backbone", ["resnet18", "efficientnet_b0", "inception_v3"])
def test_backbones_that_drop_at_random_go_on_as_well(tmp_path, backbone):
    size = BACKBONES[backbone].smallest
    inputs, y = tiny.images(7, size=size)
    request = FitRequest(
        making(backbone, "none", 3), inputs, y, np.arange(5), np.arange(5, 7),
        TrainingConfig(epochs=2, batch=4), device="cpu", threads=1,
    )  # fmt: skip
    plain = fit_network(request)
    stored = replace(request, checkpoint=tmp_path / "network.safetensors")
    with pytest.raises(StopError):
        fit_network(stored, on_epoch=stop_after(1))
    resumed = fit_network(stored)
    assert resumed.trained.resumed_after == 1
    assert_equal(resumed, plain)
    assert plain.outputs.pooled.shape == (7, BACKBONES[backbone].length)
    start = untrained_features(request.make, inputs, device="cpu", threads=1)
    assert (start != plain.outputs.pooled).any()


@pytest.mark.parametrize("after", [1, 3])
def test_early_stopping_goes_on_where_it_stood(tmp_path, after):
    settings = {"early_stopping": 2, "epochs": 12, "learning_rate": 0.3}
    path = tmp_path / "network.safetensors"
    interrupt(path, after, **settings)
    resumed = fit_network(request_of(path, **settings))
    plain = fit_network(request_of(**settings))
    assert resumed.trained.resumed_after == after
    assert plain.trained.curve["epoch"].max() < 12
    assert_equal(resumed, plain)
    assert resumed.trained.notes == plain.trained.notes


def test_a_finished_training_is_not_repeated(tmp_path):
    path = tmp_path / "network.safetensors"
    first = fit_network(request_of(path))
    again = fit_network(request_of(path), on_epoch=lambda metrics: pytest.fail("trained again"))
    assert again.trained.resumed_after == 4
    assert_equal(first, again)


def test_a_resumed_training_on_other_threads_says_that_digits_may_differ(tmp_path):
    path = tmp_path / "network.safetensors"
    interrupt(path, 2)
    fitted = fit_network(replace(request_of(path), threads=2))
    assert fitted.trained.resumed_after == 2
    (note,) = fitted.trained.notes
    assert "1 to 2 were computed on cpu with 1 thread(s), the others on cpu with 2" in note
