"""Ordered migrations; each is committed in one transaction together with its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb

from sgcore.errors import StoreError
from sgcore.store.ddl import add_column_statements, all_tables, create_statements

Migration = Callable[[duckdb.DuckDBPyConnection], None]


def utc_now() -> datetime:
    """The time in UTC, without a zone: what DuckDB reads back without further libraries."""
    return datetime.now(UTC).replace(tzinfo=None)


def _create(version: int, cursor: duckdb.DuckDBPyConnection) -> None:
    """The tables that came with a version."""
    for statement in create_statements(version):
        cursor.execute(statement)


def _second_schema(cursor: duckdb.DuckDBPyConnection) -> None:
    """Findings are derived when they are read: those that an older version froze may be out of date."""
    cursor.execute("DROP TABLE IF EXISTS result_findings")
    _create(2, cursor)
    _add_columns(cursor)


def _fourth_schema(cursor: duckdb.DuckDBPyConnection) -> None:
    _create(4, cursor)
    _add_columns(cursor)


def _fifth_schema(cursor: duckdb.DuckDBPyConnection) -> None:
    _add_columns(cursor)


def _add_columns(cursor: duckdb.DuckDBPyConnection) -> None:
    """Columns that came after a table was made; tables of a later migration are not there yet."""
    known = _names(cursor)
    for table, statement in add_column_statements():
        if table in known:
            cursor.execute(statement)


#: In order; the version of a store is how many of these it has seen. Never edit one that has shipped.
MIGRATIONS: tuple[Migration, ...] = (
    partial(_create, 1),
    _second_schema,
    partial(_create, 3),
    _fourth_schema,
    _fifth_schema,
    partial(_create, 6),
    partial(_create, 7),
    partial(_create, 8),
    partial(_create, 9),
    partial(_create, 10),
)


def migrate(
    cursor: duckdb.DuckDBPyConnection, path: Path, migrations: tuple[Migration, ...] = MIGRATIONS
) -> int:
    """Bring an open database to the newest schema and return its version.

    A process that dies in the middle leaves the last complete version. A file with tables that are
    not sgaudit's, or with a version that this program does not know, is refused and left untouched.
    """
    tables = _names(cursor)
    if tables and "migrations" not in tables:
        raise StoreError(
            f"{path} is a DuckDB file of another program (tables {', '.join(sorted(tables)[:3])}). "
            "Name another file with --store."
        )
    if not tables:
        cursor.execute("CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied_at TIMESTAMP)")
    try:
        (version,) = cursor.execute("SELECT coalesce(max(version), 0) FROM migrations").fetchone() or (0,)
    except duckdb.BinderException as error:
        raise StoreError(
            f"{path} is a DuckDB file of another program (its table migrations is not sgaudit's). "
            "Name another file with --store."
        ) from error
    if version == 0 and len(tables) > 1:
        raise StoreError(
            f"{path} is damaged: its tables are there, the record of their version is not. Restore it from an "
            "export (`sgaudit store restore`) or a backup, or name another file with --store."
        )
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
    if migrations is MIGRATIONS and (missing := set(all_tables()) - _names(cursor)):
        raise StoreError(
            f"{path} is damaged: table {min(missing)} is missing. Restore it from an export "
            "(`sgaudit store restore`) or a backup, or name another file with --store."
        )
    return len(migrations)


def _names(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    """Tables and views that somebody made in this database."""
    rows = cursor.execute(
        "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    return {row[0] for row in rows}
