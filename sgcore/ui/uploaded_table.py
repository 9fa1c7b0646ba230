"""An uploaded table on disk: as long as it is looked at, in a folder of its own, and then no longer."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO

from sgcore.ui.upload import PART, TABLE, UploadError, sweep

#: Of a single table; the server takes no larger upload.
MAX_TABLE = 500 * 1024**2
#: Bytes of the name that are kept, from its end.
_NAME = 200


def keep(upload: IO[bytes], name: str, folder: Path, *, max_bytes: int = MAX_TABLE) -> Path:
    """Write an uploaded table into a new folder under ``folder`` and return its path, for :func:`discard`.

    ``name`` is made safe. More than ``max_bytes`` bytes, or a disk that does not take them, is refused
    with an ``UploadError``, and nothing is left behind.
    """
    size = upload.seek(0, 2)
    upload.seek(0)
    if size > max_bytes:
        raise UploadError(
            f"The file has {size / 1e6:,.0f} MB; at most {max_bytes / 1e6:,.0f} MB are read. Give its path instead."
        )
    last = PurePosixPath(name.replace("\\", "/")).name
    safe = re.sub(r"[^\w. -]+", "_", last).encode()[-_NAME:].decode(errors="ignore").lstrip(".")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        place = Path(tempfile.mkdtemp(suffix=TABLE, dir=folder))
    except OSError as error:
        raise UploadError(f"The upload cannot be written to {folder} ({error.strerror}).") from error
    path = place / (safe or "table.csv")
    try:
        with (place / PART).open("xb") as sink:
            shutil.copyfileobj(upload, sink)
        (place / PART).rename(path)
    except OSError as error:
        raise UploadError(f"The upload cannot be written to {folder} ({error.strerror}).") from error
    finally:
        if not path.exists():
            shutil.rmtree(place, ignore_errors=True)
    return path


def discard(path: Path) -> None:
    """Remove a table that was kept, and its folder; one that is gone already is no error."""
    path.unlink(missing_ok=True)
    with suppress(OSError):  # somebody put another file there, or removed the folder
        path.parent.rmdir()
