"""Models on a subgroup, computed from their stored predictions when somebody asks."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sgcore.domain import EvaluationSet, Subgroup
from sgcore.workflow.cases import counted, model_cases
from sgcore.workflow.evaluate import adjusted, compare_scores, evaluated, paired, training_threshold

#: Patients of each label below which a subgroup has no AUC: its interval would span nearly everything.
FEWEST = 5
#: What a row without an AUC has not.
_OF_AUC = ("auc", "ci_low", "ci_high", "naive_ci_low", "naive_ci_high", "design_effect")
_WITHIN: dict[str, Any] = dict.fromkeys(
    ("within_center_auc", "within_center_low", "within_center_high"), np.nan
) | {"within_center_note": ""}


def subgroup_evaluations(
    predictions: pd.DataFrame,
    models: Iterable[tuple[str, str]],
    at: EvaluationSet,
    threshold_from: str,
) -> pd.DataFrame:
    """One row a model, with the columns of ``evaluations`` (``picked`` left out).

    Parameters
    ----------
    predictions : of :func:`~sgcore.workflow.cases.with_levels`, all of them: each model carries the threshold
        of its training scores (``threshold_from``: ``fitted`` or ``out_of_fold``), whatever the subgroup.
    models : (family, classifier), as they were picked on the whole study.

    With fewer than five patients of a label a subgroup has no AUC, and ``reason`` says how many there are.
    """
    return pd.DataFrame([_row(predictions, model, at, threshold_from) for model in models])


def subgroup_comparisons(
    predictions: pd.DataFrame, models: Iterable[tuple[str, str]], at: EvaluationSet
) -> pd.DataFrame:
    """Every two families' models on the images of a subgroup that both scored; columns of ``comparisons``.

    Holm's correction is over these pairs. Without any pair that has enough patients the frame is empty.
    """
    every = {model: model_cases(predictions, model, at) for model in models}
    cases = {model: own for model, own in every.items() if not _few(own, at)}
    where = {"subset": at.subset, "center": at.center, "unit": at.unit}
    rows = []
    for a, b in itertools.combinations(cases, 2):
        pair = paired(cases[a], cases[b])
        names = {"kind": "families", "family": None, "a": a[0], "b": b[0]}
        if not _few(pair, at, "y_score_a", "y_score_b"):
            rows.append(names | where | compare_scores(pair, at.unit))
    return adjusted(pd.DataFrame(rows), "holm") if rows else pd.DataFrame()


def subgroup_levels(
    predictions: pd.DataFrame,
    model: tuple[str, str],
    at: EvaluationSet,
    levels: pd.Series,
    threshold_from: str,
) -> pd.DataFrame:
    """One model in every level of a column: ``level`` and the columns of ``evaluations``, one row a level.

    ``levels`` are those of :func:`~sgcore.workflow.subgroups`; a subgroup of ``at`` does not count.
    """
    rows = []
    for level in levels.cat.categories:
        part = replace(at, subgroup=Subgroup(str(levels.name), level))
        rows.append({"level": level, **_row(predictions, model, part, threshold_from)})
    return pd.DataFrame(rows)


def _row(
    predictions: pd.DataFrame, model: tuple[str, str], at: EvaluationSet, threshold_from: str
) -> dict[str, Any]:
    own = predictions[(predictions["family"] == model[0]) & (predictions["classifier"] == model[1])]
    cases = model_cases(own, model, at)
    found = evaluated(cases, at.unit, training_threshold(own, threshold_from, at.unit), at.center is None)
    row: dict[str, Any] = {
        "family": model[0],
        "classifier": model[1],
        "subset": at.subset,
        "center": at.center,
    }
    row |= {"estimate": at.estimate, "unit": at.unit, **_WITHIN, **found}
    if few := _few(cases, at):
        row |= {**dict.fromkeys(_OF_AUC, np.nan), **_WITHIN, "method": "not estimated", "reason": few}
    return row


def _few(cases: pd.DataFrame, at: EvaluationSet, *scores: str) -> str:
    """Why these cases are too few for an AUC; empty where they are enough."""
    own = counted(cases, at.unit, *scores)
    if cases.empty or own.unscored:
        return own.unscored or "none of these cases"
    n_pos, n_neg = (
        int(own.scored.loc[own.scored["y_true"] == label, "patient_id"].nunique()) for label in (1, 0)
    )
    if min(n_pos, n_neg) >= FEWEST:
        return ""
    start = "one label only" if min(n_pos, n_neg) == 0 else f"fewer than {FEWEST} patients of a label"
    return f"{start} ({n_pos} positive, {n_neg} negative)"
