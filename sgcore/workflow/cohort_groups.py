"""Groups of a study that are set side by side in tables 1 and 2, and the part of it that is counted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from sgcore.domain import SUBSETS, Study, Subset
from sgcore.workflow.subgroup_of import subgroups

#: Development against external centers: what a study is compared by besides a column, label, subset or center.
ROLE = "development or external"


@dataclass(frozen=True)
class CohortGroups:
    """Group of each patient (by ``patient_id``) and of each image (by ``image_id``); ``names`` in their order."""

    names: tuple[str, ...]
    patients: pd.Series
    images: pd.Series


def cohort_groups(study: Study, by: str) -> CohortGroups:
    """The groups of a study by ``label``, ``ROLE``, ``subset``, ``center`` or a column of its subgroups.

    A column of images may put images of a patient into several groups; the patient then is in a group of
    its own.

    Raises
    ------
    UsageError : ``by`` is none of these.
    """
    patients, images = (
        study.patients.set_index("patient_id"),
        study.images.set_index("image_id")["patient_id"],
    )
    if by == "label":
        group, names = patients["label"], [study.negative, study.positive]
    elif by == ROLE:
        group = (patients["subset"] == "external").map({False: "development", True: "external"})
        names = ["development", "external"]
    elif by == "subset":
        group, names = patients["subset"], list(SUBSETS)
    elif by == "center":
        group = "center " + patients["center"].astype(str)
        names = [f"center {name}" for name in (*study.development, *study.external)]
    else:
        own, of_patients = subgroups(study, by), subgroups(study, by, "patient")
        group = of_patients.astype(object).groupby(images).first()
        names = list(dict.fromkeys([*own.cat.categories, *of_patients.cat.categories]))
        return CohortGroups(tuple(names), group, own.astype(object))
    return CohortGroups(tuple(names), group, images.map(group))


def part_of(study: Study, subset: Subset | None, center: str | None) -> Study:
    """The study with the patients of a subset and a center alone, and what belongs to them."""
    if subset is None and center is None:
        return study
    kept = pd.Series(True, index=study.patients.index)
    if subset is not None:
        kept &= study.patients["subset"] == subset
    if center is not None:
        kept &= study.patients["center"] == center
    patients = study.patients[kept]
    images = study.images[study.images["patient_id"].isin(patients["patient_id"])]
    described = study.descriptors
    if described is not None:
        described = described[described["image_id"].isin(images["image_id"])]
    return replace(study, patients=patients, images=images, descriptors=described)
