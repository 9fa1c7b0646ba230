"""Picking one classifier of a family, and saying on which scores."""

from __future__ import annotations

import pandas as pd

from sgcore.config import PickRule
from sgcore.domain import CLASSIFIERS, Unit

#: Where a rule looks: subset and estimate of the evaluations.
_PLACES = {
    "external": ("external", "fitted"),
    "validation": ("validation", "fitted"),
    "folds": ("train", "out_of_fold"),
}
#: What is tried when a study lacks the set that a rule names.
_NEXT: dict[str, tuple[PickRule, ...]] = {
    "external": ("external", "validation", "folds"),
    "validation": ("validation", "folds"),
    "folds": ("folds",),
}


def pick(evaluations: pd.DataFrame, rule: PickRule, unit: Unit) -> pd.DataFrame:
    """The classifier with the highest AUC of each family, over all centers of the rule's set.

    Parameters
    ----------
    evaluations : the frame of docs/architecture.md.
    rule : ``external`` as in the reference study, ``validation``, or ``folds`` (out-of-fold training
        scores). Where the set has no AUC the next of these is used and ``reason`` says so.

    Returns
    -------
    DataFrame ``family, classifier, rule, unit, evaluated_on, reason``. Equal AUCs: the order of
    CLASSIFIERS, then that of appearance (candidates of the DL family are networks).
    """
    rows = []
    pooled = evaluations[evaluations["center"].isna() & (evaluations["unit"] == unit)]
    for family, part in pooled.groupby("family", sort=False):
        rows.append({"family": family, "rule": rule, "unit": unit, **_pick_one(part, rule)})
    return pd.DataFrame(rows, columns=["family", "classifier", "rule", "unit", "evaluated_on", "reason"])


def _pick_one(part: pd.DataFrame, rule: PickRule) -> dict[str, str | None]:
    order = {name: place for place, name in enumerate(CLASSIFIERS)}
    candidates = sorted(part["classifier"].unique(), key=lambda name: order.get(name, len(order)))
    if len(candidates) == 1:
        return {"classifier": candidates[0], "evaluated_on": None, "reason": "the only candidate"}
    for used in _NEXT[rule]:
        subset, estimate = _PLACES[used]
        rows = part[(part["subset"] == subset) & (part["estimate"] == estimate)].dropna(subset=["auc"])
        if rows.empty:
            continue
        areas = rows.set_index("classifier")["auc"].reindex(candidates)
        reason = None if used == rule else f"no AUC on the {_PLACES[rule][0]} set; picked by {used} instead"
        return {
            "classifier": str(areas.idxmax()),
            "evaluated_on": "training folds" if used == "folds" else subset,
            "reason": reason,
        }
    return {
        "classifier": candidates[0],
        "evaluated_on": None,
        "reason": "no set has an AUC; the first candidate",
    }
