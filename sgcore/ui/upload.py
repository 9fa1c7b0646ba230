"""A study folder that comes as a zip file: bounded, and written nowhere but into its own new folder."""

from __future__ import annotations

import hashlib
import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from sgcore.errors import SgauditError

MAX_BYTES = 4 * 1024**3
MAX_FILES = 50_000
MAX_RATIO = 200
_CHUNK = 1 << 20


class UploadError(SgauditError):
    """An uploaded file is refused; the message says why and what to do."""


def unpack(
    upload: IO[bytes], folder: Path, *, max_bytes: int = MAX_BYTES, max_files: int = MAX_FILES
) -> Path:
    """Extract a zip under ``folder`` and return the path of its study file.

    The new folder is named by the content, so that the same upload lands in the same place. Refused, with
    nothing left behind: more bytes or files than allowed, members far larger than their compressed size,
    paths that leave the folder, links, encrypted members, anything but exactly one ``.toml`` in the
    topmost folder that has one.
    """
    digest = hashlib.sha256()
    while chunk := upload.read(_CHUNK):
        digest.update(chunk)
    upload.seek(0)
    target = folder / digest.hexdigest()[:16]
    if target.is_dir():
        return _study_file(target)
    partial = folder / f"{target.name}.part"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        with zipfile.ZipFile(upload) as archive:
            members = _checked(archive, max_bytes, max_files)
            left = max_bytes
            for member in members:
                left = _write(archive, member, partial, left)
        _study_file(partial)
        partial.rename(target)
    except zipfile.BadZipFile as error:
        raise UploadError(
            f"The file is not a readable zip ({error}). Zip the study folder again and upload that."
        ) from error
    except OSError as error:
        raise UploadError(f"The upload cannot be written to {folder} ({error.strerror}).") from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return _study_file(target)


def _checked(archive: zipfile.ZipFile, max_bytes: int, max_files: int) -> list[zipfile.ZipInfo]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > max_files:
        raise UploadError(
            f"The zip holds {len(members):,} files; at most {max_files:,} are read. "
            "Give the study's path instead."
        )
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            raise UploadError(f"{member.filename!r} would leave the study's folder. Zip the folder itself.")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UploadError(f"{member.filename!r} is a link. Put the file itself into the zip.")
        if member.flag_bits & 0x1:
            raise UploadError(f"{member.filename!r} is encrypted. Zip the folder without a password.")
        if member.file_size > _CHUNK and member.file_size > MAX_RATIO * max(1, member.compress_size):
            raise UploadError(
                f"{member.filename!r} grows more than {MAX_RATIO} times when unpacked. "
                "Give the study's path instead."
            )
    total = sum(member.file_size for member in members)
    if total > max_bytes:
        raise UploadError(
            f"The zip unpacks to {total / 1e9:.1f} GB; at most {max_bytes / 1e9:.1f} GB are read. "
            "Give the study's path instead."
        )
    return members


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, left: int) -> int:
    """Write one member; the bytes that may still follow. Counts real bytes, since a header can lie."""
    path = folder.joinpath(*PurePosixPath(member.filename.replace("\\", "/")).parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise UploadError(f"{member.filename!r} is larger than the zip says. It was refused.")
            sink.write(chunk)
    return left


def _study_file(folder: Path) -> Path:
    found = sorted(folder.rglob("*.toml"), key=lambda path: (len(path.parts), path.name))
    top = [path for path in found if len(path.parts) == len(found[0].parts)] if found else []
    named = [path for path in top if path.name == "study.toml"]
    if len(top) == 1 or named:
        return named[0] if named else top[0]
    problem = "holds no study file (.toml)" if not top else "holds several .toml files and none is study.toml"
    raise UploadError(f"The zip {problem}. Put study.toml beside its tables and zip that folder.")
