"""What acting by a model is worth at the risks that the study file names: net benefit of stored scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, EvaluationSet
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import counted, model_cases, picked_models
from sgcore.workflow.plain import records

#: Risks of a curve, both ends included; and of the shorter list that becomes JSON.
STEPS, LISTED = 101, 11
UNDECIDED = (
    "not applicable: the study file has no [decision] that says what acting on a score means (treat) and at which "
    "risks it comes into question (thresholds)"
)


def net_benefit(
    predictions: pd.DataFrame,
    model: tuple[str, str],
    at: EvaluationSet,
    *,
    low: float,
    high: float,
    prevalence: float | None = None,
    steps: int = STEPS,
) -> stats.DecisionCurve:
    """Decision curve of a (family, classifier) from risk ``low`` to ``high``, out of fold in training.

    ``steps`` evenly spread risks and :func:`middle_risk`. The probabilities move from the share of
    positives among the images that the model was fitted on, whatever the unit, to ``prevalence`` or,
    without one, to the share among these cases.
    """
    cases = counted(model_cases(predictions, model, at), at.unit)
    curve = stats.decision_curve(
        cases.y,
        cases.score,
        cases.groups,
        # Rounded: a risk of 0.3 must be the 0.3 of a score, also where the steps add up to 0.30000000000000004.
        thresholds=np.unique(np.append(np.linspace(low, high, steps), middle_risk(low, high)).round(12)),
        prevalence=prevalence,
        train_prevalence=fitted_share(predictions, model),
    )
    return replace(curve, reason=cases.unscored) if cases.unscored else curve


def middle_risk(low: float, high: float) -> float:
    """The risk at which a curve is put into words: the middle, in whole percent where these lie between."""
    middle = (low + high) / 2
    whole = round(100 * middle) / 100
    return whole if low < whole < high else middle


def fitted_share(predictions: pd.DataFrame, model: tuple[str, str]) -> float | None:
    """Share of positives among the images that a (family, classifier) was fitted on; None if not known.

    These are the training images with a fitted score: one that lacks a selected feature trained nothing.
    """
    fitted = predictions[
        (predictions["family"] == model[0])
        & (predictions["classifier"] == model[1])
        & (predictions["subset"] == "train")
        & (predictions["estimate"] == "fitted")
        & predictions["y_score"].notna()
    ]
    share = float(fitted["y_true"].mean()) if len(fitted) else np.nan
    return share if 0 < share < 1 else None


def net_benefits(analysis: Analysis) -> pd.DataFrame:
    """The decision curve of each picked model on each held-out subset, one row a risk, at the analysis' unit.

    ``family, classifier, subset, unit, threshold, net_benefit, low, high, treat_all, n_patients, n_pos, n_neg,
    prevalence, prevalence_source, shift, method, reason``; empty without a decision. ``shift`` was added to logits.
    """
    numbers = ("n_patients", "n_pos", "n_neg", "prevalence", "prevalence_source", "shift", "method", "reason")
    parts = []
    for (family, classifier), at, curve in _curves(analysis, STEPS):
        where = {"family": family, "classifier": classifier, "subset": at.subset, "unit": at.unit}
        told = {name: getattr(curve, name) for name in numbers}
        parts.append(curve.frame().assign(**where, **told))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _curves(
    analysis: Analysis, steps: int
) -> Iterator[tuple[tuple[str, str], EvaluationSet, stats.DecisionCurve]]:
    """The curve of each picked model on each held-out subset that has its cases; none without a decision."""
    decision = analysis.decision
    if decision is None:
        return
    predictions, picked = analysis.frame("predictions"), picked_models(analysis.frame("picks"))
    for subset in SUBSETS[1:]:
        at = EvaluationSet(subset, None, analysis.config.unit)
        for model in picked:
            if model_cases(predictions, model, at).empty:
                continue
            yield (
                model,
                at,
                net_benefit(
                    predictions,
                    model,
                    at,
                    low=decision.low,
                    high=decision.high,
                    prevalence=decision.prevalence,
                    steps=steps,
                ),
            )


def decision_summary(analysis: Analysis) -> dict[str, Any] | None:
    """Each picked model on each held-out subset, all centers together, at the analysis' unit; else None.

    ``net_benefit`` has a row a threshold with interval, and ``treat_all`` to compare it with (treating
    nobody is 0); at the prevalence of the decision, or at the study's mix where it names none. ``shift``
    was added to the logits of the probabilities: the logit of ``prevalence`` less that of
    ``train_prevalence``. ``risk`` is the one at which pages put the curve into words.
    """
    decision = analysis.decision
    if decision is None:
        return None
    predictions = analysis.frame("predictions")
    models = [
        {
            "family": family,
            "classifier": classifier,
            "subset": at.subset,
            "unit": at.unit,
            "prevalence": curve.prevalence,
            "train_prevalence": fitted_share(predictions, (family, classifier)),
            "shift": curve.shift,
            "n_patients": curve.n_patients,
            "n_pos": curve.n_pos,
            "n_neg": curve.n_neg,
            "method": curve.method,
            "reason": curve.reason or None,
            "net_benefit": records(curve.frame()),
        }
        for (family, classifier), at, curve in _curves(analysis, LISTED)
    ]
    return {
        "treat": decision.treat,
        "thresholds": [decision.low, decision.high],
        "risk": middle_risk(decision.low, decision.high),
        "prevalence": decision.prevalence,
        "prevalence_source": stats.STUDY_MIX if decision.prevalence is None else "study file",
        "models": models,
    }
