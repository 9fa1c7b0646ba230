"""Masks: two values, one usable region, on the image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from sgcore.cohort import load_study, read_case, read_mask
from sgcore.errors import ImageError
from tests.cohort.files import GRAY, MASK, dicom, nifti, png
from tests.cohort.helpers import edit, only


def _path(tmp_path: Path, raw: bytes, name: str = "m.png") -> Path:
    path = tmp_path / name
    path.write_bytes(raw)
    return path


def _smooth() -> np.ndarray:
    return np.asarray(Image.fromarray(MASK * np.uint8(255)).filter(ImageFilter.GaussianBlur(2)))


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (lambda: png(MASK), "m.png"),
        (lambda: png(MASK * np.uint8(255)), "m.png"),
        (lambda: png(Image.fromarray(MASK.astype(bool))), "m.png"),
        (lambda: png(np.dstack([MASK * np.uint8(255)] * 3)), "m.png"),
        (lambda: nifti(MASK), "m.nii"),
        (lambda: nifti(MASK, pack=True), "m.nii.gz"),
        (lambda: nifti(MASK.astype(np.float32)), "m.nii"),
    ],
)
def test_accepted(tmp_path: Path, raw: Callable[[], bytes], name: str) -> None:
    mask = read_mask(_path(tmp_path, raw(), name))
    assert mask.pixels.dtype == bool
    assert (mask.pixels == MASK.astype(bool)).all()
    assert mask.bounding_box() == (10, 24, 12, 29)
    assert mask.warnings == ()


@pytest.mark.parametrize(
    ("pixels", "words"),
    [
        (MASK * 0, "the mask is empty"),
        (MASK * 0 + 1, "covers the whole image"),
        (MASK * np.uint8(100), "2 values (0, 100); only 0 and 1, or 0 and 255"),
        (MASK + np.eye(40, 48, dtype=np.uint8), "3 values (0, 1, 2)"),
        (_smooth(), "smoothed edges"),
    ],
)
def test_refused(tmp_path: Path, pixels: np.ndarray, words: str) -> None:
    path = _path(tmp_path, png(pixels))
    with pytest.raises(ImageError) as caught:
        read_mask(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("shape", [(3, 3), (1, 20), (20, 1)])
def test_too_small_says_the_minimum(tmp_path: Path, shape: tuple[int, int]) -> None:
    pixels = MASK * 0
    pixels[5 : 5 + shape[0], 5 : 5 + shape[1]] = 1
    with pytest.raises(ImageError, match=f"{shape[0]} row.*{shape[1]} column.*at least 10 pixels"):
        read_mask(_path(tmp_path, png(pixels)))


def test_pieces_are_counted(tmp_path: Path) -> None:
    pixels = MASK.copy()
    pixels[30:34, 2:6] = 1
    mask = read_mask(_path(tmp_path, png(pixels)))
    assert mask.pixels.sum() == MASK.sum() + 16
    assert "2 separate pieces (270, 16 pixels)" in mask.warnings[0]


def test_pieces_reach_the_study_as_a_warning(toml: Path) -> None:
    pixels = MASK.copy()
    pixels[30:34, 2:6] = 1
    (toml.parent / "masks" / "A001-0.png").write_bytes(png(pixels))
    problem = only(toml, "2 separate pieces")
    assert (problem.severity, problem.row, problem.column) == ("warning", 2, "mask")


@pytest.mark.parametrize(
    ("shape", "fix"), [((20, 24), "over this image"), ((48, 40), "transposed"), ((40, 49), "over this image")]
)
def test_other_sizes_print_both(toml: Path, shape: tuple[int, int], fix: str) -> None:
    pixels = np.zeros(shape, np.uint8)
    pixels[5:15, 5:15] = 255
    (toml.parent / "masks" / "A002-0.png").write_bytes(png(pixels))
    problem = only(toml, f"the mask has {shape[0]} x {shape[1]} pixels (rows x columns), its image 40 x 48")
    assert problem.value == "masks/A002-0.png"
    assert fix in problem.fix


def test_a_nifti_that_was_not_transposed_is_noticed(toml: Path) -> None:
    (toml.parent / "masks" / "A002-0.nii").write_bytes(nifti(np.ascontiguousarray(MASK.T)))

    def use(frame):
        frame.loc[4, "mask"] = "masks/A002-0.nii"

    (toml.parent / "masks" / "A002-0.png").unlink()
    edit(toml.parent, "images.csv", use)
    assert "transposed" in only(toml, "the mask has 48 x 40").fix


@pytest.mark.parametrize("signs", [(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])
def test_axis_signs_of_a_nifti_over_a_png_move_nothing(toml: Path, signs: tuple[float, float]) -> None:
    raw = nifti(
        MASK,
        srow_x=np.array([signs[0], 0, 0, 0], np.float32),
        srow_y=np.array([0, signs[1], 0, 0], np.float32),
    )
    (toml.parent / "masks" / "A002-0.nii").write_bytes(raw)
    (toml.parent / "masks" / "A002-0.png").unlink()

    def use(frame):
        frame.loc[4, ["mask", "pixel_spacing_mm"]] = ["masks/A002-0.nii", ""]

    edit(toml.parent, "images.csv", use)
    study = load_study(toml)
    assert (read_case(study, "A002-0")[1].pixels == MASK.astype(bool)).all()
    # The 1 mm that ITK-SNAP writes over a PNG is no spacing.
    assert study.images["pixel_spacing_mm"].isna()[2]


def _both_nifti(toml: Path, **fields: np.ndarray) -> None:
    grid = {"pixdim": np.array([1, 0.2, 0.2, 1, 0, 0, 0, 0], np.float32)}
    place = {
        "srow_x": np.array([-0.2, 0, 0, 5], np.float32),
        "srow_y": np.array([0, -0.2, 0, 5], np.float32),
    }
    for part, pixels, own in (("images", GRAY, place), ("masks", MASK, place | fields)):
        (toml.parent / part / "A002-0.nii").write_bytes(nifti(pixels, **grid, **own))
        (toml.parent / part / "A002-0.png").unlink()

    def use(frame):
        frame.loc[4, ["image", "mask", "pixel_spacing_mm"]] = ["images/A002-0.nii", "masks/A002-0.nii", ""]

    edit(toml.parent, "images.csv", use)


def test_the_same_grid(toml: Path) -> None:
    _both_nifti(toml)
    study = load_study(toml)
    image, mask = read_case(study, "A002-0")
    assert (image.pixels == GRAY).all()
    assert (mask.pixels == MASK.astype(bool)).all()
    assert image.spacing_mm == pytest.approx((0.2, 0.2))


def test_a_flipped_grid(toml: Path) -> None:
    _both_nifti(toml, srow_y=np.array([0, 0.2, 0, 5], np.float32))
    assert "(-0.2, 0.2)" in only(toml, "is flipped against its image").rule


def test_another_place(toml: Path) -> None:
    _both_nifti(toml, srow_x=np.array([-0.2, 0, 0, 9], np.float32))
    assert "(9, 5) against" in only(toml, "lies elsewhere than its image").rule


def test_a_mask_in_the_opacity_alone(tmp_path: Path) -> None:
    pixels = np.dstack([MASK * 0] * 3 + [MASK * np.uint8(255)])
    with pytest.raises(ImageError, match=r"the mask is empty; its opacity.* is no mask"):
        read_mask(_path(tmp_path, png(pixels)))


def test_a_mask_in_dicom(tmp_path: Path) -> None:
    path = tmp_path / "m.dcm"
    path.write_bytes(dicom())
    with pytest.raises(ImageError, match="mask is a DICOM file"):
        read_mask(path)


def test_a_flipped_grid_in_meters(toml: Path) -> None:
    small = {name: np.array([0, 0, 0, 0], np.float32) for name in ("srow_x", "srow_y")}
    small["srow_x"][0], small["srow_y"][1] = 2e-4, 2e-4
    flipped = small | {"srow_y": -small["srow_y"]}
    for part, pixels, place in (("images", GRAY, small), ("masks", MASK, flipped)):
        (toml.parent / part / "A002-0.nii").write_bytes(nifti(pixels, xyzt_units=1, **place))
        (toml.parent / part / "A002-0.png").unlink()

    def use(frame):
        frame.loc[4, ["image", "mask", "pixel_spacing_mm"]] = ["images/A002-0.nii", "masks/A002-0.nii", ""]

    edit(toml.parent, "images.csv", use)
    assert "(0.0002, -0.0002)" in only(toml, "is flipped against its image").rule
