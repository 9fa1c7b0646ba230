"""Features in the store: one row an image, appended as each is computed, so that work resumes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from sgcore.domain import FeatureTable
from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.migrations import utc_now

#: A row where there is none yet, and one in the place of that which is there.
_KEEP = "INSERT INTO feature_rows VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_REPLACE = """
    INSERT INTO feature_rows VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET "values" = excluded."values", residue = excluded.residue, seconds = excluded.seconds
"""


class Features:
    """Feature sets by the fingerprint of the settings, software and study that made them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(
        self,
        feature_set_id: str,
        image_id: str,
        values: pd.Series,
        *,
        study_id: str,
        kind: str,
        preset: str,
        settings: Mapping[str, Any],
        residue: Mapping[str, float],
        seconds: float,
    ) -> None:
        """Store the features of one image; the first image of a set also stores the set and its names.

        Nothing is written twice: an image that is already there is left as it is.
        """
        self.append_all(
            feature_set_id,
            values.to_frame(image_id).T,
            study_id=study_id,
            kind=kind,
            preset=preset,
            settings=settings,
            residue={image_id: residue},
            seconds=seconds,
        )

    def append_all(
        self,
        feature_set_id: str,
        values: pd.DataFrame,
        *,
        study_id: str,
        kind: str,
        preset: str,
        settings: Mapping[str, Any],
        residue: Mapping[str, Mapping[str, float]] | None = None,
        seconds: float,
        replace: bool = False,
    ) -> None:
        """As :meth:`append` for several images (index ``image_id``) at once, all of them or none.

        ``replace`` puts them in the place of those that are there, which else stay.
        """
        names = [str(name) for name in values.columns]
        with self._connection.transaction() as cursor:
            known = cursor.execute(
                "SELECT names FROM feature_sets WHERE feature_set_id = ?", [feature_set_id]
            ).fetchone()
            if known is None:
                cursor.execute(
                    "INSERT INTO feature_sets VALUES (?, ?, ?, ?, ?, ?, ?)",
                    [feature_set_id, study_id, kind, preset, json.dumps(dict(settings)), names, utc_now()],
                )
            elif known[0] != names:
                raise StoreError(
                    f"Image {values.index[0]!r} has {len(names)} features, the set {feature_set_id} has "
                    f"{len(known[0])} with other names. All images of a set need the same settings."
                )
            numbers = values.to_numpy(float).tolist()
            for image_id, row in zip(values.index, numbers, strict=True):
                cursor.execute(
                    _REPLACE if replace else _KEEP,
                    [feature_set_id, image_id, row, dict((residue or {}).get(image_id, {})), seconds],
                )

    def fail(self, feature_set_id: str, image_id: str, reason: str) -> None:
        """Record that an image's features could not be computed, and why."""
        with self._connection.transaction() as cursor:
            cursor.execute(
                "INSERT INTO feature_failures VALUES (?, ?, ?, ?)",
                [feature_set_id, image_id, reason, utc_now()],
            )

    def done(self, feature_set_id: str) -> set[str]:
        """Images whose features are stored."""
        with self._connection.cursor() as cursor:
            rows = cursor.execute(
                "SELECT image_id FROM feature_rows WHERE feature_set_id = ?", [feature_set_id]
            ).fetchall()
        return {row[0] for row in rows}

    def load(self, feature_set_id: str) -> FeatureTable:
        """Values, failures and residue of a set; empty frames where nothing was stored yet."""
        with self._connection.cursor() as cursor:
            record = cursor.execute(
                "SELECT kind, preset, names FROM feature_sets WHERE feature_set_id = ?", [feature_set_id]
            ).fetchone()
            kind, preset, names = record or ("", "", [])
            rows = cursor.execute(
                'SELECT image_id, "values", residue FROM feature_rows '
                "WHERE feature_set_id = ? ORDER BY image_id",
                [feature_set_id],
            ).fetchall()
            failures = cursor.execute(
                """
                SELECT image_id, last(reason ORDER BY rowid) AS reason
                FROM feature_failures
                WHERE feature_set_id = $1
                  AND image_id NOT IN (SELECT image_id FROM feature_rows WHERE feature_set_id = $1)
                GROUP BY image_id ORDER BY image_id
                """,
                [feature_set_id],
            ).df()
        values = pd.DataFrame(
            np.array([row[1] for row in rows], dtype=float).reshape(len(rows), len(names)),
            index=pd.Index([row[0] for row in rows], name="image_id"),
            columns=names,
        )
        residue = pd.DataFrame(
            [(row[0], image_type, ratio) for row in rows for image_type, ratio in (row[2] or {}).items()],
            columns=["image_id", "image_type", "ratio"],
        )
        return FeatureTable(kind, preset, feature_set_id, values, failures, residue)
