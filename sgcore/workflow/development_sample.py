"""Whether there were enough patients to choose from so many candidates: Riley's criteria for the development."""

from __future__ import annotations

import pandas as pd

from sgcore import stats
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.training_view import fold_picks

COLUMNS = [
    "family", "candidates", "at", "n_patients", "n_pos", "prevalence", "candidates_per_event", "n_needed",
    "n_pos_needed", "shrinkage", "method", "reason",
]  # fmt: skip


def development_need(analysis: Analysis, *, auc: float | None = None) -> pd.DataFrame:
    """Each family's candidates for the training patients there are, and the patients they need.

    ``candidates`` are all features before any selection, of descriptors the levels beside the first, however few
    are kept: the data chose among all of them. RadiomicsDL and Combined have those of every selection that leads to
    them, a component of deep features being one; what its network tried is not counted. ``at`` is the anticipated
    AUC: ``auc``, or that of the best classifier in the training folds, by patient. An event is a positive patient.
    ``shrinkage`` is what a logistic model of all candidates would have to expect (1 for none). Selection and
    penalties ask for no fewer patients.
    """
    patients = analysis.study.patients
    train = patients[patients["subset"] == "train"]
    n_pos = int((train["y"] == 1).sum())
    n_neg = len(train) - n_pos
    shared = {"n_patients": len(train), "n_pos": n_pos, "prevalence": n_pos / len(train)}
    in_folds = _in_folds(analysis)
    rows = []
    for family, candidates in _candidates(analysis).items():
        at = in_folds.get(family, float("nan")) if auc is None else auc
        row = {"family": family, "candidates": candidates, "at": at, **shared}
        reason = "no AUC in the training folds" if pd.isna(at) else ""
        if at in (0, 1):
            reason = f"an AUC of {at:g} in the training folds leaves no R2 to plan with"
        if reason:
            rows.append(row | {"method": "not estimated", "reason": reason})
            continue
        found = stats.development_size(candidates, shared["prevalence"], auc=at, n_pos=n_pos, n_neg=n_neg)
        rows.append(
            row
            | {
                "candidates_per_event": found.candidates_per_event_achieved,
                "n_needed": found.n,
                "n_pos_needed": found.n_events,
                "shrinkage": found.shrinkage_achieved,
                "method": found.method,
                "reason": found.reason,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _candidates(analysis: Analysis) -> dict[str, int]:
    found: dict[str, int] = analysis.frame("counts").set_index("family")["features"].astype(int).to_dict()
    if "US" in found:
        terms = analysis.frame("odds_ratios")
        found["US"] = max(found["US"], int((terms["model"] == "univariable").sum()))
    # What these two count themselves begins with the radiomics features that a first selection left.
    stacked = [family for family in ("RadiomicsDL", "Combined") if family in found]
    if stacked:
        components = analysis.frame("deep_components")["component"].nunique()
        found |= dict.fromkeys(stacked, analysis.features.values.shape[1] + components)
    if "Combined" in found:
        found["Combined"] += found.get("US", 0)
    return found


def _in_folds(analysis: Analysis) -> dict[str, float]:
    rows = analysis.frame("evaluations")
    if rows.empty:
        return {}
    picks = fold_picks(analysis)[["family", "classifier"]].dropna()
    rows = rows[
        (rows["subset"] == "train")
        & (rows["estimate"] == "out_of_fold")
        & (rows["unit"] == "patient")
        & rows["center"].isna()
    ]
    return picks.merge(rows, on=["family", "classifier"]).set_index("family")["auc"].to_dict()
