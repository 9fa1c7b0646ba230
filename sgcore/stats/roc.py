"""The points of a ROC curve, with a pointwise interval at each threshold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import Floats, as_cases, as_floats, check_level, missing_reason, same_length
from sgcore.stats.proportions import confidence, effective_sizes


@dataclass(frozen=True)
class RocCurve:
    """Points from (0, 0) at an infinite threshold to (1, 1), one a distinct score, all (k,).

    ``fpr_low`` ... ``tpr_high`` are intervals at each threshold by itself; all arrays are empty where
    ``reason`` says why there is no curve.
    """

    fpr: Floats
    tpr: Floats
    thresholds: Floats
    fpr_low: Floats
    fpr_high: Floats
    tpr_low: Floats
    tpr_high: Floats
    n_pos: int
    n_neg: int
    method: str
    reason: str
    level: float

    def frame(self) -> pd.DataFrame:
        """One row a point: ``threshold, fpr, tpr, fpr_low, fpr_high, tpr_low, tpr_high``."""
        names = ("fpr", "tpr", "fpr_low", "fpr_high", "tpr_low", "tpr_high")
        return pd.DataFrame({"threshold": self.thresholds, **{name: getattr(self, name) for name in names}})


def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
) -> RocCurve:
    """Empirical ROC curve; its trapezoid area is the AUC.

    Parameters
    ----------
    y_true, y_score, groups : (n,) label, score and patient of each case. A case is positive at >=
        threshold; the first threshold is +inf.

    Returns
    -------
    RocCurve with Wilson's interval of the true and of the false positive rate at each threshold
    (clustered by patient with groups). The band is pointwise: it covers one chosen threshold with
    the given level, not the whole curve at once.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, a bad level.
    """
    check_level(level)
    cases, scores = as_cases(y_true, groups), as_floats(y_score, "y_score")
    same_length(cases.y.size, y_score=scores)
    method = "Wilson, pointwise" + (", clustered by patient" if cases.clustered else "")
    reason = cases.reason or missing_reason(scores)
    if reason:
        none = np.zeros(0)
        return RocCurve(
            none, none, none, none, none, none, none, cases.n_pos, cases.n_neg, method, reason, level
        )
    thresholds = np.concatenate([[np.inf], np.unique(scores)[::-1]])
    rates = {}
    for label, name in ((1, "tpr"), (0, "fpr")):
        of_class = cases.y == label
        rates[name] = _rates(scores[of_class], cases.codes[of_class], thresholds, level)
    fpr, fpr_low, fpr_high = rates["fpr"]
    tpr, tpr_low, tpr_high = rates["tpr"]
    return RocCurve(
        fpr, tpr, thresholds, fpr_low, fpr_high, tpr_low, tpr_high, cases.n_pos, cases.n_neg, method, "",
        level,
    )  # fmt: skip


def _rates(scores: Floats, codes: np.ndarray, thresholds: Floats, level: float) -> tuple[Floats, ...]:
    """Share of ``scores`` at or above each threshold, with its interval."""
    # +inf is above every score by definition, even above an infinite one.
    called = (scores[:, None] >= thresholds[None, :]) & ~((np.arange(thresholds.size) == 0)[None, :])
    hits = called.astype(float)
    estimate = hits.mean(axis=0)
    return estimate, *confidence(estimate, effective_sizes(hits, codes), level, "wilson")
