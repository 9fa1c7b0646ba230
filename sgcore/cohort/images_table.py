"""The images table: one row an image, of a known patient, with the paths of its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sgcore.cohort.columns import identifiers, numbers, other_columns
from sgcore.cohort.faults import Fault
from sgcore.cohort.image_types import SPACING_MM
from sgcore.cohort.ledger import Ledger
from sgcore.cohort.paths import StudyFolder
from sgcore.cohort.patients import Patients
from sgcore.cohort.settings import StudySettings
from sgcore.cohort.text_table import TextTable

REQUIRED = ("image_id", "patient_id")
FILES = ("image", "mask")


@dataclass(frozen=True)
class Images:
    """``frame``: the study's images, typed, indexed by row; ``left_out``: ids of the other images;
    ``paths``: for each row the files of ``image`` and ``mask`` that exist."""

    frame: pd.DataFrame
    left_out: frozenset[str]
    paths: dict[int, dict[str, Path]]


def check_images(
    table: TextTable, patients: Patients, settings: StudySettings, folder: StudyFolder, ledger: Ledger
) -> Images:
    """Type and check the table and find the files that it names."""
    ids = identifiers(table, "image_id", ledger, unique=True)
    known = set(patients.frame["patient_id"])
    owner = table.cells["patient_id"]
    outside = owner.isin(patients.left_out)
    for row in owner.index[~owner.isin(known | patients.left_out | patients.refused)]:
        ledger.error(
            table.file,
            "the patient is not in the patients table",
            ledger.suggest(owner[row], known, "Add the patient, or remove the image"),
            row=int(row),
            column="patient_id",
            value=owner[row],
        )
    if outside.any():
        ledger.note(f"{int(outside.sum())} images of left-out patients were left out.")
    kept = owner.isin(known)
    frame = table.cells.loc[kept, list(REQUIRED)].copy()
    paths: dict[int, dict[str, Path]] = {int(row): {} for row in frame.index}
    brings_tables = any(
        getattr(settings.tables, name) for name in ("features", "predictions", "deep_features", "deep_scores")
    )
    for column in FILES:
        _files(table, column, frame, paths=paths, folder=folder, ledger=ledger, optional=brings_tables)
    frame["pixel_spacing_mm"] = (
        numbers(
            table,
            "pixel_spacing_mm",
            ledger,
            low=SPACING_MM[0],
            high=SPACING_MM[1],
            what=f"a size from {SPACING_MM[0]:g} to {SPACING_MM[1]:g} mm",
        )[kept]
        if "pixel_spacing_mm" in table
        else float("nan")
    )
    computed = ("image_sha256", "mask_sha256", "height", "width", "roi_pixels", "aspect_ratio")
    frame = frame.join(other_columns(table, (*REQUIRED, *FILES, "pixel_spacing_mm", *computed), ledger))
    taken = [name for name in computed if name in table]
    if taken:
        ledger.note(f"Columns {', '.join(taken)} of the images table were left out; they are computed.")
    _agree_with_patients(table, frame, patients, ledger)
    without = known - set(owner)
    for row, patient in patients.frame["patient_id"].items():
        if patient in without:
            ledger.warning(
                settings.tables.patients,
                "the patient has no image",
                "Add the images, or remove the patient",
                row=int(str(row)),
                column="patient_id",
                value=patient,
            )
    return Images(frame.drop_duplicates("image_id"), table.refused | frozenset(ids[~kept]), paths)


def _files(
    table: TextTable,
    column: str,
    frame: pd.DataFrame,
    *,
    paths: dict[int, dict[str, Path]],
    folder: StudyFolder,
    ledger: Ledger,
    optional: bool,
) -> None:
    """Add the column of paths to ``frame`` and the files that exist to ``paths``."""
    texts = table.cells[column][frame.index] if column in table else pd.Series("", frame.index, dtype="str")
    if (texts == "").all() and optional:
        frame[column] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
        return
    if column not in table:
        others = [name for name in table.cells.columns if name not in REQUIRED]
        fix = ledger.suggest(column, others, "Add it, or bring a features or predictions table")
        ledger.error(table.file, "a required column is missing", fix, row=1, column=column)
        return
    frame[column] = texts
    for row, text in texts.items():
        try:
            if not text:
                raise Fault(f"the image has no {column}", "Name the file")
            paths[int(str(row))][column] = folder.resolve(text)
        except Fault as fault:
            ledger.error(
                table.file, fault.rule, fault.fix, row=int(str(row)), column=column, value=text[:200]
            )


def _agree_with_patients(table: TextTable, frame: pd.DataFrame, patients: Patients, ledger: Ledger) -> None:
    """A label or center that stands in both tables is the same, unless lesions are told apart."""
    columns = ["center"] if "lesion_id" in table else ["center", "label"]
    by_patient = patients.frame.set_index("patient_id")
    for column in columns:
        if column not in table:
            continue
        given = table.cells.loc[frame.index, column]
        expected = frame["patient_id"].map(by_patient[column])
        for row in given.index[(given != "") & (given != expected)]:
            ledger.conflict(
                table.file,
                f"the patient has two {column}s: {expected[row]!r} in its own table, {given[row]!r} here",
                "Correct one of the tables",
                row=int(row),
                column=column,
                value=given[row],
                patient=frame.at[row, "patient_id"],
            )
