"""A study file into the store, as a unit."""

from __future__ import annotations

from pathlib import Path

from sgcore.cohort import load_study
from sgcore.domain import Study
from sgcore.store import Store


def import_study(path: Path | str, store: Store, *, audit_only: bool = False) -> Study:
    """Check a study and store it; raises ``StudyError`` with every problem, and then stores nothing.

    ``audit_only`` imports a study whose patients, labels or images contradict each other, so that it
    can be shown and audited; it cannot be modelled.
    """
    study = load_study(path, audit_only=audit_only)
    store.studies.add(study)
    return study
