"""Computed results of one study as Parquet files that travel with it, and from such files into a store."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.insert import insert
from sgcore.store.networks import PARTS as NETWORK_PARTS
from sgcore.store.resamples import PARTS as RESAMPLE_PARTS
from sgcore.store.result_frames import RESULT_FRAMES

Part = Literal["radiomics", "networks", "analyses", "audit"]

_FEATURES = {
    "feature_sets": "feature_set_id",
    "feature_rows": "feature_set_id",
    "feature_failures": "feature_set_id",
}
#: Tables of each part with the column by which a row belongs to what is packed. A table that names its study comes
#: before those that hang on it.
PARTS: dict[Part, dict[str, str]] = {
    "radiomics": _FEATURES,
    "networks": {
        **_FEATURES,
        "networks": "network_id",
        **dict.fromkeys((f"network_{name}" for name in NETWORK_PARTS), "network_id"),
    },
    "analyses": {
        "analyses": "analysis_id",
        **dict.fromkeys(
            (*(f"result_{name}" for name in RESULT_FRAMES), "shap_models", "shap_rows"), "analysis_id"
        ),
    },
    "audit": {
        **dict.fromkeys((f"resample_{name}" for name in RESAMPLE_PARTS), "analysis_id"),
        "audit_evidence": "subject_id",
    },
}
_ROOTS = ("feature_sets", "networks", "analyses")


def write_results(
    connection: Connection, folder: Path, part: Part, ids: Mapping[str, Collection[str]]
) -> list[Path]:
    """Write a part's rows into ``folder``; a table without rows has no file.

    ``ids`` are those of the feature sets, networks or analyses, by the column that holds them. Features that are in
    single precision are kept so.
    """
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for table, key in PARTS[part].items():
            with connection.cursor() as cursor:
                rows = cursor.execute(
                    f'SELECT * FROM "{table}" WHERE "{key}" IN (SELECT unnest(?::VARCHAR[])) ORDER BY rowid',  # noqa: S608
                    [list(ids[key])],
                ).to_arrow_table()
            if rows.num_rows:
                path = folder / f"{table}.parquet"
                pq.write_table(_narrowed(rows), path, compression="zstd", compression_level=9)
                paths.append(path)
    except OSError as error:
        raise StoreError(f"The results cannot be written to {folder}: {error.strerror or error}.") from error
    return paths


def take_up_results(
    connection: Connection, paths: Mapping[str, Path], part: Part, study_id: str, note: str
) -> int:
    """Store a part of what came with a study; what the store already has, and rows of other studies, are left out.

    Parameters
    ----------
    paths : Parquet file by table. note : added to the notes of each network and analysis.

    Returns the number of feature sets, networks and analyses that were new.

    Raises
    ------
    StoreError : a file cannot be read, or holds other columns; then nothing of the part is stored.
    """
    count = 0
    with connection.transaction() as cursor:
        new = _unaudited(cursor, study_id) if part == "audit" else {}
        for table, key in PARTS[part].items():
            if table not in paths:
                continue
            rows = _read(paths[table], key)
            if table in _ROOTS:
                rows = _unknown(cursor, table, key, _of_study(rows, paths[table], study_id))
                rows = _noted(rows, table, note)
                new[key] = new.get(key, []) + rows[key].to_pylist()
                count += rows.num_rows
            else:
                rows = rows.filter(pc.is_in(rows[key], pa.array(new.get(key, []), pa.string())))
            if rows.num_rows:
                insert(cursor, table, rows)
    return count


def read_result(path: Path, columns: Sequence[str], analysis_id: str) -> Any:
    """Rows of one analysis in a packed table, as a frame of these columns."""
    rows = _read(path, "analysis_id")
    return rows.filter(pc.equal(rows["analysis_id"], analysis_id)).select(list(columns)).to_pandas()


def _read(path: Path, key: str) -> pa.Table:
    try:
        rows = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(
            f"{path} cannot be read ({error}). Make the folder again with `sgaudit pack`."
        ) from error
    if key not in rows.column_names:
        raise StoreError(f"{path} has no column {key!r}. Make the folder again with `sgaudit pack`.")
    return rows


def _of_study(rows: pa.Table, path: Path, study_id: str) -> pa.Table:
    if "study_id" not in rows.column_names:
        raise StoreError(f"{path} has no column 'study_id'. Make the folder again with `sgaudit pack`.")
    return rows.filter(pc.equal(rows["study_id"], study_id))


def _unaudited(cursor: Any, study_id: str) -> dict[str, list[str]]:
    """The study and its analyses of which the store has no costly result: theirs are taken up whole."""

    def ids(query: str, *values: str) -> set[str]:
        return {row[0] for row in cursor.execute(query, values).fetchall()}

    analyses = ids("SELECT analysis_id FROM analyses WHERE study_id = ?", study_id)
    drawn = ids("SELECT DISTINCT analysis_id FROM resample_draws")
    found = ids("SELECT DISTINCT subject_id FROM audit_evidence")
    return {"analysis_id": [*(analyses - drawn)], "subject_id": [*({study_id, *analyses} - found)]}


def _unknown(cursor: Any, table: str, key: str, rows: pa.Table) -> pa.Table:
    known = [row[0] for row in cursor.execute(f'SELECT "{key}" FROM "{table}"').fetchall()]  # noqa: S608  (constants)
    return rows.filter(pc.invert(pc.is_in(rows[key], pa.array(known, pa.string()))))


def _noted(rows: pa.Table, table: str, note: str) -> pa.Table:
    if "notes" not in rows.column_names or not note:
        return rows
    texts = rows["notes"].to_pylist()
    if table == "analyses":
        noted = [json.dumps([*json.loads(text), note]) for text in texts]
    else:
        noted = [f"{text}; {note}" if text else note for text in texts]
    return rows.set_column(rows.column_names.index("notes"), "notes", pa.array(noted, pa.string()))


def _narrowed(rows: pa.Table) -> pa.Table:
    """The table with ``values`` in single precision where nothing is lost by it: half the bytes."""
    if "values" not in rows.column_names:
        return rows
    place, wide = rows.column_names.index("values"), rows["values"].combine_chunks()
    narrow = wide.cast(pa.list_(pa.float32()))
    same = narrow.cast(wide.type).equals(wide)
    return rows.set_column(place, "values", narrow) if same else rows
