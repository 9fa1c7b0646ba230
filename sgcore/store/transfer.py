"""Everything in the store as Parquet files, and back: a backup that outlives any DuckDB version."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sgcore.errors import StoreError
from sgcore.store.connection import Connection
from sgcore.store.ddl import all_tables
from sgcore.store.insert import insert
from sgcore.store.migrations import MIGRATIONS
from sgcore.store.schema import LATER

#: The table that says which version the others are of.
_VERSION = "migrations"
#: Version of an export that does not say it.
_UNSAID = 6


def export(connection: Connection, folder: Path) -> list[Path]:
    """Write one Parquet file a table into ``folder``, which must be new or empty."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise StoreError(f"{folder} is not empty; name a new folder for the export.")
        paths = []
        for table in (_VERSION, *all_tables()):
            with connection.cursor() as cursor:
                rows = cursor.execute(f'SELECT * FROM "{table}" ORDER BY rowid').to_arrow_table()  # noqa: S608
            path = folder / f"{table}.parquet"
            pq.write_table(rows, path)
            paths.append(path)
    except OSError as error:
        raise StoreError(f"The export into {folder} failed: {error.strerror or error}.") from error
    return paths


def restore(connection: Connection, folder: Path) -> int:
    """Fill an empty store from an export, all of it or nothing; returns the number of rows.

    An export of an older version lacks the tables that came later, and those alone.
    """
    with connection.cursor() as cursor:
        (studies,) = cursor.execute("SELECT count(*) FROM studies").fetchone() or (0,)
    if studies:
        raise StoreError(
            f"{connection.path} already holds {studies} study(ies); restore into a new file (--store PATH)."
        )
    version, total = _version(folder), 0
    later = {name for number, names in LATER.items() if number > version for name in names}
    with connection.transaction() as cursor:
        for table in all_tables():
            path = folder / f"{table}.parquet"
            if table in later and not path.exists():
                continue
            rows = _read(path)
            insert(cursor, table, rows)
            total += rows.num_rows
    return total


def _version(folder: Path) -> int:
    """The version of the store that was exported."""
    path = folder / f"{_VERSION}.parquet"
    if not path.exists():
        return _UNSAID
    rows = _read(path)
    known = rows["version"].to_pylist() if "version" in rows.column_names else []
    if not known:
        raise StoreError(f"{path} does not say which version the export is of. Export the store again.")
    if max(known) > len(MIGRATIONS):
        raise StoreError(
            f"{folder} was exported from a store of version {max(known)}; this sgaudit knows {len(MIGRATIONS)}. "
            "Update sgaudit."
        )
    return int(max(known))


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(
            f"{path} cannot be read ({error}). An export holds one Parquet file for each table."
        ) from error
