"""Checks that somebody muted beside the study file. Rows are only added: one without a reason lifts the muting."""

from __future__ import annotations

import pandas as pd

from sgcore.store.connection import Connection
from sgcore.store.migrations import utc_now


class Mutings:
    """Mutings by study and check; what came first is told by the order of rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, study_id: str, code: str, author: str, reason: str | None) -> None:
        """Mute a check with a reason, or lift its muting (None)."""
        with self._connection.transaction() as cursor:
            cursor.execute(
                "INSERT INTO check_mutings VALUES (?, ?, ?, ?, ?)",
                [study_id, code, author, reason, utc_now()],
            )

    def of(self, study_id: str) -> pd.DataFrame:
        """``code, author, reason, muted_at`` (UTC) of every muting and lifting, oldest first."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                "SELECT code, author, reason, muted_at FROM check_mutings WHERE study_id = ? ORDER BY rowid",
                [study_id],
            ).df()
