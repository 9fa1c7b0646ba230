"""The patients table: one row a patient, a known center, one of two labels."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sgcore.cohort.columns import identifiers, numbers, other_columns
from sgcore.cohort.ledger import Ledger, Place, few, fold, nearest
from sgcore.cohort.settings import StudySettings
from sgcore.cohort.text_table import TextTable, each

REQUIRED = ("patient_id", "center", "label")
#: Centers whose spelling is compared; a table with more unknown ones is no list of misspellings.
MAX_STRANGE = 500


@dataclass(frozen=True)
class Patients:
    """``frame``: the study's patients, typed, indexed by row; ``left_out``: ids of other centers' patients;
    ``refused``: ids whose row has an error, so that their images need no second message."""

    frame: pd.DataFrame
    left_out: frozenset[str]
    refused: frozenset[str]


def check_patients(table: TextTable, settings: StudySettings, ledger: Ledger) -> Patients:
    """Type and check the table; rows of centers that the study file does not name are left out, and said."""
    ids = identifiers(table, "patient_id", ledger, unique=False)
    centers = _centers(table, settings, ledger)
    unnamed = ids[centers == "left out"]
    if len(unnamed):
        names = sorted(set(table.cells.loc[unnamed.index, "center"]))
        ledger.note(
            f"{len(unnamed)} patients of {few(names)} were left out: the study file does not name the center."
        )
        _perhaps_misspelt(table, unnamed, settings, ledger)
    kept = centers == "named"
    frame = pd.DataFrame(
        {"patient_id": ids[kept], "center": table.cells["center"][kept], "label": table.cells["label"][kept]}
    )
    choices = (settings.label.negative, settings.label.positive)
    known = frame["label"].isin(choices)
    for row, value in each(frame.loc[~known, "label"]):
        ledger.error(
            table.file,
            "the label is neither of the two in the study file" if value else "the label is empty",
            ledger.suggest(value, choices, f"Labels are {choices[0]!r} and {choices[1]!r}"),
            row=row,
            column="label",
            value=value,
        )
    frame["y"] = (frame["label"] == settings.label.positive).astype("int64")
    rest = other_columns(table, (*REQUIRED, "y", "age"), ledger)
    if "y" in table:
        ledger.note("The column 'y' of the patients table was left out; y is computed from the label.")
    if "age" in table:
        ages = numbers(table, "age", ledger, low=0, high=120, what="an age from 0 to 120 years")
        frame["age"] = ages[kept]
    frame = frame.join(rest)
    _repeated(table.file, frame, ledger)
    for center in settings.all_centers:
        if center not in set(frame["center"]):
            others = set(table.cells["center"]) - set(settings.all_centers)
            ledger.error(
                table.file,
                "a center of the study file has no patient",
                ledger.suggest(center, others, "Correct the name, or remove it from [centers]"),
                column="center",
                value=center,
            )
    refused = table.refused | frozenset(ids[centers == "refused"])
    return Patients(
        frame.drop_duplicates("patient_id"), frozenset(unnamed) - set(frame["patient_id"]), refused
    )


def _centers(table: TextTable, settings: StudySettings, ledger: Ledger) -> pd.Series:
    """For each row: named, left out, or refused because it is probably a misspelt name."""
    named = settings.all_centers
    state = pd.Series("named", index=table.cells.index)
    strange = set(table.cells["center"]) - {*named, ""}
    close = {center: nearest(center, named, cutoff=0.8) for center in sorted(strange)[:MAX_STRANGE]}
    for row, center in each(table.cells["center"]):
        if center in named:
            continue
        near = close.get(center)
        if center and (near is None or _numbered_apart(center, near)):
            state[row] = "left out"
            continue
        state[row] = "refused"
        ledger.error(
            table.file,
            "unknown center, close to one of the study file" if center else "the center is empty",
            f"Write {near!r}, or remove the row" if near else f"Centers are {', '.join(named)}",
            row=row,
            column="center",
            value=center,
        )
    return state


def _perhaps_misspelt(table: TextTable, unnamed: pd.Series, settings: StudySettings, ledger: Ledger) -> None:
    """Warn of a left-out center whose name is somewhat like a named one (``Alfa`` and ``Alpha``)."""
    left_out = table.cells.loc[unnamed.index, "center"]
    for row, center in each(left_out.drop_duplicates()[:MAX_STRANGE]):
        near = nearest(center, settings.all_centers)
        if near is not None and not _numbered_apart(center, near):
            ledger.warning(
                table.file,
                f"{int((left_out == center).sum())} patient(s) of a center that the study file does not name "
                "were left out",
                f"If it is {near!r}, write it so",
                row=row,
                column="center",
                value=center,
            )


def _numbered_apart(one: str, other: str) -> bool:
    """Names such as ``Center 1`` and ``Center 2`` (or A and B) are two centers, not two spellings."""
    a, b = fold(one), fold(other)
    return a != b and len(a) == len(b) and a[:-1] == b[:-1]


def _repeated(file: str, frame: pd.DataFrame, ledger: Ledger) -> None:
    """Patients with a second row: in conflict with the first one, or merely repeated."""
    first = frame.drop_duplicates("patient_id").set_index("patient_id")
    again = frame[frame["patient_id"].duplicated()]
    for row, patient in each(again["patient_id"]):
        differs = False
        for name in ("center", "label"):
            here, there = str(again.at[row, name]), str(first.at[patient, name])
            if here == there:
                continue
            differs = True
            rule = f"patient {patient!r} has two {name}s: {there!r} and {here!r}"
            fix = "One patient has one row; keep the right one"
            ledger.conflict(file, rule, fix, row=row, column=name, value=here, patient=patient)
        if not differs:
            rule = f"patient {patient!r} has more than one row"
            place: Place = {"row": row, "column": "patient_id", "value": patient, "patient": patient}
            ledger.conflict(file, rule, "Keep one", **place)
    if ledger.audit_only and len(again):
        ledger.note("Of patients with several rows the first was kept, for the audit only.")
