"""Reading a file whole, after a look at what it is and how large: nothing waits at a pipe or fills memory."""

from __future__ import annotations

import os
import stat
import struct
from pathlib import Path

from sgcore.cohort.faults import Fault

#: Far above any single image, table or study file of such a study; below what hurts a machine.
MAX_IMAGE_BYTES = 1 << 30
MAX_TABLE_BYTES = 1 << 30
MAX_STUDY_FILE_BYTES = 1 << 20
#: A NIfTI header begins with its own size: version 1 or 2.
_NIFTI_SIZES = (348, 540)


def read_file(path: Path, limit: int) -> bytes:
    """Content of a regular file of at most ``limit`` bytes.

    Raises
    ------
    Fault : the file is missing, no regular file, too large, or cannot be read.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file (a pipe or a device)"
            raise Fault(f"this is {kind}", "Name a file")
        if status.st_size > limit:
            raise Fault(
                f"the file has {status.st_size:,} bytes; at most {limit:,} are read",
                "Check that it is the right file",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Fault("the file does not exist", "Put it back, or correct the path") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Fault(f"the file cannot be read ({reason})", "Check path and permissions") from error


def is_regular(path: Path) -> bool:
    """Whether a path is a regular file; False too where its links run in a circle or its name is too long."""
    try:
        return path.is_file()
    except OSError:
        return False


def printable(name: object) -> str:
    """A file name as text that can be printed and stored: bytes that are no UTF-8 become escapes."""
    return os.fsencode(str(name)).decode("utf-8", "backslashreplace")


def is_nifti(raw: bytes) -> bool:
    """Whether the bytes begin like a NIfTI header, of either version and byte order."""
    return len(raw) >= 4 and any(struct.unpack(f"{order}i", raw[:4])[0] in _NIFTI_SIZES for order in "<>")
