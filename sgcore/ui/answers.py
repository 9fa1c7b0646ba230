"""The first sentence of each page, composed from results: what was found, with interval and n.

Plain functions over result frames; they know nothing of the screen. A difference whose interval holds
zero is never called "no difference".
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sgcore.domain import Study, Subset
from sgcore.plots import words

TOO_FEW = "too few patients to tell"
ALIKE = "which rank all these cases alike"


def rows_of(
    evaluations: pd.DataFrame, *, subset: Subset, center: str | None, unit: str, picked: bool = True
) -> pd.DataFrame:
    """Evaluations of one set and unit: fitted models, or out-of-fold scores in training."""
    if evaluations.empty:
        return evaluations
    estimate = "out_of_fold" if subset == "train" else "fitted"
    at = evaluations["center"].isna() if center is None else evaluations["center"] == center
    chosen = (
        (evaluations["subset"] == subset)
        & at
        & (evaluations["unit"] == unit)
        & (evaluations["estimate"] == estimate)
    )
    if picked:
        chosen &= evaluations["picked"].astype(bool)
    return evaluations[chosen].reset_index(drop=True)


def headline_subset(evaluations: pd.DataFrame) -> Subset:
    """The set that a study is judged by: external, else validation, else training folds."""
    known = set() if evaluations.empty else set(evaluations["subset"])
    order: tuple[Subset, ...] = ("external", "validation")
    return next((name for name in order if name in known), "train")


#: What ``evaluated_on`` of a pick is called as a subset.
_PICKED_ON = {"training folds": "train", "validation": "validation", "external": "external"}


def place_of(subset: Subset, center: str | None, centers: int) -> str:
    """Where a number holds: a whole set, or one of its centers."""
    if center is not None:
        one_of = f" (one of {centers} {subset} centers)" if centers > 1 else ""
        folds = ", in training folds" if subset == "train" else ""
        return f"in {center}{one_of}{folds}"
    return "by training folds" if subset == "train" else f"on the {words.IN_SENTENCE[subset]}"


def best_family(
    rows: pd.DataFrame,
    comparisons: pd.DataFrame,
    picks: pd.DataFrame,
    *,
    subset: Subset,
    center: str | None = None,
    centers: int = 0,
) -> str:
    """Which family has the highest AUC, how far it is ahead of the next, and whether that can be told.

    ``center`` is the one that is shown, None for all ``centers`` of the set.
    """
    known = rows.dropna(subset=["auc"]).sort_values("auc", ascending=False, kind="stable")
    where = place_of(subset, center, centers)
    if known.empty:
        return f"No family has an AUC {where}{because(rows)}."
    first = known.iloc[0]
    place = picks.set_index("family")["evaluated_on"].get(first["family"])
    details = [words.count(int(first["n_patients"]), "patient")]
    if centers > 1 and center is None:
        details.append(words.count(centers, "center"))
    if _PICKED_ON.get(str(place)) == subset:
        details.append(
            "classifier picked in these folds" if subset == "train" else "classifier picked on this set"
        )
    sentence = (
        f"{first['family']} {'has' if len(known) == 1 else 'has the highest'} AUC {where}, "
        f"{words.auc(first['auc'])} ({words.interval(first['ci_low'], first['ci_high'])}; "
        f"{', '.join(details)})"
    )
    if len(known) == 1:
        return f"{sentence.replace(' has AUC', ' is the only family with an AUC')}."
    second = known.iloc[1]["family"]
    pair = difference(comparisons, str(first["family"]), str(second))
    return f"{sentence}; {versus(pair, str(second))}."


def difference(comparisons: pd.DataFrame, first: str, second: str) -> dict[str, Any] | None:
    """``delta, ci_low, ci_high, p_adjusted`` of first minus second, whichever way the pair was stored."""
    if comparisons.empty:
        return None
    for a, b, sign in ((first, second, 1), (second, first, -1)):
        found = comparisons[(comparisons["a"] == a) & (comparisons["b"] == b)]
        if len(found):
            row = found.iloc[0]
            low, high = sorted([sign * row["ci_low"], sign * row["ci_high"]])
            return {
                "delta": sign * row["delta"],
                "ci_low": low,
                "ci_high": high,
                "p_adjusted": row["p_adjusted"],
                "n_left_out": row["n_left_out"],
                "n_images": row["n_images"],
            }
    return None


def versus(pair: dict[str, Any] | None, other: str) -> str:
    """``+0.040 (-0.100 to +0.190) over DL: too few patients to tell``."""
    if pair is None or words.missing(pair["delta"]):
        return f"it could not be compared with {other}"
    text = f"{words.signed(pair['delta'])} ({span(pair['ci_low'], pair['ci_high'])}) over {other}"
    if not words.missing(pair["n_left_out"]) and pair["n_left_out"] > 0:
        text += f" on the {words.count(int(pair['n_images']), 'image')} that both scored"
    if words.missing(pair["ci_low"]):
        return f"{text}, {ALIKE}" if pair["delta"] == 0 else text
    if pair["ci_low"] <= 0 <= pair["ci_high"]:
        return f"{text}: {TOO_FEW}"
    adjusted: Any = pair.get("p_adjusted")
    if not words.missing(adjusted) and adjusted >= 0.05:
        return f"{text}: {TOO_FEW} once all comparisons are counted (adjusted p {words.p_value(adjusted)})"
    return text


def span(low: Any, high: Any) -> str:
    """An interval of a difference, with signs."""
    if words.missing(low) or words.missing(high):
        return "interval not estimable"
    return f"{words.signed(low)} to {words.signed(high)}"


def classifier_pick(
    rows: pd.DataFrame,
    pick: pd.Series | None,
    family: str,
    folds: pd.DataFrame,
    *,
    unit: str,
    place: str,
    whole: bool,
) -> str:
    """How a family's classifier was picked, what it reached, and what training folds would have said.

    ``rows`` and ``folds`` are the family's evaluations on the shown set and in training folds, by
    ``unit``; ``place`` says where ``rows`` hold, ``whole`` whether they are all centers of their set.
    """
    if pick is None or words.missing(pick["classifier"]):
        return f"{family} has no picked classifier."
    name = str(pick["classifier"])
    here = rows[rows["classifier"] == name]
    said = "not estimable here"
    if len(here) and not words.missing(here.iloc[0]["auc"]):
        row = here.iloc[0]
        said = (
            f"{words.auc(row['auc'])} ({words.interval(row['ci_low'], row['ci_high'])}; "
            f"{words.count(int(row['n_patients']), 'patient')})"
        )
        where = str(row["subset"])
    else:
        where = ""
    total = rows["classifier"].nunique()
    picked_on = pick["evaluated_on"]
    if words.missing(picked_on):
        reason = "" if words.missing(pick["reason"]) else f": {pick['reason']}"
        return f"{family} uses {name}{reason}; its AUC {place} is {said}."
    by = f"by its AUC by {pick['unit']}"
    same = _PICKED_ON.get(str(picked_on)) == where and whole and pick["unit"] == unit
    too_high = "the best of several is too high by construction"
    if picked_on == "training folds":
        text = f"{name} was picked of {total} for {family} {by} in the training folds; {place} it has {said}"
        text += f" ({too_high})." if same else "."
    else:
        where_picked = f"on the {words.IN_SENTENCE.get(str(picked_on), str(picked_on))} itself"
        text = f"{name} was picked of {total} for {family} {by} {where_picked}"
        text += f", {said}: {too_high}" if same else f"; {place}, by {unit}, it has {said}"
        best = folds.dropna(subset=["auc"]).sort_values("auc", ascending=False, kind="stable")
        if len(best):
            other = str(best.iloc[0]["classifier"])
            text += "; training folds " + (
                "agree." if other == name else f"put {other} first ({words.auc(best.iloc[0]['auc'])})."
            )
        else:
            text += "."
    return text


def cohort(study: Study, baseline: pd.DataFrame) -> str:
    """Who was studied, which label is positive, and where the groups differ most."""
    counts = study.patients["label"].value_counts()
    centers = study.patients["center"].nunique()
    text = (
        f"{words.count(len(study.patients), 'patient')} with {words.count(len(study.images), 'image')} from "
        f"{words.count(centers, 'center')}: {int(counts.get(study.negative, 0))} {study.negative} and "
        f"{int(counts.get(study.positive, 0))} {study.positive} (the positive label)"
    )
    known = baseline.dropna(subset=["smd"]) if len(baseline) else baseline
    if known.empty:
        return f"{text}; no patient variable can be compared between the groups."
    top = known.iloc[int(known["smd"].abs().to_numpy().argmax())]
    external = (study.patients["subset"] == "external").any()
    groups = "development and external patients" if external else "training and validation patients"
    low, high = sorted([abs(top["smd_low"]), abs(top["smd_high"])])
    if words.missing(top["smd_low"]):
        interval = ""
    elif top["smd_low"] <= 0 <= top["smd_high"]:
        interval = f", 0 to {max(low, high):.2f}"
    else:
        interval = f", {low:.2f} to {high:.2f}"
    return (
        f"{text}; {groups} differ most in {top['variable']} "
        f"(standardized difference {abs(top['smd']):.2f}{interval})."
    )


def because(rows: pd.DataFrame) -> str:
    """The first reason of these rows, after a colon; empty where there is none."""
    reasons = [str(text) for text in rows.get("reason", pd.Series(dtype=str)).dropna() if text]
    return f": {reasons[0]}" if reasons else ""
