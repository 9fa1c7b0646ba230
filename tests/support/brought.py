"""Tables of predictions for a study, as somebody else's program would write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sgcore import workflow
from sgcore.cohort import Roles
from sgcore.domain import EvaluationSet, Study
from sgcore.workflow import BroughtComparison, BroughtModels, Store

#: Roles of the columns of :func:`scores_of`.
ROLES = Roles("diagnosis", ("net", "other net"), "secondary", "patient", "site", "image")
#: Family and classifier of the models that an analysis has chosen.
CHOSEN = [("US", "LR"), ("Radiomics", "SVM")]


def scores_of(study: Study, *, seed: int = 1) -> pd.DataFrame:
    """One row an image of the study with two models; ``net`` follows the label, ``other net`` less so."""
    rng = np.random.default_rng(seed)
    cases = study.cases()
    noise = rng.normal(size=(len(cases), 2))
    return pd.DataFrame(
        {
            "image": cases["image_id"],
            "patient": cases["patient_id"],
            "site": cases["center"],
            "diagnosis": np.where(cases["y"] == 1, study.positive, study.negative),
            "net": (noise[:, 0] + 1.5 * cases["y"]).round(3),
            "other net": (noise[:, 1] + 0.6 * cases["y"]).round(3),
        }
    )


def by_patient(frame: pd.DataFrame) -> pd.DataFrame:
    """One row a patient, without the images."""
    return frame.groupby("patient", as_index=False, sort=False).agg(
        {"site": "first", "diagnosis": "first", "net": "mean", "other net": "mean"}
    )


def write(frame: pd.DataFrame, folder: Path, name: str = "scores.csv") -> Path:
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def bring(
    store: Store, study: Study | None, folder: Path, frame: pd.DataFrame, **changes: Any
) -> BroughtModels:
    """Store a table, for the study where one is given; ``changes`` are of the roles."""
    if study is not None:
        workflow.add_study(store, study)
    return workflow.import_predictions(write(frame, folder), store, study, replace(ROLES, **changes))


def compare(
    brought: BroughtModels, study: Study, predictions: pd.DataFrame, **changes: Any
) -> BroughtComparison:
    """All its models beside :data:`CHOSEN`, on the external set by patient unless changed."""
    at = replace(EvaluationSet("external", None, "patient"), **changes)
    return workflow.compare_with_families(predictions, CHOSEN, brought, study, brought.models, at)


def warned(brought: BroughtModels, words: str) -> bool:
    """Whether one of the warnings has these words."""
    return any(words in problem.rule for problem in brought.warnings)
