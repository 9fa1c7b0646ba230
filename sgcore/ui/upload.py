"""A study folder that comes as a zip file: bounded, and written nowhere but into its own new folder."""

from __future__ import annotations

import hashlib
import lzma
import shutil
import stat
import struct
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from sgcore.errors import SgauditError
from sgcore.jobs import Cancel, OnProgress, Progress

MAX_BYTES = 4 * 1024**3
MAX_FILES = 50_000
#: Ends of the names of folders that are there for a while: of an unpacking, and of an uploaded table.
PART, TABLE = ".part", ".table"
#: Seconds after the last write when nobody is at work there any more, or will come back to it.
_STALE = {PART: 3600, TABLE: 24 * 3600}
#: Bytes of a file or folder name that every common file system takes.
MAX_NAME = 255
_CHUNK = 1 << 20
#: What zipfile raises for damaged content, names or compression methods that it does not know.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    EOFError,
    UnicodeDecodeError,
    OSError,
)
_AGAIN = "Zip the study folder again, with ordinary (deflate) compression."


class UploadError(SgauditError):
    """An uploaded file is refused; the message says why and what to do."""


def unpack(
    upload: IO[bytes],
    folder: Path,
    *,
    max_bytes: int = MAX_BYTES,
    max_files: int = MAX_FILES,
    on_progress: OnProgress | None = None,
    cancel: Cancel | None = None,
) -> Path:
    """Extract a zip under ``folder`` and return the path of its study file.

    The new folder is named by the content, so that the same upload lands in the same place. Refused with
    an ``UploadError``, and nothing left behind: more bytes or files than allowed, paths that leave the
    folder or meet each other, links, encrypted or damaged members, anything but exactly one ``.toml`` in
    the topmost folder that has one.
    """
    sweep(folder)
    target = folder / _digest(upload)[:16]
    if target.is_dir():
        return _study_file(target)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A folder of its own: two tabs may unpack the same zip at the same time.
        partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", suffix=PART, dir=folder))
    except OSError as error:
        raise UploadError(f"The upload cannot be written to {folder} ({error.strerror}).") from error
    try:
        _extract(upload, partial, max_bytes, max_files, on_progress, cancel)
        _study_file(partial)
        _move(partial, target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return _study_file(target)


def sweep(folder: Path) -> None:
    """Remove what is left under ``folder`` of unpackings that were killed and of tabs that were closed."""
    for suffix, seconds in _STALE.items():
        for place in folder.glob(f"*{suffix}"):
            if time.time() - _last_change(place) > seconds:
                shutil.rmtree(place, ignore_errors=True)


def _last_change(place: Path) -> float:
    """When a folder or anything in it was last written; now, where somebody else is removing it."""
    try:
        return max(path.stat().st_mtime for path in (place, *place.rglob("*")))
    except OSError:
        return time.time()


def _digest(upload: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := upload.read(_CHUNK):
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


def _extract(
    upload: IO[bytes],
    folder: Path,
    max_bytes: int,
    max_files: int,
    on_progress: OnProgress | None,
    cancel: Cancel | None,
) -> None:
    try:
        archive = zipfile.ZipFile(upload)
    except _UNREADABLE as error:
        raise UploadError(f"The file is not a readable zip ({error}). {_AGAIN}") from error
    with archive:
        members = _checked(archive, max_files)
        left = max_bytes
        for done, (path, member) in enumerate(members.items()):
            if cancel is not None:
                cancel.check()
            if on_progress is not None:
                on_progress(Progress("unpacking", done, len(members)))
            left -= _write(archive, member, folder.joinpath(*path.parts), left)
            if left < 0:
                raise UploadError(
                    f"The zip unpacks to more than {max_bytes / 1e9:.1f} GB, the most that is read. "
                    "Give the study's path instead."
                )


def _checked(archive: zipfile.ZipFile, max_files: int) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Members by the path that each may be written to."""
    files = [member for member in archive.infolist() if not member.is_dir()]
    if len(files) > max_files:
        raise UploadError(
            f"The zip holds {len(files):,} files; at most {max_files:,} are read. Give the study's path instead."
        )
    members: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for member in files:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        _check_path(member, path)
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UploadError(f"{member.filename!r} is a link. Put the file itself into the zip.")
        if member.flag_bits & 0x1:
            raise UploadError(f"{member.filename!r} is encrypted. Zip the folder without a password.")
        members[path] = member
    _check_collisions(files)
    return members


def _check_path(member: zipfile.ZipInfo, path: PurePosixPath) -> None:
    name = member.filename
    if not path.parts:
        raise UploadError(f"A member of the zip is called {name!r}, which names no file. {_AGAIN}")
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise UploadError(f"{name!r} would leave the study's folder. Zip the folder itself.")
    longest = max(path.parts, key=len)
    if len(longest.encode()) > MAX_NAME:
        raise UploadError(
            f"The name {longest[:40] + '…'!r} has {len(longest):,} letters; file systems take {MAX_NAME}. Shorten it."
        )


def _check_collisions(members: list[zipfile.ZipInfo]) -> None:
    """Two members in one place, as file systems that ignore case see it: one would replace the other."""
    seen: dict[PurePosixPath, str] = {}
    for member in members:
        place = PurePosixPath(member.filename.replace("\\", "/").casefold())
        if place in seen:
            raise UploadError(
                f"{member.filename!r} and {seen[place]!r} would be written to the same file. Rename one of them."
            )
        seen[place] = member.filename
    for place, name in seen.items():
        for parent in place.parents:
            if parent in seen:
                raise UploadError(
                    f"{seen[parent]!r} is a file, and {name!r} needs a folder of that name. Rename one of them."
                )


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Write one member, stopping once ``left`` bytes are exceeded; the bytes written."""
    written = 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as sink:
            for chunk in _chunks(archive, member):
                written += len(chunk)
                if written > left:
                    break
                sink.write(chunk)
    except OSError as error:
        raise UploadError(f"{member.filename!r} cannot be written ({error.strerror}).") from error
    return written


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    except _UNREADABLE as error:
        raise UploadError(f"{member.filename!r} cannot be unpacked ({error}). {_AGAIN}") from error


def _move(partial: Path, target: Path) -> None:
    try:
        partial.rename(target)
    except OSError as error:
        # The other tab was faster: the content is the same.
        if not target.is_dir():
            raise UploadError(f"The upload cannot be written to {target} ({error.strerror}).") from error


def _study_file(folder: Path) -> Path:
    found = sorted(folder.rglob("*.toml"), key=lambda path: (len(path.parts), path.name))
    top = [path for path in found if len(path.parts) == len(found[0].parts)] if found else []
    named = [path for path in top if path.name == "study.toml"]
    if len(top) == 1 or named:
        return named[0] if named else top[0]
    problem = "holds no study file (.toml)" if not top else "holds several .toml files and none is study.toml"
    raise UploadError(f"The zip {problem}. Put study.toml beside its tables and zip that folder.")
