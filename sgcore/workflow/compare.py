"""Two analyses of one study side by side: features gained and lost, training-fold AUC."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sgcore.domain import EvaluationSet, Subset, Unit
from sgcore.errors import UsageError
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import model_cases
from sgcore.workflow.evaluate import compare_scores, paired
from sgcore.workflow.training_view import fold_picks


@dataclass(frozen=True)
class AnalysisComparison:
    """``features`` (family, feature, change: gained, lost, kept) and ``auc``, one row a family:

    ``family, classifier, reference_classifier, n_patients, n_images, n_left_out, auc, reference_auc,
    delta, ci_low, ci_high, p, reason``; the difference is this analysis minus the reference on the images
    that both scored.
    """

    features: pd.DataFrame = field(repr=False)
    auc: pd.DataFrame = field(repr=False)


def compare_analyses(
    analysis: Analysis, reference: Analysis, *, subset: Subset = "train", unit: Unit = "patient"
) -> AnalysisComparison:
    """Compare an analysis with a reference one of the same study.

    ``subset`` ``train`` compares out-of-fold scores of training patients, so that trying thresholds
    does not consume the held-out sets, and each family stands with the classifier that is best in its own
    training folds; other subsets compare the fitted models there.
    """
    if analysis.study_id != reference.study_id:
        raise UsageError("The two analyses belong to different studies and cannot be compared.")
    at = EvaluationSet(subset, None, unit)
    return AnalysisComparison(_features(analysis, reference), _aucs(analysis, reference, at))


def _features(analysis: Analysis, reference: Analysis) -> pd.DataFrame:
    new, old = (
        frame.loc[frame["step"] == "selected", ["family", "feature"]]
        for frame in (analysis.frame("selection"), reference.frame("selection"))
    )
    both = new.merge(old, how="outer", indicator="change")
    words = {"left_only": "gained", "right_only": "lost", "both": "kept"}
    return both.assign(change=both["change"].astype(str).map(words))


def _aucs(analysis: Analysis, reference: Analysis, at: EvaluationSet) -> pd.DataFrame:
    rows = []
    chosen, chosen_reference = stands_by(analysis, at.subset), stands_by(reference, at.subset)
    new, old = analysis.frame("predictions"), reference.frame("predictions")
    for family, classifier in chosen.items():
        other = chosen_reference.get(family, "")
        left, right = model_cases(new, (family, classifier), at), model_cases(old, (family, other), at)
        if left.empty or right.empty:
            continue
        result = compare_scores(paired(left, right), at.unit)
        rows.append(
            {
                "family": family,
                "classifier": classifier,
                "reference_classifier": other,
                "auc": result.pop("auc_a"),
                "reference_auc": result.pop("auc_b"),
                **result,
            }
        )
    return pd.DataFrame(rows)


def stands_by(analysis: Analysis, subset: str) -> dict[str, str]:
    """The classifier by which each family stands."""
    picks = fold_picks(analysis) if subset == "train" else analysis.frame("picks")
    return picks.dropna(subset=["classifier"]).set_index("family")["classifier"].to_dict()
