"""What a store's files look like before DuckDB opens them, and what its messages mean for a person."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from sgcore.errors import StoreError

#: DuckDB's magic number stands behind an 8-byte checksum.
_MAGIC, _MAGIC_AT = b"DUCK", 8
#: The first entry of every write-ahead log: field 100 (kind of entry) is 98 (version of the log).
_WAL_START = b"\x64\x00\x62"


def check_store_file(path: Path) -> None:
    """Refuse what is no store before DuckDB sees it.

    DuckDB would fetch an extension for another program's database, wait at a pipe, and drop a log whose
    beginning is damaged without a word. Raises :class:`StoreError`.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{str(path)[:200]}: {error.strerror}. Name another file with --store.") from error
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "no regular file"
        raise StoreError(f"{path} is {kind}. Name a file with --store.")
    head = _head(path, _MAGIC_AT + len(_MAGIC))
    if head and head[_MAGIC_AT:] != _MAGIC:
        raise StoreError(
            f"{path} is not a sgaudit store (not a DuckDB file). Name another file with --store."
        )
    log = path.with_name(f"{path.name}.wal")
    start = _head(log, len(_WAL_START)) if log.is_file() else b""
    if start and start != _WAL_START:
        raise StoreError(
            f"{log} is damaged: what was written in the last seconds before the program stopped cannot be read. "
            f"Move that file away to go on with what {path.name} holds; a run computes again what is missing."
        )


def _head(path: Path, length: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(length)
    except OSError as error:
        raise StoreError(explain(path, f"{error.strerror}")) from error


def explain(path: Path, message: str) -> str:
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
    if "No space left" in message or "quota exceeded" in message.lower():
        return (
            f"The disk that holds {path} is full. What was stored so far is safe; free space and run again."
        )
    if re.search(r"Could not read enough bytes|checksum|replaying WAL|WAL file|[Cc]orrupt", message):
        return (
            f"{path} is damaged or was cut short. Restore it from an export (`sgaudit store restore`) or "
            f"from a backup, or name another file with --store. DuckDB says: {message.splitlines()[0]}"
        )
    return f"The store {path} failed: {message.splitlines()[0]}"
