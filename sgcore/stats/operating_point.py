"""What a score does at a threshold: sensitivity, specificity, accuracy, predictive values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sgcore.stats._arrays import NAN, as_cases, as_floats, missing_reason, same_length
from sgcore.stats.proportions import Proportion, ProportionMethod, clustered_proportion

MEASURES = ("sensitivity", "specificity", "accuracy", "ppv", "npv")


@dataclass(frozen=True)
class OperatingPoint:
    """Five proportions and the 2 x 2 counts at ``threshold``; a case is positive at >= threshold."""

    threshold: float
    sensitivity: Proportion
    specificity: Proportion
    accuracy: Proportion
    ppv: Proportion
    npv: Proportion
    tp: int
    fp: int
    tn: int
    fn: int
    reason: str

    def frame(self) -> pd.DataFrame:
        """One row a measure: ``measure, estimate, ci_low, ci_high, successes, n, method, reason``."""
        columns = ["estimate", "ci_low", "ci_high", "successes", "n", "method", "reason"]
        rows = [
            {"measure": name, **{c: getattr(getattr(self, name), c) for c in columns}} for name in MEASURES
        ]
        return pd.DataFrame(rows)


def operating_point(
    y_true: ArrayLike,
    y_score: ArrayLike,
    threshold: float,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    *,
    method: ProportionMethod = "wilson",
) -> OperatingPoint:
    """Sensitivity, specificity, accuracy, PPV and NPV at a threshold, each with its interval and n.

    Parameters
    ----------
    y_true, y_score, groups : (n,) label, score and patient of each case; with groups every interval
        is clustered by patient.
    threshold : a case is called positive at >= threshold; -inf calls all positive, +inf none.

    Returns
    -------
    OperatingPoint. PPV and NPV are those of the prevalence among these cases. With one class only,
    what needs the other is NaN with its reason; missing labels or scores, or a NaN threshold, make
    all five NaN.

    Raises
    ------
    ValueError : arrays of different length, labels other than 0 and 1, a bad level.
    """
    cases, scores = as_cases(y_true, groups), as_floats(y_score, "y_score")
    same_length(cases.y.size, y_score=scores)
    reason = missing_reason(scores) or ("" if cases.reason.startswith("one class") else cases.reason)
    if not reason and np.isnan(threshold):
        reason = "no threshold"
    if reason:
        empty = Proportion(NAN, NAN, NAN, 0, 0, 0, 0.0, "not estimated", reason, level)
        return OperatingPoint(threshold, empty, empty, empty, empty, empty, 0, 0, 0, 0, reason)
    positive, called = cases.positive, scores >= threshold

    def share(hit: np.ndarray, among: np.ndarray, without: str) -> Proportion:
        result = clustered_proportion(hit[among].astype(float), cases.codes[among], level, method)
        return result if among.any() else replace(result, reason=without)

    return OperatingPoint(
        float(threshold),
        sensitivity=share(called, positive, "no positive case"),
        specificity=share(~called, ~positive, "no negative case"),
        accuracy=share(called == positive, np.ones_like(positive), "no cases"),
        ppv=share(positive, called, "no case is called positive"),
        npv=share(~positive, ~called, "no case is called negative"),
        tp=int((called & positive).sum()),
        fp=int((called & ~positive).sum()),
        tn=int((~called & ~positive).sum()),
        fn=int((~called & positive).sum()),
        reason="",
    )
