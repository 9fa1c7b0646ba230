"""A written cohort: it loads without a word, its bytes are the seed's, its images say what they are."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from sgcore.cohort import load_study
from sgcore.cohort.phantoms.cohort import phantom_cohort
from sgcore.cohort.phantoms.reader import DESCRIPTORS
from sgcore.cohort.phantoms.write import NAME, write_cohort
from tests.cohort.phantoms.cohorts import SMALL


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    heard = []
    cohort = phantom_cohort(counts=SMALL, seed=9)
    path = write_cohort(tmp_path_factory.mktemp("phantoms") / "study", cohort, on_progress=heard.append)
    return cohort, path, heard


@pytest.fixture(scope="module")
def study(written):
    return load_study(written[1])


def test_it_loads_without_errors_warnings_or_notes(study):
    assert study.name == NAME
    assert study.warnings == ()
    assert study.notes == ()
    assert (study.negative, study.positive) == ("primary", "secondary")
    assert study.development == ("Center A",)
    assert study.external == ("Center B", "Center C", "Center D")


def test_what_is_read_is_what_was_drawn(written, study):
    cohort, _, _ = written
    assert study.split_column == "subset"
    columns = ["patient_id", "center", "label", "sex", "gland", "pathology", "subset"]
    pd.testing.assert_frame_equal(
        study.patients[columns].astype(str), cohort.patients[columns].astype(str), check_dtype=False
    )
    assert study.patients["age"].tolist() == cohort.patients["age"].tolist()
    assert study.images["image_id"].tolist() == cohort.images["image_id"].tolist()
    assert study.images["pixel_spacing_mm"].tolist() == cohort.images["pixel_spacing_mm"].tolist()
    assert study.images["device"].tolist() == cohort.images["device"].tolist()
    assert study.computed_descriptors == ()


def test_the_diagnosis_describes_patients_and_is_no_feature(study):
    assert "pathology" in study.patients
    assert set(study.descriptors.columns) == {"image_id", *DESCRIPTORS}
    assert study.features is None


def test_the_measured_aspect_ratio_is_that_of_the_mask(written):
    cohort, path, _ = written
    for row, scene in zip(cohort.images.itertuples(), cohort.scenes, strict=True):
        with Image.open(path.parent / row.mask) as image:
            mask = np.asarray(image) > 0
        high, wide = (
            np.ptp(np.flatnonzero(mask.any(axis=1))) + 1,
            np.ptp(np.flatnonzero(mask.any(axis=0))) + 1,
        )
        assert high / wide == pytest.approx(scene.height_mm / scene.width_mm, rel=0.05)


def test_progress_counts_images(written):
    cohort, _, heard = written
    assert [progress.done for progress in heard] == list(range(1, len(cohort.images) + 1))
    assert {progress.total for progress in heard} == {len(cohort.images)}


def test_images_are_8_bit_gray_and_say_that_nobody_is_in_them(written):
    cohort, path, _ = written
    for name in (*cohort.images["image"][:3], *cohort.images["mask"][:3]):
        with Image.open(path.parent / name) as image:
            assert image.mode == "L"
            assert "not a patient" in image.text["Description"]
            assert {"Title", "Comment", "Software"} <= set(image.text)
    with Image.open(path.parent / cohort.images["mask"][0]) as image:
        assert set(np.unique(np.asarray(image))) == {0, 255}


def test_the_same_seed_writes_the_same_bytes(written, tmp_path):
    cohort, path, _ = written
    rows = cohort.images.index[:4]
    again = phantom_cohort(counts=SMALL, seed=9)
    part = replace(
        again,
        images=again.images.loc[rows],
        scenes=again.scenes[: len(rows)],
        scanners=again.scanners[: len(rows)],
    )
    write_cohort(tmp_path, part)
    names = [
        *cohort.images.loc[rows, "image"],
        *cohort.images.loc[rows, "mask"],
        "patients.csv",
        "descriptors.csv",
    ]
    for name in [*names, "study.toml"]:
        assert _digest(tmp_path / name) == _digest(path.parent / name), name
    assert (path.parent / "images.csv").read_bytes().startswith((tmp_path / "images.csv").read_bytes())


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()
