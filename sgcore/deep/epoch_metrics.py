"""What an epoch has come to: loss, accuracy, precision, recall, F1 and AUC on training and validation images."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import log_softmax

from sgcore.deep.batches import Floats
from sgcore.stats import auc

Labels = np.ndarray


@dataclass(frozen=True)
class EpochMetrics:
    """One subset after one epoch; a number that cannot be had is NaN beside its ``reason``.

    ``fold`` is 0 for the network of all training patients, 1 ... K for one that leaves fold 1 ... K out. Images
    count one by one; positive is a probability of at least 0.5. The loss is cross entropy without class weights.
    """

    backbone: str
    fold: int
    epoch: int
    subset: str
    n_images: int
    loss: float
    accuracy: float
    precision: float
    recall: float
    f1: float
    auc: float
    reason: str

    def __str__(self) -> str:
        return f"{self.subset} loss {self.loss:.3f}, AUC {self.auc:.3f}"


CURVE_COLUMNS = tuple(EpochMetrics.__dataclass_fields__)


def curve_frame(metrics: list[EpochMetrics]) -> pd.DataFrame:
    """One row an epoch and subset, the columns of :class:`EpochMetrics`."""
    return pd.DataFrame([asdict(each) for each in metrics], columns=list(CURVE_COLUMNS))


def positive_share(logits: Floats) -> Floats:
    """Probability of the positive label, (n,), from logits (n, 2) of negative and positive."""
    return np.exp(log_softmax(logits, axis=1)[:, 1])


def log_odds(logits: Floats) -> Floats:
    """Log odds of the positive label, (n,), from logits (n, 2); NaN where both overflow."""
    with np.errstate(invalid="ignore"):
        return np.asarray(logits[:, 1] - logits[:, 0])


def epoch_metrics(logits: Floats, y: Labels, **where: Any) -> EpochMetrics:
    """Metrics of images with logits (n, 2) and labels (n,) 0 or 1, n at least 1.

    Parameters
    ----------
    where : ``backbone, fold, epoch, subset``.
    """
    y = np.asarray(y, dtype=int)
    scores = positive_share(logits)
    called = scores >= 0.5
    true_positives = int((called & (y == 1)).sum())
    reasons = []
    precision = recall = f1 = area = float("nan")
    if called.any():
        precision = true_positives / int(called.sum())
    else:
        reasons.append("precision: no image was called positive")
    if y.any():
        recall = true_positives / int(y.sum())
    else:
        reasons.append("recall: no image is positive")
    if called.any() or y.any():
        f1 = 2 * true_positives / (int(called.sum()) + int(y.sum()))
    else:
        reasons.append("F1: no image is or was called positive")
    if np.isfinite(scores).all():
        ranked = auc(y, scores)
        area = ranked.auc
        if np.isnan(area):
            reasons.append(f"AUC: {ranked.reason}")
    else:
        reasons.append("AUC: the network gives no finite scores")
    return EpochMetrics(
        n_images=len(y),
        loss=float(-log_softmax(logits, axis=1)[np.arange(len(y)), y].mean()),
        accuracy=float((called == (y == 1)).mean()),
        precision=precision,
        recall=recall,
        f1=f1,
        auc=area,
        reason="; ".join(reasons),
        **where,
    )
