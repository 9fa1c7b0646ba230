"""An uploaded table is written whole or not at all, and goes when nobody needs it."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import IO

import pytest

from sgcore.ui.upload import UploadError
from sgcore.ui.uploaded_table import discard, keep

CONTENT = b"y,a\n0,1\n"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../..\\evil/na<me>.csv", "na_me_.csv"),
        ("...", "table.csv"),
        ("", "table.csv"),
        ("表" * 300 + ".csv", "表" * 65 + ".csv"),
    ],
)
def test_kept_under_a_safe_name_in_a_folder_of_its_own(tmp_path: Path, name: str, safe: str) -> None:
    path = keep(io.BytesIO(CONTENT), name, tmp_path / "uploads")
    assert path.read_bytes() == CONTENT
    assert path.name == safe
    assert path.parent.parent == tmp_path / "uploads"
    again = keep(io.BytesIO(CONTENT), name, tmp_path / "uploads")
    assert again.parent != path.parent  # another tab may remove its own
    for each in (path, again, path):
        discard(each)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UploadError, match="at most 0 MB"):
        keep(io.BytesIO(CONTENT), "a.csv", tmp_path / "uploads", max_bytes=4)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_fragment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(source: IO[bytes], sink: IO[bytes]) -> None:
        sink.write(source.read(3))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", half)
    with pytest.raises(UploadError, match="No space left"):
        keep(io.BytesIO(CONTENT), "a.csv", tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_bytes(b"")
    with pytest.raises(UploadError, match="cannot be written"):
        keep(io.BytesIO(CONTENT), "a.csv", tmp_path / "uploads")
