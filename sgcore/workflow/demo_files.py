"""The demo study's files, made anew: images, features, networks, analyses and the manifest of them all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection
from pathlib import Path
from typing import Any

from sgcore.cohort import load_study
from sgcore.config import Device
from sgcore.config.demo import DEMO_PARTS, DEMO_RECIPES, DemoPart, demo_settings
from sgcore.domain import Study
from sgcore.errors import SgauditError
from sgcore.jobs import Cancel, Jobs, OnProgress
from sgcore.store import Store
from sgcore.store.study_results import Part
from sgcore.workflow.completion import complete_audit
from sgcore.workflow.heads import write_heads
from sgcore.workflow.packing import pack
from sgcore.workflow.study_results import take_up
from sgcore.workflow.whole_run import run

MANIFEST = "manifest.json"
_RESULTS, _HEADS = "results", "heads"
_NAMED = f'\n[results]\nmanifest = "{_RESULTS}/manifest.json"\n'


def rebuild_demo(
    folder: Path,
    store: Store,
    parts: Collection[DemoPart] = DEMO_PARTS,
    *,
    jobs: Jobs,
    device: Device = "auto",
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Study:
    """Make the demo study, or parts of it, anew in ``folder``; what is not named is taken from there.

    New images change all that follows; analyses are always computed anew. Costly results of the audit that are there
    stay with an analysis that kept its name. ``store`` holds the work, so that an interrupted one goes on where it was.

    Raises ``SgauditError`` for what has to be there and is not.
    """
    if "images" in parts:
        parts = DEMO_PARTS
        _draw(folder, on_progress)
    path = folder / "study.toml"
    if not path.is_file():
        raise SgauditError(f"{folder} holds no demo study yet; rebuild it whole, or with --part images.")
    shipped = load_study(path, on_progress=on_progress, cancel=cancel)
    store.studies.add(shipped)
    kept: list[Part] = [part for part in ("radiomics", "networks") if part not in parts]
    take_up(shipped, store, kept, note="")
    # What is packed is to say nothing of results that it came with.
    plain = path.read_text(encoding="utf-8").replace(_NAMED, "")
    path.write_text(plain, encoding="utf-8")
    study = load_study(path, cancel=cancel)
    settings: dict[str, Any] = {"jobs": jobs, "device": device, "on_progress": on_progress, "cancel": cancel}
    analyses = [run(study, demo_settings(name), store, **settings) for name in DEMO_RECIPES]
    if "audit" in parts:
        for each in analyses:
            complete_audit(each, store, jobs=jobs, on_progress=on_progress, cancel=cancel)
    else:
        take_up(shipped, store, ("audit",))
    fresh = folder / f"{_RESULTS}.new"
    shutil.rmtree(fresh, ignore_errors=True)
    pack(study, analyses, store, fresh, audited=True)
    shutil.rmtree(folder / _RESULTS, ignore_errors=True)
    fresh.rename(folder / _RESULTS)
    if "networks" in parts:
        write_heads(study, analyses[0].config, store, folder / _HEADS)
    path.write_text(plain + _NAMED, encoding="utf-8")
    _write_manifest(folder)
    return study


def _draw(folder: Path, on_progress: OnProgress | None) -> None:
    """New images and tables; what was computed of others goes."""
    from sgcore.cohort.phantoms import phantom_cohort, write_cohort

    for old in ("images", "masks", _RESULTS, _HEADS):
        shutil.rmtree(folder / old, ignore_errors=True)
    write_cohort(folder, phantom_cohort(), on_progress=on_progress)


def part_of(name: str) -> DemoPart:
    """The part of the demo study that makes a file of it."""
    first, *others = Path(name).parts
    if first == _HEADS:
        return "networks"
    if first == _RESULTS and len(others) > 1:
        return next(part for part in DEMO_PARTS if part == others[0])
    return "analyses" if first == _RESULTS else "images"


def _write_manifest(folder: Path) -> None:
    """Every file of the demo with its hash, below the command that makes it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / MANIFEST)
    hashes = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }
    parts = {
        part: {
            "rebuild": f"uv run sgaudit demo --rebuild --part {part}",
            "files": {name: digest for name, digest in hashes.items() if part_of(name) == part},
        }
        for part in DEMO_PARTS
    }
    (folder / MANIFEST).write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")
