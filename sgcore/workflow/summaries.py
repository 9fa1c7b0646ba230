"""An analysis as one JSON object: what ``sgaudit run --json`` prints."""

from __future__ import annotations

from typing import Any

from sgcore.domain import Resampling, Study
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.audited import findings_of_study
from sgcore.workflow.by_center import CenterEffects, center_effects
from sgcore.workflow.cases import picked_models
from sgcore.workflow.clustered_p import counts_by_patient
from sgcore.workflow.cohort_summary import cohort_tables
from sgcore.workflow.decided import UNDECIDED, decision_summary
from sgcore.workflow.development_sample import development_need
from sgcore.workflow.external_sample import external_need
from sgcore.workflow.network_summary import network_summary
from sgcore.workflow.operating import operating_summary
from sgcore.workflow.plain import plain, records
from sgcore.workflow.redraws import PLANS
from sgcore.workflow.resampled_results import resampled

_MODEL = [
    "family",
    "classifier",
    "subset",
    "center",
    "estimate",
    "unit",
    "n_patients",
    "n_images",
    "n_pos",
    "n_neg",
    "auc",
    "ci_low",
    "ci_high",
    "method",
    "naive_ci_low",
    "naive_ci_high",
    "design_effect",
    "n_left_out",
    "within_center_auc",
    "within_center_low",
    "within_center_high",
    "within_center_note",
    "threshold",
    *(f"{name}{end}" for name in ("sensitivity", "specificity", "accuracy") for end in ("", "_low", "_high")),
    "reason",
    "operating_reason",
    "picked",
]
_COMPARISON = [
    "kind",
    "family",
    "a",
    "b",
    "subset",
    "center",
    "unit",
    "n_patients",
    "n_images",
    "n_left_out",
    "auc_a",
    "auc_b",
    "delta",
    "ci_low",
    "ci_high",
    "z",
    "p",
    "p_adjusted",
    "method",
    "reason",
]


def summary(analysis: Analysis) -> dict[str, Any]:
    """Counts, selection, models, comparisons and findings at the recipe's own unit.

    ``cohort`` has tables 1 and 2. ``models`` holds each model once a subset and center: training rows are the
    fitted scores; ``training_folds`` the out-of-fold rows of the training patients. ``centers`` has the picked
    model of each family in every center, and what the external centers say together. ``calibration`` has
    the picked models, ``development`` the candidates of each family for the training patients there are,
    ``decision`` their net benefit, or null beside ``decision_reason``.
    ``operating_points`` and ``operating_comparisons`` have the picked models on the held-out subsets, each at
    its training threshold: sensitivity, specificity, predictive values, and paired differences.
    ``networks``, ``deep_features``, ``maps`` and ``explanations`` are those of
    :func:`~sgcore.workflow.network_summary.network_summary`.
    """
    study = analysis.study
    evaluations = analysis.frame("evaluations")
    evaluations = evaluations[evaluations["unit"] == analysis.config.unit]
    comparisons = analysis.frame("comparisons")
    comparisons = comparisons[comparisons["unit"] == analysis.config.unit]
    calibration = analysis.frame("calibration")
    calibration = calibration[calibration["unit"] == analysis.config.unit]
    decision = decision_summary(analysis)
    points, pairs = operating_summary(analysis)
    fitted = evaluations["estimate"] == "fitted"
    failures = analysis.features.failures
    return {
        "study": analysis.study_name,
        "study_id": analysis.study_id,
        "analysis": analysis.id,
        "recipe": analysis.recipe,
        "unit": analysis.config.unit,
        "n": {"patients": len(study.patients), "images": len(study.images)},
        "features": {"radiomics": analysis.features.values.shape[1]},
        "failures": records(failures),
        "cohort": {name: records(rows) for name, rows in cohort_tables(study, analysis.config.unit).items()},
        "selection": _selection(analysis),
        "odds_ratios": records(analysis.frame("odds_ratios")),
        "development": records(development_need(analysis)),
        "picks": records(analysis.frame("picks")),
        "chance": records(analysis.frame("chance")),
        "models": records(evaluations[fitted][_MODEL]),
        "training_folds": records(evaluations[~fitted][_MODEL]),
        "comparisons": records(comparisons[_COMPARISON]),
        "operating_points": records(points),
        "operating_comparisons": records(pairs),
        "calibration": records(calibration),
        "decision": decision,
        "decision_reason": UNDECIDED if decision is None else None,
        **network_summary(analysis),
        "centers": _centers(analysis),
        "resampling": {
            kind: resampling(analysis, kind) for kind in PLANS if len(analysis.draws(kind)["draws"])
        },
        "unavailable": records(analysis.frame("unavailable")),
        "findings": findings(analysis),
        "notes": list(analysis.notes),
        "versions": analysis.versions,
    }


