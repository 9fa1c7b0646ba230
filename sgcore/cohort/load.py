"""From a study file to a checked ``Study``, or to the list of everything that is wrong with it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import pandas as pd

from sgcore.cohort import brought_tables, images_table, patients, predictions
from sgcore.cohort.faults import Fault
from sgcore.cohort.images_table import Images
from sgcore.cohort.ledger import MAX_PROBLEMS, Ledger, few
from sgcore.cohort.paths import StudyFolder
from sgcore.cohort.readers import IMAGE_SUFFIXES
from sgcore.cohort.scan import scan_images, unlisted_files
from sgcore.cohort.settings import TABLES, StudySettings, read_settings
from sgcore.cohort.splits import assign_subsets
from sgcore.cohort.text_table import TextTable, read_table
from sgcore.config import fingerprint
from sgcore.domain import Problem, Study
from sgcore.errors import StudyError

_REQUIRED = {
    "patients": patients.REQUIRED,
    "images": images_table.REQUIRED,
    "descriptors": ("image_id",),
    "features": ("image_id",),
    "predictions": predictions.REQUIRED,
    "deep_features": ("image_id",),
    "deep_scores": ("image_id", "backbone", "score"),
    "training_curves": ("backbone", "epoch"),
}


@dataclass(frozen=True)
class ValidationReport:
    """What a validation found.

    ``problems`` are at most 100 errors and warnings, errors first, of ``total``; ``study`` is there
    when there is no error; ``counts`` has ``errors, warnings, patients, images``.
    """

    problems: tuple[Problem, ...]
    total: int
    study: Study | None = field(repr=False)
    counts: dict[str, int]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The report as plain JSON types."""
        return {
            **self.counts,
            "problems": [problem.as_dict() for problem in self.problems],
            "total": self.total,
            "notes": list(self.notes),
            "fingerprint": None if self.study is None else self.study.fingerprint,
        }


def load_study(path: str | PathLike[str], *, audit_only: bool = False) -> Study:
    """Read and check a study.

    Parameters
    ----------
    path : the study's TOML file.
    audit_only : load a study whose patients stand in two subsets, labels or centers, or share an
        image, with these conflicts as warnings; it can be shown and audited, not modelled.

    Raises
    ------
    StudyError : with the first 100 errors in ``problems`` and their number in ``total``.
    """
    ledger = Ledger(audit_only=audit_only)
    study, _ = _read(Path(path), ledger)
    if study is None:
        raise StudyError(ledger.errors[:MAX_PROBLEMS], len(ledger.errors))
    return study


def validate_study(path: str | PathLike[str], *, audit_only: bool = False) -> ValidationReport:
    """Everything that is wrong with a study; never raises for bad content or a missing file."""
    ledger = Ledger(audit_only=audit_only)
    study, counts = _read(Path(path), ledger)
    errors, warnings = len(ledger.errors), len(ledger.warnings)
    return ValidationReport(
        problems=tuple(ledger.listed()),
        total=errors + warnings,
        study=study,
        counts={"errors": errors, "warnings": warnings, **counts},
        notes=tuple(ledger.notes),
    )


def _read(path: Path, ledger: Ledger) -> tuple[Study | None, dict[str, int]]:
    counts = {"patients": 0, "images": 0}
    settings = read_settings(path, ledger)
    if settings is None:
        return None, counts
    folder = StudyFolder(path.parent)
    texts = _read_tables(path.name, settings, folder, ledger)
    if "patients" not in texts:
        return None, counts
    people = patients.check_patients(texts["patients"], settings, ledger)
    counts["patients"] = len(people.frame)
    if "images" not in texts:
        return None, counts
    images = images_table.check_images(texts["images"], people, settings, folder, ledger)
    counts["images"] = len(images.frame)
    if images.frame.empty:
        ledger.error(texts["images"].file, "no image belongs to a patient of the study", "Add images")
    scanned = scan_images(images, texts["images"].file, ledger)
    _warn_unlisted(texts["images"], images, folder, ledger)
    files = (texts["patients"].file, texts["images"].file)
    assigned = assign_subsets(people.frame, images, files, settings, ledger)
    parts = _brought(texts, settings, scanned, assigned, images.left_out, ledger)
    if ledger.errors:
        return None, counts
    return _study(path, settings, texts, assigned, scanned, parts, ledger), counts


