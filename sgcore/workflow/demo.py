"""The demo study: phantoms of salivary glands, shipped with everything that was computed of them."""

from __future__ import annotations

from pathlib import Path

from sgcore.cohort import load_study
from sgcore.domain import Study
from sgcore.jobs import OnProgress
from sgcore.store import Store
from sgcore.workflow.study_results import take_up


def demo_folder() -> Path:
    """Where the demo study lies in the checkout."""
    return Path(__file__).resolve().parents[2] / "data" / "demo"


def load_demo(store: Store, *, on_progress: OnProgress | None = None) -> Study:
    """Store the demo study with its features, networks, both analyses, explanations and audits, as they are shipped.

    Raises ``StudyError`` where its files are missing or changed.
    """
    study = load_study(demo_folder() / "study.toml", on_progress=on_progress)
    store.studies.add(study)
    take_up(study, store, ("radiomics", "networks", "analyses", "audit"))
    return study
