"""The parts of a study that the flow of cases shows: boxes with their counts, and the table of these."""

from __future__ import annotations

import pandas as pd

from sgcore.domain import Study
from sgcore.plots import words
from sgcore.plots.cohort import Group


def flow_groups(study: Study, failures: pd.DataFrame) -> tuple[Group, list[Group], list[Group]]:
    """Development patients, their two parts, and the external patients of each center.

    A patient belongs to the subset that it has, also where the study's own split makes patients of a
    development center external. ``failures`` has a row an ``image_id`` without features.
    """
    patients = study.patients
    failed = failures["image_id"] if len(failures) else []
    external = patients["subset"] == "external"

    def group(title: str, part: pd.DataFrame) -> Group:
        images = study.images.loc[study.images["patient_id"].isin(part["patient_id"]), "image_id"]
        positive = int((part["y"] == 1).sum())
        lost = int(images.isin(failed).sum())
        return Group(title, len(part), len(images), len(part) - positive, positive, lost)

    development = patients[~external]
    parts = [
        group(words.SUBSETS[name], part)
        for name in ("train", "validation")
        if len(part := development[development["subset"] == name])
    ]
    outside = [
        group(f"External: {center}", part)
        for center in (*study.external, *study.development)
        if len(part := patients[external & (patients["center"] == center)])
    ]
    centers = ", ".join(dict.fromkeys(development["center"]))
    return group(f"Development: {centers}", development), parts, outside


def flow_table(groups: list[Group], study: Study) -> pd.DataFrame:
    """One row a box."""
    return pd.DataFrame(
        [
            {
                "Part": group.title,
                "Patients": group.patients,
                "Images": group.images,
                "Images without features": group.failed,
                study.negative: group.negative,
                study.positive: group.positive,
            }
            for group in groups
        ]
    )
