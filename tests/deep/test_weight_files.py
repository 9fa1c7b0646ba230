"""Files that are no weights are refused by name, and nothing in them runs."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import pytest
import torch

from sgcore.deep import weight_files
from tests.deep.saved import KINDS, save
from tests.deep.test_weights import refused


@pytest.fixture(scope="module")
def tensors() -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(0)
    return {f"layer{i}.weight": torch.randn(50, 50, generator=generator) for i in range(20)}


class Runs:
    """Leaves a file when it is unpickled without care."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.marker,)


def test_code_in_a_file_does_not_run(tmp_path):
    marker = tmp_path / "ran"
    packed, plain = tmp_path / "packed.pth", tmp_path / "plain.pth"
    torch.save({"features.0.0.weight": Runs(marker)}, packed)
    plain.write_bytes(pickle.dumps(Runs(marker)))
    for file in (packed, plain):
        message = refused(file, "no tensors .they could run code, and were not loaded")
        assert "weights_only" not in message
    assert not marker.exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_a_truncated_file_is_refused(tmp_path, tensors, kind, share):
    file = save(tensors, tmp_path, kind)
    raw = file.read_bytes()
    file.write_bytes(raw[: int(len(raw) * share)])
    refused(file, "damaged|neither")


def test_a_foreign_file_is_refused(tmp_path):
    text, archive = tmp_path / "notes.pth", tmp_path / "notes.zip"
    text.write_text("no weights at all, but long enough")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("notes.txt", "no weights")
    refused(text, "neither a safetensors file nor a state dict")
    refused(archive, "truncated or damaged")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            {"epoch": 3, "state_dict": {}},
            "entry 'epoch' is of type int and no tensor. Save the network's state_dict",
        ),
        ({}, "holds nothing"),
        ([torch.zeros(1)], "holds a list"),
        ({1: torch.zeros(1)}, "entry 1 is"),
    ],
)
def test_what_is_no_state_dict_is_refused(tmp_path, content, words):
    file = tmp_path / "other.pth"
    torch.save(content, file)
    refused(file, words)


def test_a_packed_archive_is_refused(tmp_path):
    plain, file = tmp_path / "plain.pth", tmp_path / "packed.pth"
    torch.save({"x": torch.zeros(1_000_000)}, plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, source.read(entry))
    refused(file, "packed archive")


def test_no_file_empty_file_folder_and_huge_file(tmp_path):
    empty, huge = tmp_path / "empty.pth", tmp_path / "huge.pth"
    empty.touch()
    with huge.open("wb") as file:
        file.truncate(weight_files.MAX_BYTES + 1)
    refused(tmp_path / "absent.pth", "does not exist")
    refused(empty, "empty")
    refused(tmp_path, "a folder")
    refused(Path("/dev/zero"), "no regular file")
    refused(huge, "at most 1,000,000,000 are read")
