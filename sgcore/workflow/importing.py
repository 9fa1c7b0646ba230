"""A study file into the store, as a unit."""

from __future__ import annotations

from pathlib import Path

from sgcore.cohort import load_study
from sgcore.domain import Study
from sgcore.jobs import Cancel, OnProgress
from sgcore.store import Store
from sgcore.workflow.study_results import take_up


def import_study(
    path: Path | str,
    store: Store,
    *,
    audit_only: bool = False,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Study:
    """Check a study and store it; raises ``StudyError`` with every problem, and then stores nothing.

    Features and networks that came with it are stored, too, as far as they are not there yet.
    ``audit_only`` imports a study whose patients, labels or images contradict each other, so that it
    can be shown and audited; it cannot be modelled.
    """
    study = load_study(path, audit_only=audit_only, on_progress=on_progress, cancel=cancel)
    add_study(store, study)
    return study


def add_study(store: Store, study: Study) -> None:
    """Store a study that was already checked, with what came with it; one with the same content stays as it is."""
    store.studies.add(study)
    take_up(study, store)
