"""Rows of a frame into a table of the store, column by column name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def insert(cursor: Any, table: str, rows: Any, columns: Iterable[str] | None = None) -> None:
    """Add a pandas frame or an Arrow table to ``table``, whole or only some ``columns``; others are NULL.

    ``table`` and ``columns`` are names of the schema, never text from a study.
    """
    names = "*" if columns is None else ", ".join(f'"{name}"' for name in columns)
    cursor.register("incoming", rows)
    cursor.execute(f'INSERT INTO "{table}" BY NAME SELECT {names} FROM incoming')  # noqa: S608
    cursor.unregister("incoming")
