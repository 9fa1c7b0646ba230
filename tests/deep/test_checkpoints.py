"""Checkpoints: written as a whole, and never used silently where they are not of this very training."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from sgcore.deep import checkpoints
from sgcore.deep.batches import pooled_of
from sgcore.deep.checkpoints import CheckpointError, read_checkpoint
from sgcore.deep.fit import fit_network
from tests.deep import tiny
from tests.deep.interrupted import assert_equal, interrupt, request_of


@pytest.mark.parametrize(("early_stopping", "part"), [(None, "model"), (2, "best")])
def test_the_final_weights_are_in_the_checkpoint(tmp_path, early_stopping, part):
    path = tmp_path / "network.safetensors"
    request = request_of(path, early_stopping=early_stopping, learning_rate=0.3, epochs=8)
    fitted = fit_network(request)
    network = tiny.make_tiny(5)
    network.load_state_dict(read_checkpoint(path, fitted.trained.fingerprint).part(part))
    network.eval()
    np.testing.assert_array_equal(pooled_of(network, request.inputs.gray, "cpu"), fitted.outputs.pooled)


def _truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def _empty(path):
    path.write_bytes(b"")


def _turn_a_bit(path):
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1
    path.write_bytes(bytes(raw))


def _make_weights(path):
    save_file(load_file(path), path)


def _make_pickle(path):
    torch.save(tiny.make_tiny().state_dict(), path)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_truncate, "truncated or damaged"),
        (_empty, "truncated or damaged"),
        (_turn_a_bit, "damaged: its numbers are not those that were written"),
        (_make_weights, "no checkpoint of a training by this program"),
        (_make_pickle, "truncated or damaged"),
    ],
)
def test_a_file_that_cannot_be_used_is_kept_aside_and_training_starts_again(tmp_path, damage, words):
    path = tmp_path / "network.safetensors"
    interrupt(path, 2)
    damage(path)
    kept = path.read_bytes()
    fitted = fit_network(request_of(path))
    (note,) = fitted.trained.notes
    assert words in note
    assert "training started again from the first epoch" in note
    assert (tmp_path / "network.safetensors.unused").read_bytes() == kept
    assert fitted.trained.resumed_after == 0
    assert_equal(fitted, fit_network(request_of()))


def _other_pixels(request):
    return replace(request, inputs=tiny.with_noise(request.inputs, np.array([3])))


def _other_label(request):
    return replace(request, y=np.where(np.arange(34) == 3, 1 - request.y, request.y))


def _other_rows(request):
    return replace(request, train=request.train[:-1])


def _other_start(request):
    return replace(request, make=lambda: tiny.make_tiny(1))


def _other_settings(request):
    return replace(request, config=replace(request.config, learning_rate=0.02))


@pytest.mark.parametrize(
    "change",
    [_other_pixels, _other_label, _other_rows, _other_start, _other_settings],
    ids=lambda f: f.__name__,
)
def test_a_checkpoint_of_another_training_is_not_used(tmp_path, change):
    path = tmp_path / "network.safetensors"
    interrupt(path, 2)
    (note,) = fit_network(change(request_of(path))).trained.notes
    assert "of another training" in note


def test_writing_is_all_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "network.safetensors"
    interrupt(path, 1)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints.os, "fsync", full)
    with pytest.raises(CheckpointError, match="No space left"):
        fit_network(request_of(path))
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_the_file_holds_numbers_and_text_only(tmp_path):
    path = tmp_path / "network.safetensors"
    fitted = fit_network(request_of(path))
    checkpoint = read_checkpoint(path, fitted.trained.fingerprint)
    assert checkpoint.epoch == 4
    assert set(checkpoint.part("momentum")) == {name for name, _ in tiny.make_tiny().named_parameters()}
    assert json.loads(json.dumps(dict(checkpoint.state)))["threads"] == 1
