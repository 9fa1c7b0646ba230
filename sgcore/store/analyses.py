"""Analyses in the store: settings, versions and every result frame, written once and never changed.

What came first is told by the order of rows: a clock can be set back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now
from sgcore.store.result_frames import RESULT_FRAMES


class Analyses:
    """Analyses by fingerprint. A what-if is another analysis beside the reference one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exists(self, analysis_id: str) -> bool:
        with self._connection.cursor() as cursor:
            return _known(cursor, analysis_id)

    def add(
        self,
        analysis_id: str,
        *,
        study_id: str,
        feature_set_id: str | None,
        recipe: str,
        config: Mapping[str, Any],
        versions: Mapping[str, str],
        notes: Sequence[str],
        frames: Mapping[str, pd.DataFrame],
    ) -> None:
        """Store an analysis with all its frames in one transaction; one that is there stays as it is.

        Unknown frames are an error.
        """
        unknown = set(frames) - set(RESULT_FRAMES)
        if unknown:
            raise StoreError(f"no table for result frame(s) {', '.join(sorted(unknown))}")
        with self._connection.transaction(checkpoint=True) as cursor:
            if _known(cursor, analysis_id):
                return
            cursor.execute(
                "INSERT INTO analyses VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    analysis_id,
                    study_id,
                    feature_set_id,
                    recipe,
                    json.dumps(dict(config)),
                    json.dumps(dict(versions)),
                    json.dumps(list(notes)),
                    utc_now(),
                ],
            )
            for kind, frame in frames.items():
                if len(frame):
                    _insert(cursor, kind, analysis_id, frame)

    def record(self, analysis_id: str) -> dict[str, Any]:
        """Study, feature set, recipe, config, versions, notes, name and time of an analysis."""
        with self._connection.cursor() as cursor:
            row = cursor.execute(
                """
                SELECT a.study_id, s.name, a.feature_set_id, a.recipe, a.config, a.versions, a.notes,
                       a.created_at,
                       (SELECT last(n.name ORDER BY n.rowid) FROM analysis_names n
                        WHERE n.analysis_id = a.analysis_id)
                FROM analyses a JOIN studies s USING (study_id) WHERE a.analysis_id = ?
                """,
                [analysis_id],
            ).fetchone()
        if row is None:
            raise StoreError(f"The store {self._connection.path} holds no analysis {analysis_id!r}.")
        return {
            "study_id": row[0],
            "study_name": row[1],
            "feature_set_id": row[2],
            "recipe": row[3],
            "config": json.loads(row[4]),
            "versions": json.loads(row[5]),
            "notes": tuple(json.loads(row[6])),
            "created_at": row[7],
            "name": row[8],
        }

    def frame(self, analysis_id: str, kind: str) -> pd.DataFrame:
        """One result frame, in the order in which it was stored."""
        if kind not in RESULT_FRAMES:
            raise StoreError(f"no result frame {kind!r}; there are {', '.join(RESULT_FRAMES)}")
        with self._connection.cursor() as cursor:
            return cursor.execute(
                f'SELECT * EXCLUDE (analysis_id) FROM "result_{kind}" '  # noqa: S608  (a constant)
                "WHERE analysis_id = ? ORDER BY rowid",
                [analysis_id],
            ).df()

    def list(self, study_id: str | None = None) -> pd.DataFrame:
        """``analysis_id, study_id, name, recipe, created_at, config, versions``, oldest first."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                """
                SELECT a.analysis_id, a.study_id,
                       (SELECT last(n.name ORDER BY n.rowid) FROM analysis_names n
                        WHERE n.analysis_id = a.analysis_id) AS name,
                       a.recipe, a.created_at, a.config, a.versions
                FROM analyses a WHERE $1 IS NULL OR a.study_id = $1
                ORDER BY a.rowid
                """,
                [study_id],
            ).df()

    def rename(self, analysis_id: str, name: str) -> None:
        """Give an analysis a name for people; earlier names stay on record."""
        with self._connection.transaction() as cursor:
            cursor.execute("INSERT INTO analysis_names VALUES (?, ?, ?)", [analysis_id, name, utc_now()])

    def count_look(self, study_id: str, analysis_id: str, what: str) -> int:
        """Record that somebody looked at held-out results of an analysis; how many looks there are now."""
        with self._connection.transaction() as cursor:
            cursor.execute("INSERT INTO looks VALUES (?, ?, ?, ?)", [study_id, analysis_id, what, utc_now()])
        return len(self.looks(study_id))

    def looks(self, study_id: str) -> pd.DataFrame:
        """``analysis_id, what, looked_at`` of every counted look at a study's held-out results."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                "SELECT analysis_id, what, looked_at FROM looks WHERE study_id = ? ORDER BY rowid",
                [study_id],
            ).df()


def _known(cursor: Any, analysis_id: str) -> bool:
    found = cursor.execute("SELECT 1 FROM analyses WHERE analysis_id = ?", [analysis_id]).fetchone()
    return found is not None


def _insert(cursor: Any, kind: str, analysis_id: str, frame: pd.DataFrame) -> None:
    columns = RESULT_FRAMES[kind]
    unknown = [name for name in frame if name not in columns]
    if unknown:
        raise StoreError(f"result frame {kind!r} has unknown column(s) {', '.join(map(str, unknown))}")
    insert(cursor, f"result_{kind}", frame.assign(analysis_id=analysis_id), ("analysis_id", *frame))