def resampling(analysis: Analysis, kind: Resampling) -> dict[str, Any]:
    """The stored draws of a resampling, evaluated, at both units; of left-out centers also all ``together``."""
    found, detail = resampled(analysis, kind), PLANS[kind].detail
    return {
        "study": analysis.study_name,
        "analysis": analysis.id,
        "kind": found.kind,
        "title": found.title,
        "draws": found.draws,
        "usual": found.usual,
        "rows": records(found.rows),
        **({} if detail is None else {detail: records(found.detail)}),
        "failed": records(found.failed),
        "not_drawn": records(found.not_drawn),
        "reason": found.reason,
    }


def findings(analysis: Analysis) -> list[dict[str, Any]]:
    """Each check's ``code, severity, status, message``."""
    return records(analysis.frame("findings")[["code", "severity", "status", "message"]])


def study_findings(study: Study, store: Store) -> list[dict[str, Any]]:
    """The same of a study's tables and images, without an analysis."""
    return records(findings_of_study(study, store)[["code", "severity", "status", "message"]])


def _centers(analysis: Analysis) -> list[dict[str, Any]]:
    found = [
        center_effects(analysis, *model, analysis.config.unit)
        for model in picked_models(analysis.frame("picks"))
    ]
    return [
        {
            "family": effects.family,
            "classifier": effects.classifier,
            "unit": effects.unit,
            "rows": records(effects.rows),
            "pooled": _pooled(effects),
            "together": records(effects.together),
            "size": records(external_need(effects)),
        }
        for effects in found
    ]


def _pooled(effects: CenterEffects) -> dict[str, Any]:
    """The mean of the external centers, with their heterogeneity on the logit scale and who is left out."""
    pooled = effects.pooled
    numbers = {
        "k": pooled.k,
        "auc": pooled.auc,
        "ci_low": pooled.ci_low,
        "ci_high": pooled.ci_high,
        "prediction_low": pooled.prediction_low,
        "prediction_high": pooled.prediction_high,
        "i2": pooled.on_logit.i2,
        "tau": pooled.on_logit.tau,
    }
    return {
        **{name: plain(value) for name, value in numbers.items()},
        "left_out": [{"center": name, "reason": reason} for name, reason in pooled.left_out],
        "method": pooled.method,
        "reason": pooled.reason or None,
        "prediction_reason": pooled.prediction_reason or None,
    }


def _selection(analysis: Analysis) -> list[dict[str, Any]]:
    trace = analysis.frame("selection")
    selected = trace[trace["step"] == "selected"].groupby("family")["feature"].agg(list).to_dict()
    # A step that a family has not is null; the others are whole numbers.
    counts = analysis.frame("counts").convert_dtypes()
    by_patient = counts_by_patient(analysis)[["family", "univariate_clustered"]]
    counts = counts.merge(by_patient, on="family", how="left", validate="one_to_one")
    return [{**row, "selected": selected.get(row["family"], [])} for row in records(counts)]
