"""Answers without the lesion, from networks of which it is known what they read."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from sgcore.cohort import read_case
from sgcore.deep.batches import MEAN, SPREAD, logits_of
from sgcore.deep.epoch_metrics import log_odds
from sgcore.deep.inputs import prepare_all
from sgcore.errors import CancelledError
from sgcore.explain.occlusion_auc import occlusion_auc
from sgcore.jobs import Cancel
from sgcore.workflow.occlusion import occlusion_answers

SIZE = 48


class Mean(torch.nn.Module):
    """Answers by the brightness of the middle of the image, or of its left and right edge."""

    def __init__(self, *, middle, factor=1.0):
        super().__init__()
        self.middle, self.factor = middle, factor

    def forward(self, images):
        # Gray from 0 to 1 again.
        gray = images[:, 0] * SPREAD[0] + MEAN[0]
        read = gray[:, 18:30, 18:30] if self.middle else torch.cat([gray[:, :, :2], gray[:, :, -2:]], dim=2)
        return torch.stack([torch.zeros(len(gray)), self.factor * read.mean((1, 2))], dim=1)


def _answers(study, network, cancel=None):
    cases = ((image_id, *read_case(study, image_id)) for image_id in study.images["image_id"])
    inputs = prepare_all(cases, SIZE)
    request = SimpleNamespace(inputs=inputs, backbone="known", threads=None)
    whole = log_odds(logits_of(network, inputs.gray, "cpu"))
    fitted = SimpleNamespace(
        trained=SimpleNamespace(network=network, device="cpu"), outputs=SimpleNamespace(log_odds=whole)
    )
    return occlusion_answers(study, request, fitted, None, cancel)


def test_a_network_that_reads_the_lesion_follows_the_lesion(study):
    answers = _answers(study, Mean(middle=True))
    assert answers["image_id"].tolist() == study.images["image_id"].tolist()
    assert (answers["reason"] == "").all()
    # The middle is lesion in each image, so that nothing changes when all else is taken away.
    assert answers["lesion"].to_numpy() == pytest.approx(answers["whole"].to_numpy(), abs=1e-6)
    found = occlusion_auc(study.cases().merge(answers, on="image_id"))
    assert found.lesion.auc == pytest.approx(found.whole.auc)
    # Positive lesions are brighter.
    assert found.difference.delta < -0.1
    assert not found.by_surroundings


def test_a_network_that_reads_the_margin_follows_the_surroundings(study):
    answers = _answers(study, Mean(middle=False))
    assert answers["surroundings"].to_numpy() == pytest.approx(answers["whole"].to_numpy(), abs=1e-6)
    assert not np.allclose(answers["lesion"], answers["whole"], atol=0.01)


def test_answers_that_overflow_are_missing_with_a_reason(study):
    answers = _answers(study, Mean(middle=True, factor=float("inf")))
    assert answers[["whole", "surroundings", "lesion"]].isna().all(axis=None)
    assert (answers["reason"] == "the network's answer is not finite").all()


def test_a_lesion_that_fills_the_input_has_its_whole_answer_alone(study, monkeypatch):
    first = study.images["image_id"].iloc[0]

    def read(of, image_id):
        image, mask = read_case(of, image_id)
        return image, SimpleNamespace(pixels=np.ones_like(mask.pixels)) if image_id == first else mask

    monkeypatch.setattr("sgcore.workflow.occlusion.read_case", read)
    answers = _answers(study, Mean(middle=True)).set_index("image_id")
    assert answers.loc[first, "reason"] == "the lesion fills all that the network sees"
    assert np.isfinite(answers.loc[first, "whole"])
    assert answers.loc[first, ["surroundings", "lesion"]].isna().all()
    assert answers.drop(index=first).notna().all(axis=None)


def test_a_stop_is_heard(study):
    cancel = Cancel()
    cancel.set()
    with pytest.raises(CancelledError):
        _answers(study, Mean(middle=True), cancel)
