"""Answers without the lesion, from networks of which it is known what they read."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sgcore.cohort import read_case
from sgcore.deep.batches import MEAN, SPREAD, logits_of
from sgcore.deep.epoch_metrics import log_odds
from sgcore.deep.inputs import prepare_all
from sgcore.explain.occlusion_auc import occlusion_auc
from sgcore.workflow.occlusion import ask_occluded, occlusion_frame

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


def _answers(study, network, filled=()):
    """``filled`` are images whose ROI is all that the network sees."""
    ids = list(study.images["image_id"])
    cases = [(image_id, *read_case(study, image_id)) for image_id in ids]
    inputs = prepare_all(iter(cases), SIZE)
    rois = [np.ones_like(mask.pixels) if name in filled else mask.pixels for name, _, mask in cases]
    whole = log_odds(logits_of(network, inputs.gray, "cpu"))
    halves = [slice(0, 30), slice(30, None)]
    parts = [ask_occluded(network, inputs.gray[at], rois[at], inputs.crops[at], "cpu") for at in halves]
    return occlusion_frame(ids, whole, parts)


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


def test_a_lesion_that_fills_the_input_has_its_whole_answer_alone(study):
    first = study.images["image_id"].iloc[0]
    answers = _answers(study, Mean(middle=True), filled=[first]).set_index("image_id")
    assert answers.loc[first, "reason"] == "the lesion fills all that the network sees"
    assert np.isfinite(answers.loc[first, "whole"])
    assert answers.loc[first, ["surroundings", "lesion"]].isna().all()
    assert answers.drop(index=first).notna().all(axis=None)
