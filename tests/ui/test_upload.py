"""Uploads are bounded and written nowhere but into their own folder."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sgcore.ui.upload import UploadError, unpack


def _zip(files: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


def test_unpacks_once(tmp_path: Path) -> None:
    files = {"s/study.toml": b"name = 'x'", "s/patients.csv": b"patient_id\n", "s/other.toml": b""}
    path = unpack(_zip(files), tmp_path)
    assert path.name == "study.toml"
    assert path.read_bytes() == b"name = 'x'"
    assert unpack(_zip(files), tmp_path) == path
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../study.toml": b""}, "would leave"),
        ({"/etc/study.toml": b""}, "would leave"),
        ({"a\\..\\..\\study.toml": b""}, "would leave"),
        ({"study.toml": b"", "big.bin": b"0" * (4 << 20)}, "grows more than"),
        ({"patients.csv": b""}, "holds no study file"),
        ({"a.toml": b"", "b.toml": b""}, "several"),
    ],
)
def test_refused_with_nothing_left(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    with pytest.raises(UploadError, match=words):
        unpack(_zip(files), tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_limits(tmp_path: Path) -> None:
    archive = {"study.toml": b"x" * 100, "a.csv": b"y" * 100}
    with pytest.raises(UploadError, match="GB are read"):
        unpack(_zip(archive), tmp_path, max_bytes=150)
    with pytest.raises(UploadError, match="2 files"):
        unpack(_zip(archive), tmp_path, max_files=1)
    with pytest.raises(UploadError, match="not a readable zip"):
        unpack(io.BytesIO(b"no zip at all"), tmp_path)


def test_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("study.toml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    buffer.seek(0)
    with pytest.raises(UploadError, match="is a link"):
        unpack(buffer, tmp_path)
