"""The way from a study file to a ``Study``: each step writes to one ledger, and none stops the next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from sgcore.cohort import brought_tables, deep_tables, images_table, patients, predictions
from sgcore.cohort.faults import Fault
from sgcore.cohort.files import printable
from sgcore.cohort.images_table import Images
from sgcore.cohort.ledger import Ledger, few
from sgcore.cohort.paths import StudyFolder
from sgcore.cohort.readers import IMAGE_SUFFIXES
from sgcore.cohort.results_folder import check_results
from sgcore.cohort.scan import scan_images, unlisted_files
from sgcore.cohort.settings import TABLES, StudySettings
from sgcore.cohort.splits import assign_subsets
from sgcore.cohort.study_file import read_settings
from sgcore.cohort.text_table import MAX_COLUMNS, MAX_PLAIN_COLUMNS, TextTable, read_table
from sgcore.config import fingerprint
from sgcore.domain import Decision, Study
from sgcore.jobs import Cancel, OnProgress

_REQUIRED = {
    "patients": patients.REQUIRED,
    "images": images_table.REQUIRED,
    "descriptors": ("image_id",),
    "features": ("image_id",),
    "predictions": predictions.REQUIRED,
    **deep_tables.REQUIRED,
}
#: Hashed with the tables of networks: a store may have a study of the same files that came without them.
_WITH_DEEP_TABLES = "deep tables"


def read_study(
    path: Path, ledger: Ledger, on_progress: OnProgress | None = None, cancel: Cancel | None = None
) -> tuple[Study | None, dict[str, int]]:
    """Read and check everything; the study is None when the ledger has an error. Counts: patients, images."""
    counts = {"patients": 0, "images": 0}
    settings = read_settings(path, ledger)
    if settings is None:
        return None, counts
    folder = StudyFolder(path.parent)
    texts = _read_tables(printable(path.name), settings, folder, ledger)
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
    scanned = scan_images(images, texts["images"].file, ledger, on_progress, cancel)
    _warn_unlisted(texts["images"], images, folder, ledger)
    files = (texts["patients"].file, texts["images"].file)
    assigned = assign_subsets(people.frame, images, files, settings, ledger)
    parts = _brought(texts, settings, (assigned, scanned), images.left_out, ledger)
    if ledger.errors:
        return None, counts
    digests = {name: table.digest for name, table in texts.items()}
    parts["fingerprint"] = _content(settings, digests, scanned)
    if settings.results is not None:
        parts["results"] = check_results(
            settings.results.manifest, printable(path.name), parts["fingerprint"], folder, ledger
        )
        if ledger.errors:
            return None, counts
    parts["warnings"], parts["notes"] = tuple(ledger.warnings), tuple(ledger.notes)
    parts["conflicts"] = tuple(str(problem) for problem in ledger.conflicts)
    return _study(path, settings, assigned, scanned, parts), counts


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
        most = MAX_COLUMNS if name in ("features", "deep_features") else MAX_PLAIN_COLUMNS
        table = read_table(path, relative, _REQUIRED[name], ledger, max_columns=most)
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
            f"{len(names)} file(s) in {printable(os.path.relpath(place, folder.root))} are in no row ({few(names)})",
            "Add their rows, or move them out of the study",
        )


def _brought(
    texts: dict[str, TextTable],
    settings: StudySettings,
    frames: tuple[pd.DataFrame, pd.DataFrame],
    left_out: frozenset[str],
    ledger: Ledger,
) -> dict[str, Any]:
    """Every table that is neither patients nor images, checked against these two (``frames``)."""
    people, images = frames
    subset = people["subset"] if "subset" in people else pd.Series("train", index=people.index)
    owners = people.assign(subset=subset).set_index("patient_id")
    cases = images[["image_id", "patient_id"]].join(owners[["label", "y", "subset"]], on="patient_id")
    labels = cases.set_index("image_id")["y"]
    descriptors, computed = brought_tables.check_descriptors(
        texts.get("descriptors"), images, labels, left_out, ledger
    )
    parts: dict[str, Any] = {
        "descriptors": descriptors,
        "computed_descriptors": computed,
        "features": None,
        "predictions": None,
    }
    if "features" in texts:
        parts["features"] = brought_tables.check_features(texts["features"], images, labels, left_out, ledger)
    if "predictions" in texts and settings.predictions is not None:
        parts["predictions"] = predictions.check_predictions(
            texts["predictions"], cases, left_out, settings.predictions.kind, ledger
        )
    if parts["features"] is not None and images["image"].notna().any():
        ledger.note(
            "The study brings images and features; its features are used with the preset 'study' alone "
            "(`--preset study`)."
        )
    parts.update(deep_tables.check_deep(texts, labels, left_out, ledger))
    return parts


def _content(settings: StudySettings, digests: dict[str, str], images: pd.DataFrame) -> str:
    """Fingerprint of everything that decides a result: not of folder, file names, muting, decision or known results."""
    hashes = images[["image_id", "image_sha256", "mask_sha256"]].astype(object).to_numpy().tolist()
    deep = [_WITH_DEEP_TABLES] if digests.keys() & deep_tables.REQUIRED.keys() else []
    return fingerprint(
        settings.model_dump(exclude={"audit", "decision", "tables", "results"}), digests, hashes, *deep
    )


def _study(
    path: Path, settings: StudySettings, people: pd.DataFrame, images: pd.DataFrame, parts: dict[str, Any]
) -> Study:
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
        muted=dict(settings.audit.mute),
        decision=_decision(settings),
        **parts,
    )


def _decision(settings: StudySettings) -> Decision | None:
    if settings.decision is None:
        return None
    low, high = settings.decision.thresholds
    return Decision(settings.decision.treat, low, high, settings.decision.prevalence)
