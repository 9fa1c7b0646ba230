"""Draws of a resampling in the store: appended as each is finished, so that work resumes and may grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now
from sgcore.store.schema import BASE_TABLES

#: What a draw may leave behind, beside its own rows in ``resample_draws``.
PARTS = ("draws", "scores", "aucs", "selections")


class Resamples:
    """Draws by analysis, kind and number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, analysis_id: str, kind: str, draw: int, parts: dict[str, pd.DataFrame]) -> None:
        """Store one draw whole; a draw that is there already is left as it is.

        ``parts`` are frames by name of :data:`PARTS` without the columns that name the draw; ``draws``
        has at least one row, or the draw would never be done.
        """
        _check(parts)
        key = {"analysis_id": analysis_id, "kind": kind, "draw": draw}
        with self._connection.transaction() as cursor:
            known = cursor.execute(
                "SELECT 1 FROM resample_draws WHERE analysis_id = ? AND kind = ? AND draw = ?",
                [*key.values()],
            ).fetchone()
            if known is not None:
                return
            for part, frame in parts.items():
                if frame.empty:
                    continue
                stamp = {**key, "computed_at": utc_now()} if part == "draws" else key
                insert(cursor, f"resample_{part}", frame.assign(**stamp))

    def done(self, analysis_id: str, kind: str) -> set[int]:
        """Numbers of the draws that are stored."""
        with self._connection.cursor() as cursor:
            rows = cursor.execute(
                "SELECT DISTINCT draw FROM resample_draws WHERE analysis_id = ? AND kind = ?",
                [analysis_id, kind],
            ).fetchall()
        return {row[0] for row in rows}

    def frames(self, analysis_id: str, kind: str) -> dict[str, pd.DataFrame]:
        """Every part of all draws, in the order of their numbers, without analysis and kind.

        All parts are of one moment: work that appends meanwhile is in all of them or in none.
        """
        with self._connection.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                return {part: _read(cursor, analysis_id, kind, part) for part in PARTS}
            finally:
                cursor.execute("COMMIT")


def _read(cursor: Any, analysis_id: str, kind: str, part: str) -> pd.DataFrame:
    frame: pd.DataFrame = cursor.execute(
        f"SELECT * EXCLUDE (analysis_id, kind) FROM resample_{part} "  # noqa: S608  (a constant)
        "WHERE analysis_id = ? AND kind = ? ORDER BY draw, rowid",
        [analysis_id, kind],
    ).df()
    return frame


def _check(parts: Mapping[str, pd.DataFrame]) -> None:
    """Raise :class:`StoreError` for what the tables cannot hold; nothing is left out in silence."""
    for part, frame in parts.items():
        if part not in PARTS:
            raise StoreError(f"a draw has no part {part!r}; there are {', '.join(PARTS)}")
        unknown = set(frame) - set(BASE_TABLES[f"resample_{part}"])
        if unknown:
            raise StoreError(f"part {part!r} of a draw has unknown column(s) {', '.join(sorted(unknown))}")
    if "draws" not in parts or parts["draws"].empty:
        raise StoreError("a draw needs a row in its part 'draws'")
