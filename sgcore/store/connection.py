"""Opening the store: one file, one writing process, a cursor of its own for every operation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import duckdb

from sgcore.errors import StoreError
from sgcore.store.migrations import migrate
from sgcore.store.store_file import check_store_file, explain

#: Seconds that may pass between checkpoints while work is written: what a damaged log can cost.
CHECKPOINT_SECONDS = 20.0
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    # Nothing is ever fetched or loaded because of what a file looks like.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    # Checkpoints come by time alone: one in the midst of storing a study would pack what is packed again later.
    "wal_autocheckpoint": "1GB",
}


class Connection:
    """An open store file, migrated to this program's schema and locked down.

    Raises :class:`StoreError` when the file is no store, is damaged or newer than this program, cannot
    be written, or is held by another process (whose id the message gives).
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._lock = Lock()
        #: How often something was written through this connection: what was read at one number holds until the next.
        self.commits = 0
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {self.path.parent} for the store cannot be made ({error.strerror}). "
                "Name another file with --store or SGAUDIT_STORE."
            ) from error
        check_store_file(self.path)
        self._checkpointed = time.monotonic()
        try:
            self._connection = duckdb.connect(str(self.path), config=_CONFIG)
        except duckdb.Error as error:
            raise StoreError(explain(self.path, str(error))) from error
        try:
            migrate(self._connection.cursor(), self.path)
            self._lock_down()
        except duckdb.Error as error:
            self._connection.close()
            raise StoreError(explain(self.path, str(error))) from error
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
            raise StoreError(explain(self.path, str(error))) from error
        finally:
            cursor.close()

    @contextmanager
    def transaction(self, *, checkpoint: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor inside a transaction: all of it is kept or none of it.

        Writers take turns, so that two threads never meet in a write conflict. With ``checkpoint``, and
        otherwise every ``CHECKPOINT_SECONDS``, what was committed moves from the log into the file.
        """
        with self._lock, self.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
            self.commits += 1
            if checkpoint or time.monotonic() - self._checkpointed > CHECKPOINT_SECONDS:
                cursor.execute("CHECKPOINT")
                self._checkpointed = time.monotonic()

    def close(self) -> None:
        self._connection.close()
