"""The first sentence of each page, composed from results: what was found, with interval and n.

Plain functions over result frames; they know nothing of the screen. A difference whose interval holds
zero is never called "no difference".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.domain import EvaluationSet, Subset
from sgcore.plots import words
from sgcore.stats.delong import ALL_EQUAL

TOO_FEW = "too few patients to tell"


def rows_of(evaluations: pd.DataFrame, at: EvaluationSet) -> pd.DataFrame:
    """Evaluations on one set: of fitted models, or of out-of-fold scores in training."""
    rows = at.rows(evaluations)
    return rows if rows.empty else rows[rows["estimate"] == at.estimate].reset_index(drop=True)


def centers_of(evaluations: pd.DataFrame, subset: Subset) -> list[str]:
    """The centers in which a subset was evaluated, by name."""
    if evaluations.empty:
        return []
    return sorted(evaluations.loc[evaluations["subset"] == subset, "center"].dropna().unique())


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows whose AUC says how they rank cases, the highest first; one score for everybody ranks nobody."""
    if rows.empty:
        return rows
    kept = rows["auc"].notna() & ~flat(rows)
    return rows[kept].sort_values("auc", ascending=False, kind="stable")


def flat(rows: pd.DataFrame) -> pd.Series:
    """True for models that give everybody the same score on these cases."""
    return rows["reason"].eq(ALL_EQUAL)


def headline_subset(evaluations: pd.DataFrame) -> Subset:
    """The set that a study is judged by: external, else validation, else training folds."""
    known = set() if evaluations.empty else set(evaluations["subset"])
    order: tuple[Subset, ...] = ("external", "validation")
    return next((name for name in order if name in known), "train")


def picked_on(evaluated_on: Any, subset: str) -> bool:
    """True for a pick that was made by what it reached on these very cases."""
    return str("train" if evaluated_on == "training folds" else evaluated_on) == subset


def place_of(at: EvaluationSet, centers: int = 0) -> str:
    """Where a number holds: a whole set, or one of its ``centers``."""
    train = at.subset == "train"
    one_of = f"one of {centers} {'training' if train else at.subset} centers" if centers > 1 else ""
    if at.center is not None:
        notes = [one_of, *_subgroup(at)]
        return f"in {at.center}{_bracket(notes)}{', in training folds' if train else ''}"
    place = "by training folds" if train else f"on the {words.IN_SENTENCE[at.subset]}"
    return f"{place}{_bracket(_subgroup(at))}"


def _subgroup(at: EvaluationSet) -> list[str]:
    return [] if at.subgroup is None else [f"{at.subgroup.level} only"]


def _bracket(notes: list[str]) -> str:
    known = [note for note in notes if note]
    return f" ({', '.join(known)})" if known else ""


def best_family(
    rows: pd.DataFrame,
    comparisons: pd.DataFrame,
    picks: pd.DataFrame,
    at: EvaluationSet,
    *,
    centers: int = 0,
    called: Mapping[str, str] | None = None,
) -> str:
    """Which family has the highest AUC, how far it is ahead of the next, and whether that can be told.

    ``centers`` is how many the set has. ``called`` is what a family is called where its name alone would
    promise too much. A family that gives everybody the same score is named as such, never as the best or
    the next.
    """
    names = called or {}
    known = ranked(rows)
    where = place_of(at, centers)
    same = list(rows.loc[flat(rows), "family"]) if len(rows) else []
    gives = (
        f"{words.join(same)} {'gives' if len(same) == 1 else 'give'} everybody the same score" if same else ""
    )
    if known.empty:
        if same:
            return f"No family ranks the cases {where}: {gives}."
        return f"No family has an AUC {where}{because(rows)}."
    first = known.iloc[0]
    details = [words.patients(first)]
    if centers > 1 and at.center is None:
        details.append(words.count(centers, "center"))
    if picked_on(picks.set_index("family")["evaluated_on"].get(first["family"]), at.subset):
        where_picked = "in these folds" if at.subset == "train" else "on this set"
        whole = "on the whole set" if at.subset != "train" else "in the folds of all training patients"
        details.append(f"classifier picked {where_picked if at.subgroup is None else whole}")
    if len(known) > 1:
        stands = "has the highest AUC"
    else:
        stands = "alone ranks the cases" if same else "is the only family with an AUC"
    parts = [
        f"{names.get(first['family'], first['family'])} {stands} {where}, {'AUC ' if 'AUC' not in stands else ''}"
        f"{words.estimate(first, *details)}"
    ]
    if len(known) > 1:
        second = str(known.iloc[1]["family"])
        parts.append(versus(difference(comparisons, str(first["family"]), second), names.get(second, second)))
    return f"{'; '.join([*parts, *([gives] if gives else [])])}."


