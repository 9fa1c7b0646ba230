"""How much of the best of several AUCs is the picking, and how often chance alone would reach it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS
from sgcore.workflow.cases import MODEL, counted

PERMUTATIONS = 2000
COLUMNS = [
    "subset",
    "n_candidates",
    "n_patients",
    "best",
    "naive",
    "estimate",
    "ci_low",
    "ci_high",
    "bonus",
    "p",
    "p_low",
    "p_high",
    "chance_median",
    "chance_95",
    "permutations",
    "distinct",
    "reason",
    "p_reason",
]


def chance(predictions: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row a held-out subset: the best of all candidates there, by patient.

    Candidates are all families by all their classifiers: each was looked at. ``naive`` is the best AUC,
    ``estimate`` what to expect of such a pick on new patients of the same centers (bootstrap bias
    correction), ``bonus`` their difference; ``p`` how often the best of as many reaches ``naive`` when the
    labels of whole patients change places within their center (scores-fixed null, models as they are).
    """
    fitted = predictions[predictions["estimate"] == "fitted"]
    rows = []
    for subset in SUBSETS[1:]:
        cases = fitted[fitted["subset"] == subset]
        if len(cases):
            rows.append({"subset": subset, **_chance(cases, seed)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _chance(cases: pd.DataFrame, seed: int) -> dict[str, Any]:
    # A model that scored nobody here (ComBat has no batch for these centers) was no candidate.
    scored = cases[cases["y_score"].notna()]
    patients = [
        counted(part, "patient").rows.set_index("patient_id")["y_score"].rename(f"{family} {classifier}")
        for (family, classifier), part in (scored if len(scored) else cases).groupby(MODEL, sort=False)
    ]
    scores = pd.concat(patients, axis=1)
    # Candidates are compared on the patients that all of them scored.
    complete = scores.dropna()
    people = cases.drop_duplicates("patient_id").set_index("patient_id").loc[complete.index]
    y, table = people["y_true"].to_numpy(), complete.to_numpy()
    bonus = stats.pick_bonus(y, table, seed=seed, names=list(scores.columns))
    null = stats.scores_fixed_null(
        y, table, strata=people["center"].to_numpy(), permutations=PERMUTATIONS, seed=seed
    )
    return {
        "n_candidates": table.shape[1],
        "n_patients": len(complete),
        "best": bonus.names[bonus.picked] if bonus.picked >= 0 else None,
        "naive": bonus.naive,
        "estimate": bonus.estimate,
        "ci_low": bonus.ci_low,
        "ci_high": bonus.ci_high,
        "bonus": bonus.bonus,
        "p": null.p,
        "p_low": null.p_low,
        "p_high": null.p_high,
        "chance_median": null.chance_median,
        "chance_95": null.chance_95,
        "permutations": null.permutations,
        "distinct": stats.distinct_text(null.distinct),
        "reason": bonus.reason,
        "p_reason": null.reason,
    }
