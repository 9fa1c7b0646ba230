"""How SGA070 puts what a network answers without the lesion, and of the lesion alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sgcore.audit.maps import left_out
from sgcore.audit.networks import subset_name
from sgcore.domain import SUBSETS, Subset
from sgcore.explain.parted_answers import ANSWERS, PartedAnswers, parted_answers

#: A network may know its own training patients by anything in their images; what it reads shows in others.
HELD_OUT = SUBSETS[1:]
_WHAT = "AUC of the same network by images in which the lesion is painted over, and in which all but the lesion is"
_NOT_STORED = " What the network answers without the lesion was not stored when it was trained."


@dataclass(frozen=True)
class Occlusion:
    """What tells the labels apart, by subset: what lies around the lesion, or the lesion.

    ``text`` are the numbers in words. ``judged`` are the held-out subsets that have an interval of the difference,
    ``beside`` those in which the surroundings tell the labels apart, and better than the lesion. ``images`` keep their
    answer without the lesion, and lose it without what lies around.
    """

    text: str
    judged: tuple[Subset, ...] = ()
    beside: tuple[Subset, ...] = ()
    images: tuple[str, ...] = ()


def occlusion(answers: pd.DataFrame, cases: pd.DataFrame) -> Occlusion:
    """Judge each held-out subset alone.

    ``answers`` : the frame ``occlusion``. ``cases`` : ``image_id, patient_id, subset, y``.
    """
    if answers.empty:
        return Occlusion(_NOT_STORED)
    rows = cases.merge(answers, on="image_id", how="left", validate="one_to_one")
    three = rows[list(ANSWERS)]
    reasons = rows["reason"].fillna("the network was not asked about the image")
    missing = left_out(rows["lesion"].where(three.notna().all(axis=1)), reasons, "images")
    known = rows.dropna(subset=list(ANSWERS))
    if known.empty:
        return Occlusion(f" The network could not be asked without the lesion.{missing}")
    parts = known.groupby("subset")
    found = {subset: parted_answers(parts.get_group(subset)) for subset in SUBSETS if subset in parts.groups}
    numbers = "; ".join(f"{subset_name(subset)} {_numbers(each)}" for subset, each in found.items())
    held_out = {subset: found[subset] for subset in HELD_OUT if subset in found}
    positive = known[list(ANSWERS)] >= 0
    same = {name: positive[name] == positive["whole"] for name in ("surroundings", "lesion")}
    return Occlusion(
        f" {_WHAT}: {numbers}.{missing}{_by_lesion(held_out)}",
        tuple(subset for subset, each in held_out.items() if not pd.isna(each.difference.ci_low)),
        tuple(subset for subset, each in held_out.items() if each.beside),
        tuple(known.loc[same["surroundings"] & ~same["lesion"], "image_id"]),
    )


def _numbers(found: PartedAnswers) -> str:
    around, lesion, difference = found.surroundings, found.lesion, found.difference
    if pd.isna(around.auc):
        return f"not estimable ({around.reason})"
    areas = f"{around.auc:.2f} and {lesion.auc:.2f}"
    if pd.isna(difference.ci_low):
        return f"{areas} (no interval of the difference: {difference.reason})"
    return f"{areas} (difference {difference.delta:.2f}, {difference.ci_low:.2f} to {difference.ci_high:.2f})"


def _by_lesion(held_out: Mapping[Subset, PartedAnswers]) -> str:
    """Where it is shown that the lesion tells the labels apart better than what lies around it."""
    shown = [subset_name(subset) for subset, each in held_out.items() if each.difference.ci_high < 0]
    if not shown:
        return ""
    return f" In the {' and '.join(shown)} the lesion tells the labels apart better than what lies around it."