def difference(comparisons: pd.DataFrame, first: str, second: str) -> dict[str, Any] | None:
    """``delta, ci_low, ci_high, p_adjusted, reason`` of first minus second, whichever way the pair was stored."""
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
                "reason": row.get("reason"),
            }
    return None


def versus(pair: dict[str, Any] | None, other: str) -> str:
    """``+0.040 (-0.100 to +0.190) over DL: too few patients to tell``."""
    said = None if pair is None else pair.get("reason")
    why = "" if words.missing(said) or not said else f": {said}"
    if pair is None or words.missing(pair["delta"]):
        return f"it could not be compared with {other}{why}"
    text = f"{words.signed(pair['delta'])} ({words.signed_interval(pair['ci_low'], pair['ci_high'])}) over {other}"
    if not words.missing(pair["n_left_out"]) and pair["n_left_out"] > 0:
        text += f" on the {words.count(int(pair['n_images']), 'image')} that both scored"
    if words.missing(pair["ci_low"]):
        return f"{text}{why}"
    if pair["ci_low"] <= 0 <= pair["ci_high"]:
        return f"{text}: {TOO_FEW}"
    adjusted: Any = pair.get("p_adjusted")
    if not words.missing(adjusted) and adjusted >= 0.05:
        return f"{text}: {TOO_FEW} once all comparisons are counted (adjusted p {words.p_value(adjusted)})"
    return text


def classifier_pick(
    rows: pd.DataFrame,
    pick: pd.Series | None,
    family: str,
    folds: pd.DataFrame,
    at: EvaluationSet,
    *,
    centers: int = 0,
) -> str:
    """How a family's classifier was picked, what it reached, and what training folds would have said.

    ``rows`` are the family's evaluations on the shown set, which has ``centers``, and ``folds`` those in
    training folds.
    """
    if pick is None or words.missing(pick["classifier"]):
        return f"{family} has no picked classifier."
    name = str(pick["classifier"])
    here, place = rows[rows["classifier"] == name], place_of(at, centers)
    total = rows["classifier"].nunique()
    on = pick["evaluated_on"]
    if words.missing(on):
        why = "" if words.missing(pick["reason"]) else f": {pick['reason']}"
        return f"{family} uses {name}{why}; {_reaches(here, place)}."
    text = f"{name} was picked of {total} for {family} by its AUC by {pick['unit']}"
    same = (
        len(ranked(here)) > 0 and picked_on(on, at.subset) and at.center is None and pick["unit"] == at.unit
    )
    too_high = "the best of several is too high by construction"
    if on == "training folds":
        text += f" in the training folds; {_reaches(here, place)}"
        return text + (f" ({too_high})." if same else ".")
    text += f" on the {words.IN_SENTENCE.get(str(on), str(on))} itself"
    text += f", {_value(here)}: {too_high}" if same else f"; {_reaches(here, f'{place}, by {at.unit},')}"
    best = ranked(folds)
    if len(best):
        other = str(best.iloc[0]["classifier"])
        text += "; training folds " + (
            "agree" if other == name else f"put {other} first ({words.auc(best.iloc[0]['auc'])})"
        )
    return f"{text}."


def _reaches(rows: pd.DataFrame, place: str) -> str:
    """What the model of ``rows`` (one, or none) reaches at a place, or why that cannot be told."""
    if rows.empty or words.missing(rows.iloc[0]["auc"]):
        return f"{place} its AUC cannot be estimated{because(rows)}"
    if flat(rows).iloc[0]:
        return f"{place} it gives everybody the same score and ranks nobody"
    return f"{place} its AUC is {_value(rows)}"


def _value(rows: pd.DataFrame) -> str:
    return words.estimate(rows.iloc[0], words.patients(rows.iloc[0]))


def reason(rows: pd.DataFrame) -> str:
    """The first reason of these rows; empty where there is none."""
    reasons = rows.get("reason", pd.Series(dtype=str)).dropna()
    return next((str(text) for text in reasons if text), "")


def because(rows: pd.DataFrame) -> str:
    """The first reason of these rows, after a colon; empty where there is none."""
    return f": {why}" if (why := reason(rows)) else ""
