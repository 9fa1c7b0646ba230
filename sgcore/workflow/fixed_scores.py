"""Chance levels of models as they are: nothing is fitted again, only held-out labels change places."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, EvaluationSet
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.cases import Counted, counted, model_cases, picked_models

PERMUTATIONS = 2000
_TEST = ("p", "p_low", "p_high", "chance_median", "chance_95", "permutations")


def fixed_score_nulls(analysis: Analysis) -> pd.DataFrame:
    """The scores-fixed null of each picked model in each held-out subset, at the recipe's unit.

    ``family, classifier, subset, unit, observed, n_candidates, p, p_low, p_high, chance_median, chance_95,
    permutations, n_patients, reason``. Where the model was picked on that subset it stands against the best of its
    family's ``n_candidates`` there, ``observed`` being the best of them; else against itself alone.
    """
    predictions, picks = analysis.frame("predictions"), analysis.frame("picks")
    if picks.empty or predictions.empty:
        return pd.DataFrame()
    rows = []
    on = picks.set_index("family")["evaluated_on"]
    for family, classifier in picked_models(picks):
        for subset in SUBSETS[1:]:
            at = EvaluationSet(subset, None, analysis.config.unit)
            names = [classifier]
            if on[family] == subset:
                own = predictions[predictions["family"] == family]
                names = list(dict.fromkeys(own["classifier"]))
            cases = _together(predictions, family, names, at)
            if len(cases.scored) or cases.n_left_out:
                row = {"family": family, "classifier": classifier, "subset": subset, "unit": at.unit}
                rows.append(row | _null(cases, names, analysis.config.seed))
    return pd.DataFrame(rows)


def _together(predictions: pd.DataFrame, family: str, names: list[str], at: EvaluationSet) -> Counted:
    """Cases with the score of each candidate in a column; those that all of them scored are counted."""
    parts = [model_cases(predictions, (family, name), at).set_index("image_id") for name in names]
    table = parts[0][["patient_id", "center", "y_true"]].copy()
    for name, part in zip(names, parts, strict=True):
        table[name] = part["y_score"]
    return counted(table.reset_index(), at.unit, *names)


def _null(cases: Counted, names: list[str], seed: int) -> dict[str, Any]:
    if cases.unscored:
        return {"n_candidates": len(names), "n_patients": 0, "reason": cases.unscored}
    found = stats.scores_fixed_null(
        cases.y,
        cases.rows[names].to_numpy(float),
        cases.groups,
        cases.rows["center"].to_numpy(),
        permutations=PERMUTATIONS,
        seed=seed,
    )
    return {
        "observed": found.observed,
        "n_candidates": found.n_candidates,
        **{name: getattr(found, name) for name in _TEST},
        "n_patients": found.n_patients if cases.groups is not None else len(cases.rows),
        "reason": found.reason or None,
    }
