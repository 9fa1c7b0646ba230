"""How much of the best of several AUCs is the picking, and how often chance alone would reach it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sgcore import stats
from sgcore.domain import SUBSETS, Subset
from sgcore.workflow.cases import MODEL, counted

PERMUTATIONS = 2000
COLUMNS = [
    "subset",
    "n_candidates",
    "n_what_ifs",
    "n_patients",
    "best",
    "naive",
    "estimate",
    "ci_low",
    "ci_high",
    "bonus",
    "replicates",
    "skipped",
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


#: Subset -> name of another analysis -> its predictions.
Opened = Mapping[Subset, Mapping[str, pd.DataFrame]]


def chance(predictions: pd.DataFrame, seed: int, opened: Opened | None = None) -> pd.DataFrame:
    """One row a held-out subset: the best of all candidates there, by patient.

    Candidates are all families by all their classifiers, and those of the ``n_what_ifs`` what-ifs whose
    results there were ``opened``: each was looked at. ``naive`` is the best AUC, ``estimate`` what to expect
    of such a pick on new {noun}s of the same centers (bootstrap bias correction; ``skipped`` of its
    ``replicates`` had a class absent), ``bonus`` their difference; ``p`` how often the best of as many
    reaches ``naive`` when the labels of whole patients change places within their center (scores-fixed
    null, models as they are).
    """
    rows = []
    for subset in SUBSETS[1:]:
        cases = _on(predictions, subset)
        if len(cases):
            others = {name: _on(other, subset) for name, other in (opened or {}).get(subset, {}).items()}
            rows.append({"subset": subset, **_chance(cases, others, seed)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _on(predictions: pd.DataFrame, subset: Subset) -> pd.DataFrame:
    return predictions[(predictions["subset"] == subset) & (predictions["estimate"] == "fitted")]


def _candidates(cases: pd.DataFrame, of: str = "") -> list[pd.Series]:
    """Each model's score of each patient, named."""
    # A model that scored nobody here (ComBat has no batch for these centers) was no candidate.
    scored = cases[cases["y_score"].notna()]
    return [
        counted(part, "patient").rows.set_index("patient_id")["y_score"].rename(f"{family} {classifier}{of}")
        for (family, classifier), part in (scored if len(scored) else cases).groupby(MODEL, sort=False)
    ]


def _chance(cases: pd.DataFrame, others: Mapping[str, pd.DataFrame], seed: int) -> dict[str, Any]:
    candidates = _candidates(cases)
    for name, other in others.items():
        candidates += _candidates(other, f" ({name})")
    people = cases.drop_duplicates("patient_id").set_index("patient_id")
    return {"n_what_ifs": len(others), **best_of(candidates, people, seed)}


def best_of(candidates: Sequence[pd.Series], people: pd.DataFrame, seed: int) -> dict[str, Any]:
    """The best of several scores of the same patients: what picking adds to its AUC, and what chance reaches.

    ``candidates`` are named scores by patient; ``people`` has a row a patient, ``y_true, center``.
    """
    # Candidates are compared on the patients that all of them scored.
    complete = pd.concat(candidates, axis=1).dropna()
    known = people.loc[complete.index]
    y, table = known["y_true"].to_numpy(), complete.to_numpy()
    bonus = stats.pick_bonus(y, table, seed=seed, names=list(complete.columns))
    null = stats.scores_fixed_null(
        y, table, strata=known["center"].to_numpy(), permutations=PERMUTATIONS, seed=seed
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
        "replicates": bonus.replicates,
        "skipped": bonus.skipped,
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


def chance_in_words(best: Mapping[str, Any], noun: str = "patient") -> str:
    """What :func:`best_of` found, for people; ``noun`` is what a row of its scores is."""
    k, parts = best["n_candidates"], []
    if k > 1 and not best["reason"]:
        parts.append(
            f"Of {k} models {best['best']} has the highest AUC by {noun}, {best['naive']:.3f} "
            f"({best['n_patients']} {noun}s); {best['estimate']:.3f} ({best['ci_low']:.3f} to "
            f"{best['ci_high']:.3f}) is to be expected of such a pick on new {noun}s of the same centers."
        )
    if not best["p_reason"]:
        parts.append(
            f"With labels permuted within centers {'the best of them' if k > 1 else 'the model'} reaches "
            f"{best['chance_95']:.3f} in one case of twenty; p = {best['p']:.4f} ({best['permutations']} of "
            f"{best['distinct']} possible permutations)."
        )
    return " ".join(parts) or f"Nothing is said of chance: {best['p_reason']}."
