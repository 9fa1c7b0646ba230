"""Who trains, who validates, who is external: by patient, never by image."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.cohort.images_table import Images
from sgcore.cohort.ledger import Ledger
from sgcore.cohort.settings import StudySettings
from sgcore.domain import SUBSETS


def split_patients(patients: pd.DataFrame, settings: StudySettings) -> pd.Series:
    """Subset of each patient: development centers split by share and seed, the others external.

    Patients are sorted by id and drawn within each label by a generator of that seed and label, so
    that neither the order of rows nor the patients of other centers change the result. A label with
    two or more patients has at least one on each side.
    """
    subset = pd.Series("external", index=patients.index, dtype="str")
    developing = patients[patients["center"].isin(settings.centers.development)]
    for y, group in developing.groupby("y"):
        ordered = group["patient_id"].sort_values()
        count = len(ordered)
        train = round(settings.split.train * count)
        if count > 1:
            train = min(max(train, 1), count - 1)
        order = np.random.default_rng([settings.split.seed, int(str(y))]).permutation(count)
        subset[ordered.index] = "validation"
        subset[ordered.index[order[:train]]] = "train"
    return subset


def assign_subsets(
    patients: pd.DataFrame, images: Images, files: tuple[str, str], settings: StudySettings, ledger: Ledger
) -> pd.DataFrame:
    """Patients with their ``subset``, drawn or from the column that the study file names.

    ``files`` are the names of the patients and the images table, for messages.
    """
    column = settings.split.column
    if column is None:
        given: pd.Series | None = split_patients(patients, settings)
    else:
        given = _given(patients, images, files, column, ledger)
    if given is None:
        return patients
    if "subset" in patients and column != "subset":
        ledger.note(
            "[split] does not name the column 'subset' of the patients table; it was kept as 'subset_given'."
        )
        patients = patients.rename(columns={"subset": "subset_given"})
    patients = patients.assign(subset=given)
    if column is not None:
        _against_centers(patients, files[0], column, settings, ledger)
    _both_labels(patients, files[0], settings, ledger)
    return patients


def _given(
    patients: pd.DataFrame, images: Images, files: tuple[str, str], column: str, ledger: Ledger
) -> pd.Series | None:
    if column not in patients and column not in images.frame:
        known = [*patients.columns, *images.frame.columns]
        fix = ledger.suggest(column, known, "Name a column of the patients or images table")
        ledger.error(files[0], "the column of [split] is missing", fix, column=column)
        return None
    subset: dict[str, str] = {}
    for file, table in ((files[0], patients), (files[1], images.frame)):
        if column not in table:
            continue
        for row, patient, value in zip(table.index, table["patient_id"], table[column], strict=True):
            if value not in SUBSETS:
                rule, write = "not a subset", ledger.error
                fix = ledger.suggest(str(value), SUBSETS, f"Write {', '.join(SUBSETS)}")
            elif subset.setdefault(patient, str(value)) != value:
                rule, write = (
                    f"patient {patient!r} is in two subsets: {subset[patient]}, {value}",
                    ledger.conflict,
                )
                fix = "All images of a patient belong to one subset"
            else:
                continue
            write(file, rule, fix, row=int(row), column=column, value=str(value), patient=str(patient))
    missing = patients[~patients["patient_id"].isin(subset)]
    if column not in patients:
        for row, patient in missing["patient_id"].items():
            ledger.error(
                files[0],
                "the patient has no subset, as it has no image",
                "Add the image, or remove the patient",
                row=int(str(row)),
                value=patient,
            )
    return patients["patient_id"].map(subset)


def _against_centers(
    patients: pd.DataFrame, file: str, column: str, settings: StudySettings, ledger: Ledger
) -> None:
    outside = patients["center"].isin(settings.centers.external)
    for row in patients.index[outside & (patients["subset"] != "external")]:
        ledger.conflict(
            file,
            f"a patient of the external center {patients.at[row, 'center']!r} is not in the external subset",
            "Write external, or name the center under development",
            row=int(row),
            column=column,
            value=str(patients.at[row, "subset"]),
            patient=str(patients.at[row, "patient_id"]),
        )
    inside = patients.index[~outside & (patients["subset"] == "external")]
    if len(inside):
        ledger.warning(
            file,
            f"{len(inside)} patient(s) of a development center are external",
            "That is a test of another time or device, not of another center; say so in the report",
            row=int(inside[0]),
            column=column,
        )


def _both_labels(patients: pd.DataFrame, file: str, settings: StudySettings, ledger: Ledger) -> None:
    trains = patients[patients["subset"] == "train"]
    for y, label in enumerate((settings.label.negative, settings.label.positive)):
        if not (trains["y"] == y).any():
            ledger.error(
                file,
                f"no training patient is {label!r}",
                "Training needs patients of both labels in the development centers",
                column="label",
                value=label,
            )
    for center, group in patients.groupby("center"):
        if group["y"].nunique() == 1 and len(trains):
            ledger.warning(
                file,
                f"all {len(group)} patients of center {center!r} have one label",
                "No AUC can be computed in this center",
                column="center",
                value=str(center),
            )
