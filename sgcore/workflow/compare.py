"""Two analyses of one study side by side: features gained and lost, training-fold AUC."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore import stats
from sgcore.domain import Unit
from sgcore.errors import UsageError
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.evaluate import by_unit


@dataclass(frozen=True)
class AnalysisComparison:
    """``features`` (family, feature, change: gained, lost, kept) and ``auc``, one row a family:

    ``family, classifier, reference_classifier, n_patients, auc, reference_auc, delta, ci_low, ci_high,
    p, reason``; the difference is this analysis minus the reference on the same cases.
    """

    features: pd.DataFrame = field(repr=False)
    auc: pd.DataFrame = field(repr=False)


def compare_analyses(
    analysis: Analysis, reference: Analysis, *, subset: str = "train", unit: Unit = "patient"
) -> AnalysisComparison:
    """Compare an analysis with a reference one of the same study.

    ``subset`` ``train`` compares out-of-fold scores of training patients, so that trying thresholds
    does not consume the held-out sets; other subsets compare the fitted models there.
    """
    if analysis.study_id != reference.study_id:
        raise UsageError("The two analyses belong to different studies and cannot be compared.")
    return AnalysisComparison(_features(analysis, reference), _aucs(analysis, reference, subset, unit))


def _features(analysis: Analysis, reference: Analysis) -> pd.DataFrame:
    new, old = (
        frame.loc[frame["step"] == "selected", ["family", "feature"]]
        for frame in (analysis.frame("selection"), reference.frame("selection"))
    )
    both = new.merge(old, how="outer", indicator="change")
    words = {"left_only": "gained", "right_only": "lost", "both": "kept"}
    return both.assign(change=both["change"].astype(str).map(words))


def _aucs(analysis: Analysis, reference: Analysis, subset: str, unit: Unit) -> pd.DataFrame:
    rows = []
    new, old = _picked(analysis, subset), _picked(reference, subset)
    for family in new["family"].unique():
        left, right = new[new["family"] == family], old[old["family"] == family]
        if right.empty:
            continue
        cases = left.merge(right[["image_id", "y_score"]], on="image_id", suffixes=("_a", "_b"))
        scores = by_unit(cases, unit, "y_score_a", "y_score_b")
        groups = scores["patient_id"].to_numpy() if unit == "image" else None
        result = stats.compare_auc(
            scores["y_true"].to_numpy(),
            scores["y_score_a"].to_numpy(),
            scores["y_score_b"].to_numpy(),
            groups,
        )
        rows.append(
            {
                "family": family,
                "classifier": left["classifier"].iloc[0],
                "reference_classifier": right["classifier"].iloc[0],
                "n_patients": cases["patient_id"].nunique(),
                "auc": result.auc_a,
                "reference_auc": result.auc_b,
                "delta": result.delta,
                "ci_low": result.ci_low,
                "ci_high": result.ci_high,
                "p": result.p,
                "reason": result.reason,
            }
        )
    return pd.DataFrame(rows)


def _picked(analysis: Analysis, subset: str) -> pd.DataFrame:
    """Predictions of each family's picked classifier; out-of-fold ones in training."""
    predictions = analysis.frame("predictions")
    estimate = "out_of_fold" if subset == "train" else "fitted"
    part = predictions[(predictions["subset"] == subset) & (predictions["estimate"] == estimate)]
    return part.merge(analysis.frame("picks")[["family", "classifier"]], on=["family", "classifier"])
