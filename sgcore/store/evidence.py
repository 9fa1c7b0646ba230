"""What costly audit jobs found: one frame a kind, of a study or of an analysis, written once."""

from __future__ import annotations

import json

import pandas as pd

from sgcore.store.connection import Connection
from sgcore.store.migrations import utc_now


class CostlyEvidence:
    """Frames by ``subject_id`` (a study's or an analysis' fingerprint) and kind; the first one stays."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, subject_id: str, kind: str, frame: pd.DataFrame) -> None:
        """Store a frame of plain numbers, texts and truths; one that is there stays as it is."""
        # JSON of pandas rounds; Python's has every digit.
        split = frame.astype(object).where(frame.notna(), None).to_dict("split", index=False)
        content = json.dumps(split)
        with self._connection.transaction() as cursor:
            cursor.execute(
                "INSERT INTO audit_evidence VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [subject_id, kind, content, utc_now()],
            )

    def frame(self, subject_id: str, kind: str) -> pd.DataFrame:
        """The stored frame; one without columns where the job has not run."""
        with self._connection.cursor() as cursor:
            row = cursor.execute(
                "SELECT content FROM audit_evidence WHERE subject_id = ? AND kind = ?", [subject_id, kind]
            ).fetchone()
        if row is None:
            return pd.DataFrame()
        found = json.loads(row[0])
        return pd.DataFrame(found["data"], columns=found["columns"])
