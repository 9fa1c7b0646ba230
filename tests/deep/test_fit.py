"""Settings, devices, and a fit in another process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from sgcore.config import TrainingConfig
from sgcore.deep.batches import logits_of, pooled_of
from sgcore.deep.devices import choose_device
from sgcore.deep.epoch_metrics import positive_share
from sgcore.deep.fit import fit_network
from sgcore.errors import UsageError
from tests.deep import tiny

ROOT = Path(__file__).resolve().parents[2]


def test_the_paper_is_the_default():
    config = TrainingConfig()
    assert (config.learning_rate, config.batch, config.epochs) == (0.01, 32, 50)
    assert config.early_stopping is None
    assert not config.class_weights


@pytest.mark.parametrize(
    "setting",
    [
        {"epochs": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"momentum": 1.0},
        {"batch": 1},
        {"seed": -1},
        {"early_stopping": 0},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_refused_by_name(setting):
    with pytest.raises(UsageError, match=next(iter(setting))):
        TrainingConfig(**setting)


def test_a_device_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == "cpu"
    with pytest.raises(UsageError, match="finds no GPU here"):
        choose_device("cuda")
    with pytest.raises(UsageError, match="choose auto, cpu or cuda"):
        choose_device("tpu")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert [choose_device(name) for name in ("auto", "cpu", "cuda")] == ["cuda", "cpu", "cuda"]


_WORKER = """
import pickle, sys
from pathlib import Path
request = pickle.loads(Path(sys.argv[1]).read_bytes())
# What hands a request on must not wait for torch.
assert "torch" not in sys.modules
from sgcore.deep.fit import fit_network
Path(sys.argv[2]).write_bytes(pickle.dumps(fit_network(request).outputs))
"""


def test_another_process_fits_what_it_is_sent_to_the_same_numbers(tmp_path):
    request = tiny.request(config=TrainingConfig(epochs=2, batch=8))
    sent, answer = tmp_path / "sent", tmp_path / "answer"
    sent.write_bytes(pickle.dumps(request))
    subprocess.run([sys.executable, "-c", _WORKER, str(sent), str(answer)], cwd=ROOT, check=True)
    there, here = pickle.loads(answer.read_bytes()), fit_network(request).outputs  # noqa: S301 - written by this test
    np.testing.assert_array_equal(there.scores, here.scores)
    np.testing.assert_array_equal(there.pooled, here.pooled)


def test_one_pass_gives_the_scores_and_features_of_two():
    request = tiny.request(config=TrainingConfig(epochs=1, batch=8))
    fitted = fit_network(request)
    network, gray = fitted.trained.network, request.inputs.gray
    np.testing.assert_array_equal(fitted.outputs.scores, positive_share(logits_of(network, gray, "cpu")))
    np.testing.assert_array_equal(fitted.outputs.pooled, pooled_of(network, gray, "cpu"))
