"""Random damage never ends as a traceback: a file is read, or refused with a reason."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sgcore.cohort import validate_study
from sgcore.cohort.faults import Fault
from sgcore.cohort.readers import image_from_bytes, mask_from_bytes
from tests.cohort.files import GRAY, dicom, nifti, png
from tests.support.studies import make_study


def _damage(raw: bytes, chance: random.Random) -> bytes:
    """One to four bytes changed, left out or added, most of them near the start."""
    content = bytearray(raw)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(min(len(content), 600) if chance.random() < 0.7 else len(content))
        what = chance.random()
        if what < 0.7:
            content[place] = chance.randrange(256)
        elif what < 0.85:
            del content[place : place + chance.randint(1, 20)]
        else:
            content[place:place] = chance.randbytes(chance.randint(1, 8))
    return bytes(content)


# pydicom warns of odd values before it refuses them; people see the refusal.
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.png", lambda: png(GRAY)),
        ("a.nii", lambda: nifti(GRAY)),
        ("a.nii.gz", lambda: nifti(GRAY, pack=True)),
        ("a.dcm", lambda: dicom(PixelSpacing=[0.1, 0.1])),
    ],
)
def test_images(name: str, make: Callable[[], bytes]) -> None:
    chance, raw, refused = random.Random(7), make(), []
    for _ in range(600):
        damaged = _damage(raw, chance)
        for read in (image_from_bytes, mask_from_bytes):
            try:
                read(damaged, name)
            except Fault as fault:
                refused.append((fault.rule, fault.fix))
    assert len(refused) > 600
    assert all(rule and fix for rule, fix in refused)


def test_tables_and_study_file(tmp_path: Path) -> None:
    toml = make_study(tmp_path / "study", centers={"Alpha": 4, "Beta": 2}, size=(40, 48))
    chance, refused = random.Random(7), 0
    for path in sorted(toml.parent.glob("*.*")):
        raw = path.read_bytes()
        for _ in range(40):
            path.write_bytes(_damage(raw, chance))
            refused += validate_study(toml).as_dict()["errors"] > 0
        path.write_bytes(raw)
    assert 40 < refused < 160
    assert validate_study(toml).total == 0
