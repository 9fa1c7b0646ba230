"""Metrics of an epoch agree with scikit-learn; those that cannot be had say why."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from sgcore.deep.epoch_metrics import epoch_metrics


def test_metrics_are_those_of_scikit_learn():
    from sklearn import metrics

    rng = np.random.default_rng(0)
    logits, y = rng.normal(size=(60, 2)), rng.integers(0, 2, 60)
    found = epoch_metrics(logits, y, backbone="b", fold=2, epoch=3, subset="train")
    shares = torch.softmax(torch.as_tensor(logits), 1)[:, 1].numpy()
    called = (shares >= 0.5).astype(int)
    assert found.accuracy == pytest.approx(metrics.accuracy_score(y, called))
    assert found.precision == pytest.approx(metrics.precision_score(y, called))
    assert found.recall == pytest.approx(metrics.recall_score(y, called))
    assert found.f1 == pytest.approx(metrics.f1_score(y, called))
    assert found.auc == pytest.approx(metrics.roc_auc_score(y, shares))
    assert found.loss == pytest.approx(metrics.log_loss(y, shares))
    assert (found.backbone, found.fold, found.epoch, found.n_images, found.reason) == ("b", 2, 3, 60, "")


def test_metrics_that_cannot_be_had_say_why():
    where = {"backbone": "b", "fold": 0, "epoch": 1, "subset": "validation"}
    none = epoch_metrics(np.array([[5.0, 0.0], [4.0, 0.0]]), np.zeros(2), **where)
    assert none.accuracy == 1
    assert np.isnan([none.precision, none.recall, none.f1, none.auc]).all()
    for word in ("precision: no image was called", "recall: no image is", "F1: no image", "AUC: "):
        assert word in none.reason
    missed = epoch_metrics(np.array([[5.0, 0.0], [4.0, 0.0]]), np.array([0, 1]), **where)
    assert (missed.recall, missed.f1) == (0, 0)
    assert np.isnan(missed.precision)
    lost = epoch_metrics(np.array([[np.nan, 0.0], [4.0, 0.0]]), np.array([0, 1]), **where)
    assert "no finite scores" in lost.reason
