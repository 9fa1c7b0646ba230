"""What acting by a model is worth at the risks that the study file names: net benefit of stored scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, Subset, Unit
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.calibrated import model_cases, probabilities

#: Risks of a curve, both ends included; and of the shorter list that becomes JSON.
STEPS, LISTED = 101, 11
UNDECIDED = (
    "not applicable: the study file has no [decision] that says what acting on a score means (treat) and at which "
    "risks it comes into question (thresholds)"
)


def net_benefit(
    predictions: pd.DataFrame,
    model: tuple[str, str],
    *,
    subset: Subset,
    center: str | None,
    unit: Unit,
    low: float,
    high: float,
    prevalence: float | None = None,
    steps: int = STEPS,
) -> stats.DecisionCurve:
    """Decision curve of a (family, classifier) from risk ``low`` to ``high``, out of fold in training.

    At a ``prevalence`` the probabilities move there from the share of positives among the cases of the
    same unit that the model was fitted on; without, they and the mix of cases stay the study's.
    """
    y, p, groups = probabilities(model_cases(predictions, model, subset, center), unit)
    fitted_on, _, _ = probabilities(model_cases(predictions, model, "train"), unit)
    return stats.decision_curve(
        y,
        p,
        groups,
        thresholds=np.linspace(low, high, steps),
        prevalence=prevalence,
        train_prevalence=float(fitted_on.mean()) if fitted_on.size else None,
    )


def decision_summary(analysis: Analysis) -> dict[str, Any] | None:
    """Each picked model on each held-out subset, all centers together, at the analysis' unit; else None.

    ``net_benefit`` has a row a threshold with interval, and ``treat_all`` to compare it with (treating
    nobody is 0); at the prevalence of the decision, or at the study's mix where it names none.
    """
    decision = analysis.decision
    if decision is None:
        return None
    predictions, picks = analysis.frame("predictions"), analysis.frame("picks").dropna(subset=["classifier"])
    models = []
    for subset in SUBSETS[1:]:
        for family, classifier in zip(picks["family"], picks["classifier"], strict=True):
            if model_cases(predictions, (family, classifier), subset).empty:
                continue
            curve = net_benefit(
                predictions,
                (family, classifier),
                subset=subset,
                center=None,
                unit=analysis.config.unit,
                low=decision.low,
                high=decision.high,
                prevalence=decision.prevalence,
                steps=LISTED,
            )
            models.append(
                {
                    "family": family,
                    "classifier": classifier,
                    "subset": subset,
                    "unit": analysis.config.unit,
                    "prevalence": curve.prevalence,
                    "n_patients": curve.n_patients,
                    "n_pos": curve.n_pos,
                    "n_neg": curve.n_neg,
                    "method": curve.method,
                    "reason": curve.reason or None,
                    "net_benefit": curve.frame(),
                }
            )
    return {
        "treat": decision.treat,
        "thresholds": [decision.low, decision.high],
        "prevalence": decision.prevalence,
        "prevalence_source": stats.STUDY_MIX if decision.prevalence is None else "study file",
        "models": models,
    }
