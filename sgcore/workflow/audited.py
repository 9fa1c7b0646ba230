"""The audit as a frame: one row a check."""

from __future__ import annotations

import pandas as pd

from sgcore.audit import Evidence, audit

COLUMNS = ["code", "severity", "status", "title", "message", "remedy", "page", "plot", "evidence"]


def findings_frame(evidence: Evidence) -> pd.DataFrame:
    """``code, severity, status, title, message, remedy, page, plot`` and the ``evidence`` as JSON rows."""
    rows = []
    for finding in audit(evidence):
        row = {name: getattr(finding, name) for name in COLUMNS}
        table = finding.evidence
        rows.append(row | {"evidence": None if table is None else table.to_json(orient="records")})
    return pd.DataFrame(rows, columns=COLUMNS)
