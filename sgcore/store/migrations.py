"""Ordered migrations; each is committed in one transaction together with its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from sgcore.errors import StoreError
from sgcore.store.schema import create_statements

Migration = Callable[[duckdb.DuckDBPyConnection], None]


def utc_now() -> datetime:
    """The time in UTC, without a zone: what DuckDB reads back without further libraries."""
    return datetime.now(UTC).replace(tzinfo=None)


def _first_schema(cursor: duckdb.DuckDBPyConnection) -> None:
    for statement in create_statements():
        cursor.execute(statement)


#: In order; the version of a store is how many of these it has seen. Never edit one that has shipped.
MIGRATIONS: tuple[Migration, ...] = (_first_schema,)


def migrate(
    cursor: duckdb.DuckDBPyConnection, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS
) -> int:
    """Bring an open database to the newest schema and return its version.

    A process that dies in the middle leaves the last complete version. A file with tables that are
    not sgaudit's, or with a version that this program does not know, is refused and left untouched.
    """
    tables = {row[0] for row in cursor.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if tables and "migrations" not in tables:
        raise StoreError(
            f"{path} is a DuckDB file of another program (tables {', '.join(sorted(tables)[:3])}). "
            "Name another file with --store."
        )
    if not tables:
        cursor.execute("CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)")
    (version,) = cursor.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone() or (0,)
    if version > len(migrations):
        raise StoreError(
            f"{path} has schema version {version}; this sgaudit knows {len(migrations)}. "
            "Update sgaudit, or name another file with --store."
        )
    for number, migration in enumerate(migrations[version:], start=version + 1):
        cursor.execute("BEGIN TRANSACTION")
        try:
            migration(cursor)
            cursor.execute("INSERT INTO migrations VALUES (?, ?)", [number, utc_now()])
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")
    return len(migrations)
