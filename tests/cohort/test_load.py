"""The way from a study file to a study, as a whole."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import load_study, read_case, validate_study
from sgcore.errors import CancelledError, ImageError, StudyError
from sgcore.jobs import Cancel
from tests.cohort.helpers import edit, put


def test_reading_the_images_tells_how_far_it_is_and_can_be_stopped(toml: Path) -> None:
    steps = []
    study = load_study(toml, on_progress=steps.append)
    assert {step.stage for step in steps} == {"reading images"}
    assert [step.done for step in steps][-1] == steps[-1].total == len(study.images)
    cancel = Cancel()
    cancel.set()
    with pytest.raises(CancelledError):
        load_study(toml, cancel=cancel)


def test_a_good_study(toml: Path) -> None:
    report = validate_study(toml)
    assert report.as_dict()["errors"] == report.as_dict()["warnings"] == report.total == 0
    study = report.study
    assert study is not None
    assert (study.name, study.negative, study.positive) == ("Test study", "primary", "secondary")
    assert (study.development, study.external) == (("Alpha",), ("Beta",))
    assert study.conflicts == ()
    assert list(study.patients.columns) == ["patient_id", "center", "label", "y", "age", "sex", "subset"]
    assert study.patients["y"].tolist() == [0, 1] * 5
    assert {"image_sha256", "mask_sha256", "height", "width", "roi_pixels"} <= set(study.images.columns)
    assert set(study.images["height"]) == {40}
    assert set(study.images["width"]) == {48}
    assert study.images["image_sha256"].str.fullmatch("[0-9a-f]{64}").all()
    assert study.descriptors is not None
    assert study.descriptors["image_id"].tolist() == study.images["image_id"].tolist()
    assert study.computed_descriptors == ("aspect_ratio",)
    assert report.as_dict()["patients"] == 10
    assert report.as_dict()["images"] == len(study.images) == 15


def test_measures_are_those_of_the_files(toml: Path) -> None:
    study = load_study(toml)
    for _, row in study.images.iterrows():
        image, mask = read_case(study, row["image_id"])
        assert image.pixels.dtype == np.float64
        assert mask.pixels.dtype == bool
        assert mask.pixels.sum() == row["roi_pixels"]
        rows, columns = np.nonzero(mask.pixels)
        expected = (np.ptp(rows) + 1) / (np.ptp(columns) + 1)
        ratios = study.descriptors.set_index("image_id")["aspect_ratio"]
        assert ratios[row["image_id"]] == pytest.approx(expected)
        spacing = row["pixel_spacing_mm"]
        assert image.spacing_mm == (None if np.isnan(spacing) else (spacing, spacing))
    assert study.images["pixel_spacing_mm"].isna().any()
    assert any("spacing of" in note and "unknown" in note for note in study.notes)


def test_all_problems_at_once(toml: Path) -> None:
    folder = toml.parent
    put(folder, "patients.csv", 2, "center", "Alphaa")
    put(folder, "patients.csv", 3, "label", "secundary")
    put(folder, "images.csv", 6, "mask", "masks/none.png")
    (folder / "images" / "A004-0.png").write_bytes(b"")
    with pytest.raises(StudyError) as caught:
        load_study(toml)
    places = {(p.file, p.row, p.column) for p in caught.value.problems}
    assert places >= {
        ("patients.csv", 2, "center"),
        ("patients.csv", 3, "label"),
        ("images.csv", 6, "mask"),
    }
    assert any("0 bytes" in p.rule and p.value == "images/A004-0.png" for p in caught.value.problems)
    assert caught.value.total == len(caught.value.problems) == 4


def test_at_most_100_problems_with_the_total(toml: Path) -> None:
    def many(frame: pd.DataFrame) -> pd.DataFrame:
        strangers = pd.DataFrame(
            {"image_id": [f"x{i}" for i in range(150)], "patient_id": [f"nobody-{i}" for i in range(150)]}
        )
        return pd.concat([frame, strangers]).fillna("")

    edit(toml.parent, "images.csv", many)
    report = validate_study(toml)
    assert len(report.problems) == 100
    assert report.total == report.counts["errors"] == 150
    with pytest.raises(StudyError) as caught:
        load_study(toml)
    assert (len(caught.value.problems), caught.value.total) == (100, 150)
    assert "145 more" in str(caught.value)


@pytest.mark.parametrize("name", ["nothing.toml", ".", "a" * 300 + ".toml", "nul\0.toml"])
def test_no_study_file(tmp_path: Path, name: str) -> None:
    report = validate_study(tmp_path / name)
    assert report.counts["errors"] == 1
    assert report.study is None
    with pytest.raises(StudyError):
        load_study(tmp_path / name)


def test_centers_that_are_not_named_are_left_out_and_said(toml: Path) -> None:
    text = toml.read_text().replace('external = ["Beta"]', "external = []")
    toml.write_text(text)
    study = load_study(toml)
    assert len(study.patients) == 6
    assert set(study.patients["center"]) == {"Alpha"}
    assert len(study.images) == 9
    assert set(study.descriptors["image_id"]) == set(study.images["image_id"])
    assert any("4 patients of Beta were left out" in note for note in study.notes)
    assert any("6 images" in note and "left out" in note for note in study.notes)


def test_the_fingerprint_is_of_content(toml: Path, tmp_path: Path) -> None:
    first = load_study(toml).fingerprint
    moved = tmp_path / "elsewhere"
    shutil.copytree(toml.parent, moved)
    assert load_study(moved / "study.toml").fingerprint == first
    windows = (moved / "patients.csv").read_bytes().replace(b"\n", b"\r\n")
    (moved / "patients.csv").write_bytes(b"\xef\xbb\xbf" + windows)
    assert load_study(moved / "study.toml").fingerprint == first
    seed = (moved / "study.toml").read_text()
    (moved / "study.toml").write_text(seed.replace("seed = 0", "seed = 1"))
    assert load_study(moved / "study.toml").fingerprint != first
    (moved / "study.toml").write_text(seed)
    put(moved, "descriptors.csv", 2, "margin", "other")
    assert load_study(moved / "study.toml").fingerprint != first


def test_one_pixel_changes_the_fingerprint(toml: Path) -> None:
    from PIL import Image

    first = load_study(toml).fingerprint
    path = toml.parent / "images" / "A001-0.png"
    pixels = np.array(Image.open(path))
    pixels[0, 0] ^= 1
    Image.fromarray(pixels).save(path)
    assert load_study(toml).fingerprint != first


@pytest.mark.parametrize("part", ["images", "masks"])
def test_a_case_that_changed_or_vanished(toml: Path, part: str) -> None:
    study = load_study(toml)
    path = toml.parent / part / "A001-0.png"
    content = path.read_bytes()
    path.write_bytes((toml.parent / part / "A002-0.png").read_bytes())
    with pytest.raises(ImageError, match=rf"{part}/A001-0.png: the file changed after the import"):
        read_case(study, "A001-0")
    path.unlink()
    with pytest.raises(ImageError, match="vanished after the import"):
        read_case(study, "A001-0")
    path.write_bytes(content)
    assert read_case(study, "A001-0")[1].pixels.any()


def test_no_such_case(toml: Path) -> None:
    with pytest.raises(ImageError, match="no image 'nobody'"):
        read_case(load_study(toml), "nobody")


def test_a_study_without_descriptors_has_the_aspect_ratio(toml: Path) -> None:
    toml.write_text(toml.read_text().replace('descriptors = "descriptors.csv"\n', ""))
    study = load_study(toml)
    assert list(study.descriptors.columns) == ["image_id", "aspect_ratio"]
    assert study.descriptors["aspect_ratio"].notna().all()


def test_a_study_of_features_needs_no_images(toml: Path) -> None:
    rows = pd.read_csv(toml.parent / "images.csv", dtype=str)[["image_id", "patient_id"]]
    rows.to_csv(toml.parent / "images.csv", index=False)
    values = rows[["image_id"]].assign(a=np.arange(len(rows)) * 0.5)
    values.to_csv(toml.parent / "features.csv", index=False)
    toml.write_text(toml.read_text() + 'features = "features.csv"\n')
    study = load_study(toml)
    assert study.images["image"].isna().all()
    assert study.images["roi_pixels"].isna().all()
    assert study.features["a"].tolist() == values["a"].tolist()
    with pytest.raises(ImageError, match="brings no image"):
        read_case(study, study.images["image_id"][0])


@pytest.mark.shared
@pytest.mark.parametrize(("name", "patients", "images"), [("study", 230, 315), ("study-warsaw", 126, 126)])
def test_the_real_study(shared_study: Path, name: str, patients: int, images: int) -> None:
    start = time.monotonic()
    report = validate_study(shared_study / f"{name}.toml")
    assert time.monotonic() - start < 30
    counts = report.as_dict()
    assert (counts["errors"], counts["patients"], counts["images"]) == (0, patients, images)
    assert report.study is not None
    assert report.study.descriptors["aspect_ratio"].notna().all()


@pytest.mark.shared
def test_nifti_masks_lie_on_the_lesions(shared_study: Path) -> None:
    """Lesions are darker than the tissue around them; a flipped mask would not find them."""
    from scipy import ndimage

    study = load_study(shared_study / "study-warsaw.toml")
    contrast: dict[str, list[float]] = {"as read": [], "up-down": [], "left-right": []}
    for image_id in study.images["image_id"][::3]:
        image, mask = read_case(study, image_id)
        turned = {
            "as read": mask.pixels,
            "up-down": np.flipud(mask.pixels),
            "left-right": np.fliplr(mask.pixels),
        }
        for name, inside in turned.items():
            ring = ndimage.binary_dilation(inside, iterations=12) & ~inside
            contrast[name].append(image.pixels[inside].mean() - image.pixels[ring].mean())
    means = {name: float(np.mean(values)) for name, values in contrast.items()}
    assert means["as read"] < -20
    assert means["as read"] < 2 * min(means["up-down"], means["left-right"])
