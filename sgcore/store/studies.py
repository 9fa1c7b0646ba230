"""Studies in the store: their settings, and their tables row by row."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sgcore.domain import Decision, Problem, Study
from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.migrations import utc_now

#: Tables of a study, and the column that names a row of each.
_TABLES = {
    "patients": "patient_id",
    "images": "image_id",
    "descriptors": "image_id",
    "features": "image_id",
    "predictions": "image_id",
    "deep_features": "image_id",
    "deep_scores": "image_id",
    "training_curves": "backbone",
}
_SETTINGS = (
    "negative",
    "positive",
    "development",
    "external",
    "split_train",
    "split_seed",
    "split_column",
    "predictions_kind",
    "notes",
    "computed_descriptors",
    "conflicts",
)


class Studies:
    """Studies by their content: the same files are the same study, wherever their folder lies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, study: Study) -> bool:
        """Store a study; ``False`` when this very content is already there.

        A study found again in another folder keeps its record, and images are read from the new place.
        Muted checks and the decision are no part of the content: the last ones given hold, earlier ones
        stay on record.
        """
        settings: dict[str, Any] = {name: getattr(study, name) for name in _SETTINGS}
        settings["warnings"] = [asdict(problem) for problem in study.warnings]
        with self._connection.transaction(checkpoint=True) as cursor:
            if _muted(cursor, study.fingerprint) != study.muted:
                cursor.execute(
                    "INSERT INTO mutings VALUES (?, ?, ?)",
                    [study.fingerprint, json.dumps(study.muted), utc_now()],
                )
            if _decision(cursor, study.fingerprint) != study.decision:
                given = None if study.decision is None else json.dumps(asdict(study.decision))
                cursor.execute(
                    "INSERT INTO decisions VALUES (?, ?, ?)", [study.fingerprint, given, utc_now()]
                )
            known = cursor.execute(
                "SELECT path FROM studies WHERE study_id = ?", [study.fingerprint]
            ).fetchone()
            if known is not None:
                if known[0] != str(study.path):
                    cursor.execute(
                        "UPDATE studies SET path = ? WHERE study_id = ?", [str(study.path), study.fingerprint]
                    )
                return False
            cursor.execute(
                "INSERT INTO studies VALUES (?, ?, ?, ?, ?)",
                [study.fingerprint, study.name, str(study.path), json.dumps(settings), utc_now()],
            )
            for kind in _TABLES:
                frame = getattr(study, kind)
                if frame is not None:
                    insert(cursor, "study_tables", _rows(study.fingerprint, kind, frame))
        return True

    def load(self, study_id: str) -> Study:
        """The study as it was imported. Raises :class:`StoreError` for an unknown id."""
        with self._connection.cursor() as cursor:
            record = cursor.execute(
                "SELECT name, path, settings FROM studies WHERE study_id = ?", [study_id]
            ).fetchone()
            if record is None:
                raise StoreError(f"The store {self._connection.path} holds no study {study_id!r}.")
            tables: dict[str, Any] = {kind: _read(cursor, study_id, kind) for kind in _TABLES}
            muted, decision = _muted(cursor, study_id), _decision(cursor, study_id)
        settings = {name: value for name, value in json.loads(record[2]).items() if name != "muted"}
        for name in ("development", "external", "notes", "computed_descriptors", "conflicts"):
            settings[name] = tuple(settings[name])
        settings["warnings"] = tuple(Problem(**problem) for problem in settings["warnings"])
        return Study(
            name=record[0],
            path=Path(record[1]),
            fingerprint=study_id,
            muted=muted,
            decision=decision,
            **settings,
            **tables,
        )

    def muted(self, study_id: str) -> dict[str, str]:
        """Check code -> the author's reason for muting it, as last given."""
        with self._connection.cursor() as cursor:
            return _muted(cursor, study_id)

    def decision(self, study_id: str) -> Decision | None:
        """What acting on a score means, as last given; None where the study file does not say."""
        with self._connection.cursor() as cursor:
            return _decision(cursor, study_id)

    def list(self) -> pd.DataFrame:
        """``study_id, name, path, patients, images, imported_at``, newest first."""
        with self._connection.cursor() as cursor:
            return cursor.execute(
                """
                SELECT s.study_id, s.name, s.path,
                       count(*) FILTER (t.kind = 'patients') AS patients,
                       count(*) FILTER (t.kind = 'images') AS images,
                       s.imported_at
                FROM studies s LEFT JOIN study_tables t USING (study_id)
                GROUP BY s.rowid, s.study_id, s.name, s.path, s.imported_at ORDER BY s.rowid DESC
                """
            ).df()


def _muted(cursor: Any, study_id: str) -> dict[str, str]:
    found = cursor.execute(
        "SELECT last(muted ORDER BY rowid) FROM mutings WHERE study_id = ?", [study_id]
    ).fetchone()
    return json.loads(found[0]) if found and found[0] else {}


def _decision(cursor: Any, study_id: str) -> Decision | None:
    found = cursor.execute(
        "SELECT decision FROM decisions WHERE study_id = ? ORDER BY rowid DESC LIMIT 1", [study_id]
    ).fetchone()
    return Decision(**json.loads(found[0])) if found and found[0] else None


def _rows(study_id: str, kind: str, frame: pd.DataFrame) -> pa.Table:
    """A frame as rows of JSON beside its dtypes' own types: text stays text, missing stays missing."""
    # pandas prints at most 15 digits; Python's repr of a double is exact.
    exact = frame.select_dtypes("floating")
    records = json.loads(
        frame.drop(columns=exact.columns).to_json(orient="records", date_format="iso", double_precision=15)
    )
    numbers = exact.astype(object).where(exact.notna(), None).to_numpy().tolist()
    order = dict.fromkeys(frame.columns)
    rows = [
        json.dumps({**order, **record, **dict(zip(exact.columns, row, strict=True))})
        for record, row in zip(records, numbers, strict=True)
    ]
    return pa.table(
        {
            "study_id": [study_id] * len(frame),
            "kind": [kind] * len(frame),
            "position": pa.array(range(len(frame)), pa.int32()),
            "id": frame[_TABLES[kind]].astype(str).tolist(),
            "row": rows,
        }
    )


def _read(cursor: Any, study_id: str, kind: str) -> pd.DataFrame | None:
    rows = cursor.execute(
        "SELECT row FROM study_tables WHERE study_id = ? AND kind = ? ORDER BY position", [study_id, kind]
    ).fetchall()
    if not rows:
        return None
    frame = pd.DataFrame([json.loads(row) for (row,) in rows])
    # A column without a single value comes back as objects; as numbers it is all NaN.
    for name in frame:
        if frame[name].isna().all():
            frame[name] = frame[name].astype("float64")
    return frame
