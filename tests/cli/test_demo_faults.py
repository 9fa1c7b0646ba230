"""``sgaudit demo --with-faults``: a table of what was planted where, and words for what does not go together."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from typer.testing import CliRunner

from sgcore import workflow
from sgcore.cli import app
from sgcore.cohort.phantoms import Rendered, write
from sgcore.cohort.phantoms.beams import pixel_centers
from sgcore.cohort.phantoms.contour import Contour
from sgcore.cohort.phantoms.planted import FAULTS
from tests.cohort.phantoms.planted import SEED, TWELVE


def _invoke(*words):
    return CliRunner().invoke(app, ["demo", *map(str, words)])


def _noise(scene, scanner):
    """Outlines as they are on an image without echoes, which would take seconds."""
    pixels = np.random.default_rng(scene.seed).integers(0, 256, scanner.shape, dtype=np.uint8)
    inside = Contour(scene).inside(*pixel_centers(scanner))
    return Rendered(pixels, inside, scanner.pixel_spacing_mm)


def test_the_table_names_every_fault_with_its_code_and_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(workflow, "plant_faults", partial(workflow.plant_faults, counts=TWELVE, seed=SEED))
    monkeypatch.setattr(write, "render", _noise)
    folder = tmp_path / "f"
    result = _invoke("--with-faults", folder)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    for fault in FAULTS:
        row = next(line for line in lines if f" {fault.name} " in line)
        assert (fault.code or "") in row
        assert fault.text in row
        assert (folder / fault.name / "study.toml").is_file()
    assert "planted faults: " in result.stderr


@pytest.mark.parametrize("other", [["--rebuild"], ["--part", "images"]])
def test_it_goes_with_no_rebuild(tmp_path, other):
    result = _invoke("--with-faults", tmp_path / "f", *other)
    assert result.exit_code == 2
    assert "without --rebuild or --part" in result.stderr
    assert not (tmp_path / "f").exists()


def test_a_folder_in_use_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = _invoke("--with-faults", tmp_path)
    assert result.exit_code == 1
    assert "not an empty folder" in result.stderr
