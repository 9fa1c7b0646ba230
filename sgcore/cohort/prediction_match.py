"""Predictions made elsewhere and a study: which case is which, and where the two disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from sgcore.cohort.ledger import MAX_PROBLEMS, Ledger, did_you_mean, few, fold
from sgcore.cohort.prediction_file import PredictionFile
from sgcore.domain import SUBSETS, Problem, Study


@dataclass(frozen=True)
class PredictionMatch:
    """How the cases of a table of predictions were found in a study.

    Attributes
    ----------
    by : ``"image"`` or ``"patient"`` (one row a patient), or None where cases could not be matched;
        ``reason`` then says why.
    cases : one row a matched case, its index the row of the table: ``image_id`` (the patient's name by
        patient), ``patient_id, center, subset, y_true``, all as the study has them.
    n_foreign : cases of the table that the study does not hold.
    lacking : subset -> (cases of the study that the table lacks, cases of the study); empty when unmatched.
    shared_patients : names of patients that the table and the study have in common, None where the table
        has none. None in common does not say that the patients are others: they may go by other names.
    other_patients : somebody declared that they are, and no name in common contradicts it.
    errors, warnings : what is to be mended and what to be known; a label that disagrees is an error. At
        most 100 of ``total`` errors.
    """

    by: Literal["image", "patient"] | None
    reason: str
    cases: pd.DataFrame = field(compare=False, repr=False)
    n_foreign: int
    lacking: dict[str, tuple[int, int]]
    shared_patients: int | None
    other_patients: bool
    errors: tuple[Problem, ...] = field(compare=False, repr=False)
    warnings: tuple[Problem, ...] = field(compare=False, repr=False)
    total: int


def match_predictions(table: PredictionFile, study: Study) -> PredictionMatch:
    """Find the cases of a table in a study: by image identifier, else by patient, else not at all.

    By patient only where each patient of the study has one row in the table. Identifiers are equal
    letter by letter; one that differs in its case alone is named. A table that was declared to be of
    other patients and has a name of the study all the same is an error.
    """
    ledger = Ledger()
    known = _by_image(table, study)
    by: Literal["image", "patient"] | None = None if known is None else "image"
    shared = None
    if table.groups is not None:
        shared = int(table.groups[table.groups.isin(study.patients["patient_id"])].nunique())
        if known is None and shared:
            known = _by_patient(table, study)
            by = None if known is None else "patient"
    if table.roles.other_patients:
        _contradiction(table, study, ledger)
    if known is None or ledger.errors:
        declared = table.roles.other_patients and not ledger.errors
        reason = "its patients are others, as was declared" if declared else _why_not(table, shared)
        if not table.roles.other_patients:
            fix = "Name the column of the study's image identifiers, or declare that its patients are others"
            ledger.warning(table.file, f"cases cannot be found in the study: {reason}", fix)
        nothing = pd.DataFrame(columns=["image_id", "patient_id", "center", "subset", "y_true"])
        return PredictionMatch(
            None, reason, nothing, len(table.y), {}, shared, declared,
            tuple(ledger.errors), tuple(ledger.warnings), len(ledger.errors),
        )  # fmt: skip
    _labels(table, study, known, ledger)
    keys = table.images if by == "image" else table.groups
    assert keys is not None  # what was matched has the column it was matched by
    if by == "image":
        _patients(table, known, ledger)
    _centers(table, known, ledger)
    _foreign(table.file, keys, known, study, by, ledger)
    lacking = _lacking(table.file, known, study, by, ledger)
    trained = int((known["subset"] == "train").sum())
    if trained:
        ledger.warning(
            table.file,
            f"{trained} cases are training cases of the study",
            "Where the model was trained on them too, its scores there say nothing about new patients",
        )
    return PredictionMatch(
        by, "", known, len(table.y) - len(known), lacking, shared, False,
        tuple(ledger.errors[:MAX_PROBLEMS]), tuple(ledger.warnings), len(ledger.errors),
    )  # fmt: skip


def _by_image(table: PredictionFile, study: Study) -> pd.DataFrame | None:
    if table.images is None:
        return None
    cases = study.cases().rename(columns={"y": "y_true"}).set_index("image_id", drop=False)
    images = table.images[table.images.isin(cases.index)]
    return cases.loc[images].set_axis(images.index) if len(images) else None


def _by_patient(table: PredictionFile, study: Study) -> pd.DataFrame | None:
    assert table.groups is not None  # the caller has looked
    patients = study.patients.set_index("patient_id", drop=False)
    names = table.groups[table.groups.isin(patients.index)]
    if names.duplicated().any():
        return None
    found = patients.loc[names, ["patient_id", "center", "subset", "y"]].set_axis(names.index)
    return found.rename(columns={"y": "y_true"}).assign(image_id=names)


def _why_not(table: PredictionFile, shared: int | None) -> str:
    if shared:
        given = "names none of the study's images" if table.images is not None else "names no images"
        return f"the file {given}, and has several rows of the same patient"
    if shared == 0:
        return "none of its names of patients is in the study, and the same people may have other names there"
    if table.images is not None:
        return "none of its identifiers is an image of the study, and it names no patients"
    return "the file names neither images nor patients"


def _contradiction(table: PredictionFile, study: Study, ledger: Ledger) -> None:
    """Names of the study in a table that was declared to be of other patients."""
    known = ((table.groups, study.patients["patient_id"]), (table.images, study.images["image_id"]))
    for given, names in known:
        # A name in other letters (p7 for P7) contradicts as well.
        found = None if given is None else given[given.map(fold).isin(names.map(fold))]
        if found is None or found.empty:
            continue
        ledger.error(
            table.file,
            f"the file is declared to be of other patients, and here {len(found)} of its {len(table.y)} cases have "
            "names of the study",
            "Take the declaration back, or give patients and images of the file names of their own",
            row=int(found.index[0]),
            column=str(found.name),
            value=str(found.iloc[0]),
        )


def _labels(table: PredictionFile, study: Study, known: pd.DataFrame, ledger: Ledger) -> None:
    y = table.y.loc[known.index]
    wrong = known.index[y.notna() & (y != known["y_true"])]
    if len(wrong) == len(known) and len(known) > 1:
        ledger.error(
            table.file,
            f"all {len(known)} labels disagree with the study, whose positive label is {study.positive!r}",
            f"Choose {table.negative!r} as the positive value, if it means the same",
            column=str(table.y.name),
            value=table.positive,
        )
        return
    for row in wrong:
        given = table.positive if y[row] == 1 else table.negative
        expected = study.positive if known.at[row, "y_true"] == 1 else study.negative
        ledger.error(
            table.file,
            f"the label disagrees with the study, where {known.at[row, 'image_id']!r} is {expected!r}",
            "Correct the label in the file, or in the study",
            row=int(row),
            column=str(table.y.name),
            value=given,
        )


def _patients(table: PredictionFile, known: pd.DataFrame, ledger: Ledger) -> int:
    if table.groups is None:
        return 0
    given = table.groups.loc[known.index]
    return _differ(table.file, "patient", given, known["patient_id"], given != known["patient_id"], ledger)


def _centers(table: PredictionFile, known: pd.DataFrame, ledger: Ledger) -> int:
    if table.centers is None:
        return 0
    given = table.centers.loc[known.index]
    return _differ(
        table.file, "center", given, known["center"], given.map(fold) != known["center"].map(fold), ledger
    )


def _differ(
    file: str, what: str, given: pd.Series, expected: pd.Series, wrong: pd.Series, ledger: Ledger
) -> int:
    count = int(wrong.sum())
    if count:
        row = int(wrong.index[wrong][0])
        ledger.warning(
            file,
            f"the {what} of {count} of {len(given)} cases is another one in the study (here {expected[row]!r})",
            f"Correct the file if it is wrong; the study's {what} is taken",
            row=row,
            column=str(given.name),
            value=str(given[row]),
        )
    return count


def _foreign(
    file: str, keys: pd.Series, known: pd.DataFrame, study: Study, by: str | None, ledger: Ledger
) -> None:
    others = keys[~keys.index.isin(known.index)]
    if others.empty:
        return
    names = study.images["image_id"] if by == "image" else study.patients["patient_id"]
    ledger.warning(
        file,
        f"{len(others)} of {len(keys)} cases are not in the study ({few(others)})",
        did_you_mean(str(others.iloc[0]), names, "They take no part in comparisons with its families"),
        row=int(others.index[0]),
        column=str(keys.name),
        value=str(others.iloc[0]),
    )


def _lacking(
    file: str, known: pd.DataFrame, study: Study, by: str | None, ledger: Ledger
) -> dict[str, tuple[int, int]]:
    every = study.cases() if by == "image" else study.patients
    key, noun = ("image_id", "images") if by == "image" else ("patient_id", "patients")
    found: dict[str, tuple[int, int]] = {}
    for subset in SUBSETS:
        members = every[every["subset"] == subset]
        absent = members.loc[~members[key].isin(known[key]), key]
        found[subset] = len(absent), len(members)
        called = "training" if subset == "train" else subset
        if len(absent):
            ledger.warning(
                file,
                f"the file lacks {len(absent)} of {len(members)} {called} {noun} of the study ({few(absent)})",
                "Score them, or say why they are missing; comparisons are on the cases that both scored",
            )
    return found
