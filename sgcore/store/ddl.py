"""The statements that make the tables of the schema; names and types are its constants, never data."""

from __future__ import annotations

from sgcore.store.result_frames import RESULT_FRAMES
from sgcore.store.schema import BASE_TABLES, LATER, UNIQUE


def create_statements(version: int) -> list[str]:
    """DDL of the tables that a migration makes; names and types are the constants above, never data."""
    tables = {
        **BASE_TABLES,
        **{f"result_{name}": {"analysis_id": "VARCHAR NOT NULL", **c} for name, c in RESULT_FRAMES.items()},
    }
    later = {name for names in LATER.values() for name in names}
    return [
        _create(name, columns)
        for name, columns in tables.items()
        if (name in LATER[version] if version in LATER else name not in later)
    ]


def _create(name: str, columns: dict[str, str]) -> str:
    lines = [f'"{column}" {kind}' for column, kind in columns.items()]
    if name in UNIQUE:
        lines.append(f"UNIQUE ({UNIQUE[name]})")
    return f'CREATE TABLE "{name}" ({", ".join(lines)})'


def add_column_statements() -> list[tuple[str, str]]:
    """Result tables, and the DDL that gives one of an older version a column that came later, empty."""
    return [
        (f"result_{name}", f'ALTER TABLE "result_{name}" ADD COLUMN IF NOT EXISTS "{column}" {kind}')
        for name, columns in RESULT_FRAMES.items()
        for column, kind in columns.items()
    ]


def all_tables() -> list[str]:
    """Names of every table that an export holds, in an order in which they can be filled."""
    return [*BASE_TABLES, *(f"result_{name}" for name in RESULT_FRAMES)]
