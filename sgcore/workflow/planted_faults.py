"""Copies of the demo study with a planted fault each, beside the clean study: what an audit has to find."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sgcore.cohort.phantoms import (
    DEMO_SEED,
    PAPER_COUNTS,
    Group,
    phantom_cohort,
    write_cohort,
    write_feature_study,
)
from sgcore.cohort.phantoms.planted import FAULTS, PlantedFault, StudyCopy, scores
from sgcore.cohort.phantoms.streams import stream
from sgcore.cohort.phantoms.truth import Truth
from sgcore.errors import SgauditError
from sgcore.jobs import OnProgress, Reporter

LIST = "faults.json"
#: All associations three times as strong: what 29 external patients show beyond doubt.
CLEAR = Truth(label_effect=3.0)


@dataclass(frozen=True)
class PlantedStudy:
    """A fault, and the study files with it (``path``) and without it (``clean``)."""

    fault: PlantedFault
    path: Path
    clean: Path

    def as_dict(self, folder: Path) -> dict[str, Any]:
        """Plain JSON types; paths relative to ``folder``."""
        return {
            "name": self.fault.name,
            "code": self.fault.code,
            "text": self.fault.text,
            "refused": self.fault.refused,
            "path": self.path.relative_to(folder).as_posix(),
            "clean": self.clean.relative_to(folder).as_posix(),
        }


def plant_faults(
    folder: Path,
    *,
    counts: Sequence[Group] = PAPER_COUNTS,
    seed: int = DEMO_SEED,
    on_progress: OnProgress | None = None,
) -> list[PlantedStudy]:
    """Write the clean studies, a copy for each of ``FAULTS``, and ``faults.json``; the same seed gives the same bytes.

    Files that a fault leaves as they are become hard links to the clean ones where the file system has such.

    Raises
    ------
    SgauditError : ``folder`` is not an empty one, or the cohort of ``counts`` is too small for a fault.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SgauditError(f"{folder} is not an empty folder. Name a new one, or remove what is in it.")
    folder.mkdir(parents=True, exist_ok=True)
    clean = {
        "clean": write_cohort(folder / "clean", phantom_cohort(seed=seed, counts=counts), on_progress),
        "clean-features": write_feature_study(folder / "clean-features", seed=seed, counts=counts),
        "clear-features": write_feature_study(folder / "clear-features", CLEAR, seed, counts=counts),
    }
    clear = StudyCopy.of(clean["clear-features"].parent)
    scores.of_all(clear, stream(seed, "network"))
    clean["clear-scores"] = clear.write(
        folder / "clear-scores", "Salivary gland feature phantoms with a network (synthetic)"
    )
    report, planted = Reporter("planted faults", len(FAULTS), on_progress), []
    for done, fault in enumerate(FAULTS, start=1):
        path = _plant(fault, clean[fault.base].parent, folder / fault.name, seed)
        planted.append(PlantedStudy(fault, path, clean[fault.base]))
        report(done, fault.name)
    rows = [study.as_dict(folder) for study in planted]
    (folder / LIST).write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return planted


def _plant(fault: PlantedFault, clean: Path, folder: Path, seed: int) -> Path:
    copy, untouched = StudyCopy.of(clean), StudyCopy.of(clean)
    # By name, so that a fault more moves no other.
    fault.plant(copy, np.random.default_rng([seed, zlib.crc32(fault.name.encode())]))
    same = all(table.equals(untouched.tables[name]) for name, table in copy.tables.items())
    if same and not copy.pictures and not copy.sources:
        raise SgauditError(
            f"The fault {fault.name!r} changes nothing in a cohort so small. Give more patients."
        )
    return copy.write(folder, f"Salivary gland phantoms with a planted fault: {fault.name}")
