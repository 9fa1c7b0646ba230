"""The audit as a frame: one row a check, of an analysis, or of a study that has none."""

from __future__ import annotations

import json
from functools import cache, partial
from math import isfinite
from typing import Any

import pandas as pd

from sgcore.audit import Evidence, audit
from sgcore.config import BROUGHT, recipe
from sgcore.domain import FeatureTable, Study
from sgcore.store import Store
from sgcore.workflow.analysis import Analysis, latest
from sgcore.workflow.audit_frames import derived
from sgcore.workflow.muting import mutings_of
from sgcore.workflow.plain import plain
from sgcore.workflow.resampled_results import resampled

COLUMNS = ["code", "severity", "status", "title", "message", "remedy", "page", "evidence"]


def findings_of(analysis: Analysis, store: Store) -> pd.DataFrame:
    """``code, severity, status, title, message, remedy, page`` and the ``evidence`` as JSON rows."""
    return findings_frame(evidence_of(analysis, store))


def evidence_of(analysis: Analysis, store: Store) -> Evidence:
    """What the checks of an analysis read; frames are read once, when the first check asks for them."""
    return Evidence(
        latest(store, analysis.study),
        analysis.config,
        analysis.features,
        cache(partial(derived, analysis)),
        len(store.analyses.looks(analysis.study_id)),
        partial(resampled, analysis),
        mutings_of(store, analysis.study_id),
    )


def findings_of_study(study: Study, store: Store) -> pd.DataFrame:
    """The same of a study without an analysis, such as one that is only audited: its tables and images alone."""
    nothing = pd.DataFrame()
    values = nothing if study.features is None else study.features.set_index("image_id")
    residue = pd.DataFrame(columns=["image_id", "image_type", "ratio"])
    table = FeatureTable(
        "radiomics", BROUGHT, "", values, pd.DataFrame(columns=["image_id", "reason"]), residue
    )

    def frame(kind: str) -> pd.DataFrame:
        return store.evidence.frame(study.fingerprint, kind)

    muted = mutings_of(store, study.fingerprint)
    return findings_frame(Evidence(latest(store, study), recipe("paper"), table, frame, muted=muted))


def findings_frame(evidence: Evidence) -> pd.DataFrame:
    """Every check's answer as a row of ``COLUMNS``."""
    rows = []
    for finding in audit(evidence):
        row = {name: getattr(finding, name) for name in COLUMNS}
        table = finding.evidence
        rows.append(row | {"evidence": None if table is None else _json(table)})
    return pd.DataFrame(rows, columns=COLUMNS)


def _json(table: pd.DataFrame) -> str:
    """Rows with every digit, which JSON of pandas would round; what is missing or infinite is null, as there."""
    rows = [
        {name: plain(value) if _known(value) else None for name, value in row.items()}
        for row in table.to_dict("records")
    ]
    return json.dumps(rows, allow_nan=False)


def _known(value: Any) -> bool:
    return not isinstance(value, float) or isfinite(value)
