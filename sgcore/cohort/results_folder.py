"""Results that travel with a study: a manifest, and Parquet files that are what it says they are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sgcore.cohort.faults import Fault
from sgcore.cohort.files import MAX_TABLE_BYTES, printable, read_file
from sgcore.cohort.ledger import Ledger
from sgcore.cohort.paths import StudyFolder
from sgcore.domain import ComputedResults

#: Raised when the files have another form.
FORMAT = "sgaudit-results-1"
MANIFEST = "manifest.json"
_MAKE_AGAIN = "Make the folder again with `sgaudit pack`, or remove [results] from the study file"


class ResultsManifest(BaseModel):
    """What ``sgaudit pack`` writes beside the files: of which study they are, by which software, and their hashes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: str = Field(pattern=f"^{FORMAT}$")
    study: str
    versions: dict[str, str]
    settings: list[dict[str, Any]]
    #: SHA-256 by path relative to the manifest.
    files: dict[str, str]


def check_results(
    relative: str, file: str, fingerprint: str, folder: StudyFolder, ledger: Ledger
) -> ComputedResults | None:
    """The results that a study file names, or None after writing what is wrong to the ledger.

    Parameters
    ----------
    relative, file : path of the manifest as the study file ``file`` names it.
    fingerprint : of the study that was read: results of another content are an error.
    """
    try:
        path = folder.resolve(relative)
        manifest = _read(path)
    except Fault as fault:
        ledger.error(file, fault.rule, fault.fix, column="results.manifest", value=relative[:200])
        return None
    if manifest.study != fingerprint:
        ledger.error(
            relative,
            f"the results are of study {manifest.study[:16]}; this study is {fingerprint}: tables, images or settings "
            "have changed since",
            _MAKE_AGAIN,
            column="study",
            value=manifest.study[:16],
        )
        return None
    wrong = _wrong_files(manifest, path.parent, relative)
    for name, each in wrong:
        rule = f"{printable(name)}: {each.rule}"
        ledger.error(relative, rule, each.fix, column="files", value=name[:200])
    if wrong:
        return None
    made_by = manifest.versions.get("sgaudit", "of an unknown version")
    ledger.note(
        f"The study brings features and networks that sgaudit {made_by} computed of it ({relative}); they were not "
        "computed here."
    )
    return ComputedResults(path.parent, tuple(manifest.files), manifest.versions, tuple(manifest.settings))


def _read(path: Path) -> ResultsManifest:
    content = read_file(path, MAX_TABLE_BYTES)
    try:
        return ResultsManifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the whole file"
        raise Fault(f"this is no manifest of results: {place}: {first['msg']}", _MAKE_AGAIN) from error


def _wrong_files(manifest: ResultsManifest, root: Path, relative: str) -> list[tuple[str, Fault]]:
    """Files that are missing or not those that were packed."""
    inside, wrong = StudyFolder(root), []
    for name, expected in manifest.files.items():
        try:
            found = hashlib.sha256(read_file(inside.resolve(name), MAX_TABLE_BYTES)).hexdigest()
            if found != expected:
                raise Fault(
                    f"the file has changed since it was packed (SHA-256 {found[:8]}, {relative} says "
                    f"{printable(expected)[:8]})",
                    _MAKE_AGAIN,
                )
        except Fault as fault:
            wrong.append((name, fault))
    return wrong
