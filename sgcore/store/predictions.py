"""Tables of models made elsewhere in the store: one row a file with its roles, one row a case with its scores."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now

#: Columns of the cases beside the scores; what the file does not say is missing.
CASES = ("image_id", "patient_id", "center", "y_true")


class Predictions:
    """Files of predictions, append-only: the same content in the same roles for the same study is one file."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        file_id: str,
        *,
        study_id: str | None,
        name: str,
        settings: dict[str, Any],
        cases: pd.DataFrame,
        scores: pd.DataFrame,
    ) -> bool:
        """Store a file; ``False`` when it is already there.

        ``cases`` are ``image_id, patient_id, center, y_true``, ``scores`` one column a model (NaN where
        it has none); the index of both is the row of the file in which a case stands.
        """
        with self._connection.transaction(checkpoint=True) as cursor:
            known = cursor.execute("SELECT 1 FROM prediction_files WHERE file_id = ?", [file_id]).fetchone()
            if known is not None:
                return False
            cursor.execute(
                "INSERT INTO prediction_files VALUES (?, ?, ?, ?, ?, ?)",
                [file_id, study_id, name, list(map(str, scores.columns)), json.dumps(settings), utc_now()],
            )
            insert(cursor, "prediction_scores", _rows(file_id, cases, scores))
        return True

    def list(self) -> pd.DataFrame:
        """``file_id, study_id, name, models, cases, imported_at``, newest first."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                """
                SELECT f.file_id, f.study_id, f.name, len(f.models) AS models,
                       (SELECT count(*) FROM prediction_scores s WHERE s.file_id = f.file_id) AS cases,
                       f.imported_at
                FROM prediction_files f ORDER BY f.rowid DESC
                """
            ).df()

    def load(self, file_id: str) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame]:
        """The record (``study_id, name, settings``), cases and scores of a file, as they were given.

        Raises :class:`StoreError` for an unknown id.
        """
        with self._connection.cursor() as cursor:
            record = cursor.execute(
                "SELECT study_id, name, models, settings FROM prediction_files WHERE file_id = ?", [file_id]
            ).fetchone()
            if record is None:
                raise StoreError(
                    f"The store {self._connection.path} holds no file of predictions {file_id!r}."
                )
            rows = cursor.execute(
                "SELECT position, image_id, patient_id, center, y_true, y_scores FROM prediction_scores "
                "WHERE file_id = ? ORDER BY position",
                [file_id],
            ).to_arrow_table()
        index = pd.Index(rows.column("position").to_numpy(), dtype="int64")
        cases = rows.select(list(CASES)).to_pandas().set_axis(index)
        lists = rows.column("y_scores").combine_chunks()
        values = lists.flatten().to_numpy(zero_copy_only=False).reshape(len(index), len(record[2]))
        scores = pd.DataFrame(values, index=index, columns=record[2], dtype="float64")
        return {"study_id": record[0], "name": record[1], "settings": json.loads(record[3])}, cases, scores


def _rows(file_id: str, cases: pd.DataFrame, scores: pd.DataFrame) -> pa.Table:
    """One row a case; the scores of all models are one list, a missing one a null in it."""
    flat = scores.to_numpy(float).ravel()
    offsets = np.arange(len(scores) + 1, dtype="int32") * scores.shape[1]
    values = pa.array(flat, pa.float64(), mask=np.isnan(flat))
    return pa.table(
        {
            "file_id": [file_id] * len(cases),
            "position": pa.array(cases.index, pa.int32()),
            **{name: pa.array(cases[name], pa.string(), from_pandas=True) for name in CASES[:3]},
            "y_true": pa.array(cases["y_true"].astype("int32"), pa.int32()),
            "y_scores": pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values),
        }
    )
