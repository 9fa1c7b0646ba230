"""An analysis as one JSON object: what ``sgaudit run --json`` prints."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sgcore.workflow.analysis import Analysis

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
    "naive_ci_low",
    "naive_ci_high",
    "n_left_out",
    "within_center_auc",
    "within_center_low",
    "within_center_high",
    "within_center_note",
    "threshold",
    "sensitivity",
    "specificity",
    "accuracy",
    "reason",
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
    "reason",
]


def summary(analysis: Analysis) -> dict[str, Any]:
    """Counts, selection, models, comparisons and findings at the recipe's own unit.

    ``models`` holds each model once a subset and center: training rows are the fitted scores.
    ``training_folds`` holds the out-of-fold rows of the training patients.
    """
    study = analysis.study
    evaluations = analysis.frame("evaluations")
    evaluations = evaluations[evaluations["unit"] == analysis.config.unit]
    comparisons = analysis.frame("comparisons")
    comparisons = comparisons[comparisons["unit"] == analysis.config.unit]
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
        "selection": _selection(analysis),
        "picks": records(analysis.frame("picks")),
        "chance": records(analysis.frame("chance")),
        "models": records(evaluations[fitted][_MODEL]),
        "training_folds": records(evaluations[~fitted][_MODEL]),
        "comparisons": records(comparisons[_COMPARISON]),
        "unavailable": records(analysis.frame("unavailable")),
        "findings": findings(analysis),
        "notes": list(analysis.notes),
        "versions": analysis.versions,
    }


def findings(analysis: Analysis) -> list[dict[str, Any]]:
    """Each check's ``code, severity, status, message``."""
    return records(analysis.frame("findings")[["code", "severity", "status", "message"]])


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain Python values; what is missing is None."""
    rows = frame.to_dict("records")
    return [{str(name): _plain(value) for name, value in row.items()} for row in rows]


def _selection(analysis: Analysis) -> list[dict[str, Any]]:
    trace = analysis.frame("selection")
    selected = trace[trace["step"] == "selected"].groupby("family")["feature"].agg(list).to_dict()
    # A step that a family has not is null; the others are whole numbers.
    counts = analysis.frame("counts").convert_dtypes()
    return [{**row, "selected": selected.get(row["family"], [])} for row in records(counts)]


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        value = value.item()
    if (
        value is None
        or value is pd.NA
        or value is pd.NaT
        or (isinstance(value, float) and not np.isfinite(value))
    ):
        return None
    return value
