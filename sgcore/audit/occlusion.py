"""How SGA070 puts what a network answers without the lesion, and of the lesion alone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from sgcore.audit.maps import left_out
from sgcore.audit.networks import subset_name
from sgcore.audit.reported import between, joined
from sgcore.cohort.ledger import few
from sgcore.domain import Subset
from sgcore.explain.occlusion_auc import ANSWERS, OcclusionAuc, occlusion_by_subset
from sgcore.stats import AucResult

_WHAT = (
    "In patients who neither trained nor chose the network, the AUC by image (clustered by patient) of its answers to "
    "whole images, to images with the lesion painted over, and to the lesion alone is"
)
_NOBODY = "All patients trained or chose the network, so that its answers without the lesion decide nothing."
_NOT_STORED = (
    "What the network answers without the lesion is not stored; of one that is trained into a new store, or from "
    "another seed, it will be."
)


@dataclass(frozen=True)
class OcclusionVerdict:
    """What tells the labels apart, by subset: what lies around the lesion, or the lesion.

    ``text`` are the numbers in words. ``judged`` are the subsets in which a finding was possible, or the contrary is
    shown, ``surroundings`` those in which there is one. ``images`` are of these; they keep their answer without the
    lesion, and lose it without what lies around.
    """

    text: str
    judged: tuple[Subset, ...] = ()
    surroundings: tuple[Subset, ...] = ()
    images: tuple[str, ...] = ()


def judge_occlusion(
    answers: pd.DataFrame, cases: pd.DataFrame, held_out: Collection[Subset]
) -> OcclusionVerdict:
    """Judge each subset that neither trained nor chose the network.

    ``answers`` : the frame ``occlusion``. ``cases`` : ``image_id, patient_id, subset, y``.
    """
    if answers.empty:
        return OcclusionVerdict(_NOT_STORED)
    found = occlusion_by_subset(answers, cases)
    missing = _missing(answers, cases)
    if not found:
        return OcclusionVerdict(f"The network could not be asked without the lesion.{missing}")
    own = {subset: each for subset, each in found.items() if subset in held_out}
    if not own:
        return OcclusionVerdict(f"{_NOBODY}{missing}")
    numbers = "; ".join(f"{_numbers(each)} in the {subset_name(subset)}" for subset, each in own.items())
    by_surroundings = tuple(subset for subset, each in own.items() if each.by_surroundings)
    images = _images(answers, cases, by_surroundings)
    told = [f"{_WHAT} {numbers}.{missing}"]
    if images:
        told.append(f"Answers that stay without the lesion and change by the lesion alone: {few(images)}.")
    by_lesion = tuple(subset for subset, each in own.items() if each.by_lesion)
    if by_lesion:
        sets = joined(subset_name(subset) for subset in by_lesion)
        told.append(f"In the {sets} the lesion tells the labels apart better than what lies around it.")
    able = {subset: each.detectable for subset, each in own.items() if each.detectable > 0}
    if able:
        limits = ", ".join(f"{limit:.2f} ({subset_name(subset)})" for subset, limit in able.items())
        told.append(f"A difference above {limits} would have been a finding.")
    return OcclusionVerdict(" ".join(told), (*able, *by_lesion), by_surroundings, images)


def _missing(answers: pd.DataFrame, cases: pd.DataFrame) -> str:
    rows = cases[["image_id"]].merge(answers, on="image_id", how="left", validate="one_to_one")
    complete = rows["whole"].where(rows[ANSWERS].notna().all(axis=1))
    return left_out(complete, rows["reason"].fillna("the network was not asked about the image"), "images")


def _images(answers: pd.DataFrame, cases: pd.DataFrame, subsets: Collection[Subset]) -> tuple[str, ...]:
    own = answers[answers["image_id"].isin(cases.loc[cases["subset"].isin(subsets), "image_id"])]
    own = own.dropna(subset=ANSWERS)
    positive = {name: own[name] >= 0 for name in ANSWERS}
    stays = positive["surroundings"] == positive["whole"]
    return tuple(own.loc[stays & (positive["lesion"] != positive["whole"]), "image_id"])


def _numbers(found: OcclusionAuc) -> str:
    difference = found.difference
    if pd.isna(found.whole.auc):
        return f"not estimable ({found.whole.reason})"
    counts = f"{difference.n_cases} images of {difference.n_patients} patients"
    areas = f"{found.whole.auc:.2f}, {_area(found.surroundings)} and {_area(found.lesion)}"
    if pd.isna(difference.ci_low):
        return f"{areas} (no interval of the difference: {difference.reason}; {counts})"
    return f"{areas} (difference {difference.delta:.2f}, {between(difference.ci_low, difference.ci_high)}; {counts})"


def _area(area: AucResult) -> str:
    return f"{area.auc:.2f} [{between(area.ci_low, area.ci_high)}]"
