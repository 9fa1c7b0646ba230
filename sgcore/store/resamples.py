"""Draws of a resampling in the store: appended as each is finished, so that work resumes and may grow."""

from __future__ import annotations

import pandas as pd

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
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
        has at least one row.
        """
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
                cursor.register("incoming", frame.assign(**stamp))
                names = ", ".join(f'"{name}"' for name in (*frame, *stamp) if name in _columns(part))
                cursor.execute(f"INSERT INTO resample_{part} BY NAME SELECT {names} FROM incoming")  # noqa: S608
                cursor.unregister("incoming")

    def done(self, analysis_id: str, kind: str) -> set[int]:
        """Numbers of the draws that are stored."""
        with self._connection.cursor() as cursor:
            rows = cursor.execute(
                "SELECT DISTINCT draw FROM resample_draws WHERE analysis_id = ? AND kind = ?",
                [analysis_id, kind],
            ).fetchall()
        return {row[0] for row in rows}

    def frame(self, analysis_id: str, kind: str, part: str) -> pd.DataFrame:
        """One part of all draws, in the order of their numbers, without analysis and kind."""
        if part not in PARTS:
            raise StoreError(f"a draw has no part {part!r}; there are {', '.join(PARTS)}")
        with self._connection.cursor() as cursor:
            return cursor.execute(
                f"SELECT * EXCLUDE (analysis_id, kind) FROM resample_{part} "  # noqa: S608  (a constant)
                "WHERE analysis_id = ? AND kind = ? ORDER BY draw, rowid",
                [analysis_id, kind],
            ).df()


def _columns(part: str) -> dict[str, str]:
    return BASE_TABLES[f"resample_{part}"]
