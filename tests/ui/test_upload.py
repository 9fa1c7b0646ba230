"""Uploads are bounded and written nowhere but into their own folder."""

from __future__ import annotations

import io
import os
import threading
import time
import zipfile
from pathlib import Path

import pytest

from sgcore.errors import CancelledError
from sgcore.jobs import Cancel, Progress
from sgcore.ui.upload import UploadError, unpack

STUDY = {"s/study.toml": b"name = 'x'", "s/patients.csv": b"patient_id\n", "s/other.toml": b""}


def _zip(files: dict[str, bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compress) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    buffer.seek(0)
    return buffer


def test_unpacks_once(tmp_path: Path) -> None:
    path = unpack(_zip(STUDY), tmp_path)
    assert path.name == "study.toml"
    assert path.read_bytes() == b"name = 'x'"
    assert unpack(_zip(STUDY), tmp_path) == path
    assert len(list(tmp_path.iterdir())) == 1


def test_mask_of_zeros_is_welcome(tmp_path: Path) -> None:
    """An uncompressed NIfTI mask is nearly all zeros and shrinks a thousandfold."""
    path = unpack(_zip({"study.toml": b"", "mask.nii": bytes(4 << 20)}), tmp_path)
    assert (path.parent / "mask.nii").stat().st_size == 4 << 20


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../study.toml": b""}, "would leave"),
        ({"/etc/study.toml": b""}, "would leave"),
        ({"a\\..\\..\\study.toml": b""}, "would leave"),
        ({"study.toml": b"", ".": b""}, "names no file"),
        ({"patients.csv": b""}, "holds no study file"),
        ({"a.toml": b"", "b.toml": b""}, "several"),
        ({"study.toml": b"", "Study.toml": b""}, "'Study.toml' and 'study.toml' would be written"),
        ({"study.toml": b"", "./study.toml": b""}, "the same file"),
        ({"study.toml": b"", "a": b"", "a/b.csv": b""}, "'a' is a file, and 'a/b.csv' needs a folder"),
        ({"study.toml": b"", "n" * 300 + ".csv": b""}, "304 letters"),
        ({"study.toml": b"", "/".join(["folder" * 20] * 60): b""}, "cannot be written"),
    ],
)
def test_refused_with_nothing_left(tmp_path: Path, files: dict[str, bytes], words: str) -> None:
    with pytest.raises(UploadError, match=words):
        unpack(_zip(files), tmp_path)
    assert list(tmp_path.rglob("*")) == []


def _damaged(offset: int, content: bytes) -> io.BytesIO:
    """A zip whose second member is overwritten from ``offset`` after its own local header on."""
    raw = bytearray(_zip({"study.toml": b"", "big.csv": bytes(range(256)) * 64}).getvalue())
    start = raw.index(b"big.csv") + offset
    raw[start : start + len(content)] = content
    return io.BytesIO(bytes(raw))


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(_damaged(len("big.csv"), b"\xff" * 40), id="deflate"),
        pytest.param(_damaged(len("big.csv") + 30, b"\x00" * 200), id="checksum"),
        pytest.param(_damaged(-30, b"XXXX"), id="local-header"),
    ],
)
def test_damage_names_the_member(tmp_path: Path, upload: io.BytesIO) -> None:
    with pytest.raises(UploadError, match=r"'big\.csv' cannot be unpacked .*Zip the study folder again"):
        unpack(upload, tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_unknown_compression_names_the_member(tmp_path: Path) -> None:
    raw = bytearray(_zip({"study.toml": b"x"}).getvalue())
    raw[8:10] = b"\x63\x00"
    entry = raw.index(b"PK\x01\x02")
    raw[entry + 10 : entry + 12] = b"\x63\x00"
    with pytest.raises(UploadError, match=r"'study\.toml' cannot be unpacked .*compression"):
        unpack(io.BytesIO(bytes(raw)), tmp_path)


@pytest.mark.parametrize("length", [0, 40, 120])
def test_cut_zip_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(UploadError, match="not a readable zip"):
        unpack(io.BytesIO(_zip(STUDY).getvalue()[:length]), tmp_path)


def test_limits(tmp_path: Path) -> None:
    archive = {"study.toml": b"x" * 100, "a.csv": b"y" * 100}
    with pytest.raises(UploadError, match="GB, the most that is read"):
        unpack(_zip(archive), tmp_path, max_bytes=150)
    with pytest.raises(UploadError, match="2 files"):
        unpack(_zip(archive), tmp_path, max_files=1)
    with pytest.raises(UploadError, match="not a readable zip"):
        unpack(io.BytesIO(b"no zip at all"), tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_two_tabs_unpack_the_same_zip(tmp_path: Path) -> None:
    """Both are in the middle at once; each has its own folder until the first one is done."""
    meeting, found = threading.Barrier(2, timeout=20), []

    def wait_for_the_other(progress: Progress) -> None:
        if progress.done == 1:
            meeting.wait()

    def tab() -> None:
        found.append(unpack(_zip(STUDY), tmp_path, on_progress=wait_for_the_other))

    tabs = [threading.Thread(target=tab) for _ in range(2)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert len(found) == 2
    assert found[0] == found[1]
    assert [path.name for path in tmp_path.iterdir()] == [found[0].parent.parent.name]


def test_cancel_leaves_nothing(tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.set()
    with pytest.raises(CancelledError):
        unpack(_zip(STUDY), tmp_path, cancel=cancel)
    assert list(tmp_path.rglob("*")) == []


def test_link_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        entry = zipfile.ZipInfo("study.toml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    buffer.seek(0)
    with pytest.raises(UploadError, match="is a link"):
        unpack(buffer, tmp_path)


def _aged(path: Path, hours: float) -> Path:
    for each in (*path.rglob("*"), path):
        moment = time.time() - hours * 3600
        os.utime(each, (moment, moment))
    return path


def test_what_a_killed_unpacking_left_goes_at_the_next_upload(tmp_path: Path) -> None:
    killed, working, late, table = (tmp_path / name for name in ("a.part", "b.part", "c.part", "d.table"))
    for folder in (killed, working, late, table):
        (folder / "s").mkdir(parents=True)
        (folder / "s" / "big.csv").write_bytes(b"half")
        _aged(folder, 2)
    _aged(working, 0.1)
    _aged(late / "s", 0.1)  # only the file that is being written is new
    path = unpack(_zip(STUDY), tmp_path)
    assert sorted(place.name for place in tmp_path.iterdir()) == sorted(
        ["b.part", "c.part", "d.table", path.parent.parent.name]
    )
    _aged(table, 25)
    unpack(_zip(STUDY), tmp_path)
    assert not table.exists()