def _read_tables(
    file: str, settings: StudySettings, folder: StudyFolder, ledger: Ledger
) -> dict[str, TextTable]:
    texts = {}
    for name in TABLES:
        relative = getattr(settings.tables, name)
        if relative is None:
            continue
        try:
            path = folder.resolve(relative)
        except Fault as fault:
            ledger.error(file, fault.rule, fault.fix, column=f"tables.{name}", value=relative[:200])
            continue
        table = read_table(path, relative, _REQUIRED[name], ledger)
        if table is not None:
            texts[name] = table
    return texts


def _warn_unlisted(table: TextTable, images: Images, folder: StudyFolder, ledger: Ledger) -> None:
    listed = {
        folder.root / text for column in images_table.FILES if column in table for text in table.cells[column]
    }
    for place, names in unlisted_files(images.paths, listed, IMAGE_SUFFIXES).items():
        ledger.warning(
            table.file,
            f"{len(names)} file(s) in {os.path.relpath(place, folder.root)} are in no row ({few(names)})",
            "Add their rows, or move them out of the study",
        )


def _brought(
    texts: dict[str, TextTable],
    settings: StudySettings,
    images: pd.DataFrame,
    people: pd.DataFrame,
    left_out: frozenset[str],
    ledger: Ledger,
) -> dict[str, Any]:
    """Descriptors, features and predictions, checked against the images."""
    descriptors, computed = brought_tables.check_descriptors(
        texts.get("descriptors"), images, left_out, ledger
    )
    parts: dict[str, Any] = {
        "descriptors": descriptors,
        "computed_descriptors": computed,
        "features": None,
        "predictions": None,
    }
    subset = people["subset"] if "subset" in people else pd.Series("train", index=people.index)
    owners = people.assign(subset=subset).set_index("patient_id")
    cases = images[["image_id", "patient_id"]].join(owners[["label", "y", "subset"]], on="patient_id")
    if "features" in texts:
        labels = cases.set_index("image_id")["y"]
        parts["features"] = brought_tables.check_features(
            texts["features"], images, labels, left_out, ledger
        )
    if "predictions" in texts and settings.predictions is not None:
        parts["predictions"] = predictions.check_predictions(
            texts["predictions"], cases, left_out, settings.predictions.kind, ledger
        )
    for name in ("deep_features", "deep_scores"):
        if name in texts:
            unique = name == "deep_features"
            brought_tables.check_network_table(texts[name], images, left_out, ledger, unique=unique)
    return parts


def _study(
    path: Path,
    settings: StudySettings,
    texts: dict[str, TextTable],
    people: pd.DataFrame,
    images: pd.DataFrame,
    parts: dict[str, Any],
    ledger: Ledger,
) -> Study:
    hashes = images[["image_id", "image_sha256", "mask_sha256"]].astype(object).to_numpy().tolist()
    content = fingerprint(
        settings.model_dump(exclude={"audit", "tables"}),
        {name: table.digest for name, table in texts.items()},
        hashes,
    )
    return Study(
        name=settings.name,
        path=path.absolute(),
        negative=settings.label.negative,
        positive=settings.label.positive,
        development=tuple(settings.centers.development),
        external=tuple(settings.centers.external),
        split_train=settings.split.train,
        split_seed=settings.split.seed,
        split_column=settings.split.column,
        patients=people.reset_index(drop=True),
        images=images.drop(columns="aspect_ratio").reset_index(drop=True),
        predictions_kind=settings.predictions.kind if settings.predictions else None,
        warnings=tuple(ledger.warnings),
        notes=tuple(ledger.notes),
        fingerprint=content,
        muted=dict(settings.audit.mute),
        **parts,
    )
