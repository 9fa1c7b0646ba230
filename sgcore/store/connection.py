"""Opening the store: one file, one writing process, a cursor of its own for every operation."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import duckdb
import platformdirs

from sgcore.errors import StoreError
from sgcore.store.migrations import migrate


def default_path() -> Path:
    """``SGAUDIT_STORE`` where it is set, else a file in the platform's user-data folder."""
    named = os.environ.get("SGAUDIT_STORE")
    return Path(named) if named else Path(platformdirs.user_data_dir("sgaudit")) / "store.duckdb"


class Connection:
    """An open store file, migrated to this program's schema and locked down.

    Raises :class:`StoreError` when the file is no store, is damaged or newer than this program, cannot
    be written, or is held by another process (whose id the message gives).
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock = Lock()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self.path.parent} for the store cannot be made ({error.strerror}). "
                "Name another file with --store or SGAUDIT_STORE."
            ) from error
        try:
            self._connection = duckdb.connect(str(self.path))
        except duckdb.Error as error:
            raise StoreError(_explain(self.path, str(error))) from error
        try:
            migrate(self._connection.cursor(), self.path)
            self._lock_down()
        except duckdb.Error as error:
            self._connection.close()
            raise StoreError(_explain(self.path, str(error))) from error
        except StoreError:
            self._connection.close()
            raise

    def _lock_down(self) -> None:
        # A stored value or a stored query must never reach other files or the network. The order
        # matters: the allowed folder (DuckDB's own WAL and spill files) first, the lock last.
        folder = str(self.path.parent).replace("'", "''")
        for statement in (
            f"SET allowed_directories = ['{folder}']",
            "SET enable_external_access = false",
            "SET autoinstall_known_extensions = false",
            "SET autoload_known_extensions = false",
            "SET allow_community_extensions = false",
            "SET lock_configuration = true",
        ):
            self._connection.execute(statement)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor for one reading operation. Threads that share a connection get each other's rows."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            raise StoreError(_explain(self.path, str(error))) from error
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside a transaction: all of it is kept or none of it.

        Writers take turns, so that two threads never meet in a write conflict.
        """
        with self._lock, self.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


def _explain(path: Path, message: str) -> str:
    """What DuckDB's message means for a person, and what to do."""
    if "Conflicting lock" in message or "Could not set lock" in message:
        found = re.search(r"PID (\d+)", message)
        holder = f"process {found[1]}" if found else "another process"
        return (
            f"The store {path} is in use by {holder}. If that is the sgaudit app, use its import page or "
            "close it; or name another file with --store."
        )
    if "not a valid DuckDB database" in message:
        return f"{path} is not a sgaudit store (not a DuckDB file). Name another file with --store."
    if "newer version" in message or "storage version" in message.lower():
        return f"{path} was written by a newer DuckDB. Update sgaudit, or name another file with --store."
    if "Permission denied" in message or "read-only" in message.lower():
        return f"{path} cannot be written. Check the rights of the file and its folder, or use --store."
    if "No space left" in message or "disk" in message.lower():
        return (
            f"The disk that holds {path} is full. What was stored so far is safe; free space and run again."
        )
    if "Could not read enough bytes" in message or "checksum" in message.lower() or "WAL" in message:
        return (
            f"{path} is damaged or was cut short. Restore it from an export (`sgaudit store restore`) or "
            f"from a backup, or name another file with --store. DuckDB says: {message.splitlines()[0]}"
        )
    return f"The store {path} failed: {message.splitlines()[0]}"
