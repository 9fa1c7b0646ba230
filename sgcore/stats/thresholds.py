"""Youden's threshold, with its ties decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, as_floats, as_labels, missing_reason, same_length


@dataclass(frozen=True)
class Threshold:
    """A threshold and how it performs on the cases it was chosen on; a case is positive at >= t."""

    threshold: float
    j: float
    sensitivity: float
    specificity: float
    n_pos: int
    n_neg: int
    reason: str = ""

    def __float__(self) -> float:
        return self.threshold


def youden_threshold(y_true: ArrayLike, y_score: ArrayLike) -> Threshold:
    """The threshold with the largest J = sensitivity + specificity - 1.

    Candidates are the midpoints between neighboring distinct scores and both infinities. Of equal J,
    the one with the smallest difference between sensitivity and specificity is taken, then the lowest.
    Give it out-of-fold scores of training patients, and carry the result unchanged to other cases.

    Parameters
    ----------
    y_true, y_score : (n,) 0 or 1, and finite scores.

    Returns
    -------
    Threshold; NaN with a reason where a label or score is missing or infinite or a class is absent.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1.

    References
    ----------
    Youden WJ. Cancer 1950;3:32.
    """
    y, scores = as_labels(y_true), as_floats(y_score, "y_score")
    same_length(y.size, y_score=scores)
    n_pos, n_neg = int((y == 1).sum()), int((y == 0).sum())
    reason = missing_reason(scores) or missing_reason(y, "label")
    if not reason and not np.isfinite(scores).all():
        reason = "a score is infinite"
    if not reason and not (n_pos and n_neg):
        reason = f"one class only ({n_pos} positive, {n_neg} negative)"
    if reason:
        return Threshold(NAN, NAN, NAN, NAN, n_pos, n_neg, reason)
    distinct, index = np.unique(scores, return_inverse=True)
    # Cases below the candidate: none at -inf, those up to the k-th distinct score after it.
    below_pos = np.concatenate([[0], np.cumsum(np.bincount(index, weights=y, minlength=distinct.size))])
    below_neg = np.concatenate([[0], np.cumsum(np.bincount(index, weights=1 - y, minlength=distinct.size))])
    # Whole numbers decide ties without rounding: J and se - sp, both times n_pos n_neg.
    hits = (n_pos - below_pos).astype(np.int64) * n_neg
    rejections = below_neg.astype(np.int64) * n_pos
    middle = distinct[:-1] / 2 + distinct[1:] / 2
    # Between neighbors in floating point the midpoint can be the lower one itself.
    middle = np.where(middle > distinct[:-1], middle, distinct[1:])
    candidates = np.concatenate([[-np.inf], middle, [np.inf]])
    best = np.lexsort((candidates, np.abs(hits - rejections), -(hits + rejections)))[0]
    pairs = n_pos * n_neg
    se, sp = float(hits[best] / pairs), float(rejections[best] / pairs)
    return Threshold(float(candidates[best]), se + sp - 1, se, sp, n_pos, n_neg)
