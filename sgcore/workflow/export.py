"""Result tables as CSV files that a spreadsheet opens without running anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sgcore.errors import SgauditError
from sgcore.store.result_frames import RESULT_FRAMES
from sgcore.workflow.analysis import Analysis
from sgcore.workflow.csv_text import inert
from sgcore.workflow.redraws import PLANS
from sgcore.workflow.resampled_results import resampled

#: What is stored of an analysis, and what is made when it is read.
KINDS = (
    *RESULT_FRAMES,
    "findings",
    "residue",
    "training_curves",
    "grad_cam",
    "map_randomization",
    "occlusion",
    "shap_models",
    "shap_values",
)


def export_tables(analysis: Analysis, folder: Path) -> list[Path]:
    """Write each result table as ``<analysis>-<table>.csv``; returns the paths.

    The first columns say which study, analysis and time a row belongs to.
    """
    stamp = {
        "study": analysis.study_name,
        "analysis": analysis.id,
        "computed_at": analysis.created_at.isoformat(timespec="seconds"),
    }
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, frame in _tables(analysis):
            stamped = pd.concat([pd.DataFrame([stamp] * len(frame)), frame.reset_index(drop=True)], axis=1)
            path = folder / f"{analysis.id}-{kind}.csv"
            inert(stamped).to_csv(path, index=False)
            paths.append(path)
    except OSError as error:
        raise SgauditError(f"The tables cannot be written to {folder}: {error.strerror or error}.") from error
    return paths


def _tables(analysis: Analysis) -> Iterator[tuple[str, pd.DataFrame]]:
    for kind in KINDS:
        yield kind, analysis.frame(kind).drop(columns="evidence", errors="ignore")
    for kind in PLANS:
        found = resampled(analysis, kind)
        if len(found.rows):
            yield f"resampled-{kind}", found.rows
            yield f"resampled-{kind}-detail", found.detail
