"""Extraction equals PyRadiomics, refuses what cannot be computed, and says why."""

from __future__ import annotations

import logging
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import SimpleITK as sitk
from PIL import Image

from sgcore.errors import ExtractionError
from sgcore.features import (
    extract,
    extract_case,
    feature_names,
    preset_settings,
    residue_frame,
    residue_image_types,
)
from tests.features.phantoms import ellipse, plain, speckle, volumes

IMAGE = speckle()
MASK = ellipse(IMAGE.shape)


def read(path: Path) -> np.ndarray:
    with Image.open(path) as picture:
        return np.asarray(picture)


def relative_difference(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    return (ours - theirs).abs() / theirs.abs().clip(lower=1e-300)


def assert_equal_to_pyradiomics(image: sitk.Image, mask: sitk.Image, preset: str) -> None:
    case = extract_case(image, mask, preset)
    theirs = plain(image, mask, preset)
    assert list(case.values.index) == list(theirs.index)
    shape = case.values.index.str.contains("_shape")
    # Everything but the shape runs the same code on the same numbers, residue included.
    pd.testing.assert_series_equal(case.values[~shape], theirs[~shape], check_exact=True)
    assert relative_difference(case.values[shape], theirs[shape]).max() < 1e-12


@pytest.mark.parametrize("preset", ["paper-1288", "planar-2d"])
@pytest.mark.parametrize("shape", [(48, 61), (37, 40)])
def test_equals_pyradiomics_on_one_slice(preset: str, shape: tuple[int, int]) -> None:
    image = speckle(shape, seed=3).astype(np.int32)
    assert_equal_to_pyradiomics(*volumes(image, ellipse(shape)), preset)


def test_equals_pyradiomics_with_spacing_and_real_values() -> None:
    image = speckle(seed=4).astype(np.float64) / 7 - 12
    pair = volumes(image, MASK, (0.3, 0.7, 2.0))
    assert_equal_to_pyradiomics(*pair, "paper-1288")
    assert_equal_to_pyradiomics(*pair, "planar-2d")


def test_equals_pyradiomics_on_several_slices() -> None:
    rng = np.random.default_rng(5)
    image = sitk.GetImageFromArray(rng.integers(0, 200, (6, 20, 22)).astype(np.int32))
    inside = np.zeros((6, 20, 22), dtype=np.uint8)
    inside[2:5, 6:15, 5:16] = 1
    assert_equal_to_pyradiomics(image, sitk.GetImageFromArray(inside), "paper-1288")


@pytest.mark.shared
@pytest.mark.parametrize("preset", ["paper-1288", "planar-2d"])
def test_equals_pyradiomics_on_real_images(shared_study: Path, preset: str) -> None:
    done = 0
    for path in sorted((shared_study / "images").glob("*.png")):
        gray = read(path)
        inside = read(shared_study / "masks" / path.name) != 0
        if gray.ndim != 2 or not 500 < inside.sum() < 4000:
            continue
        assert_equal_to_pyradiomics(*volumes(gray.astype(np.int32), inside), preset)
        done += 1
        if done == 3:
            return
    pytest.fail("the study has no three small grayscale lesions")


def test_paper_preset_counts_as_the_reference_study() -> None:
    names = pd.Series(feature_names("paper-1288"))
    parts = names.str.split("_", expand=True)
    assert len(names) == names.nunique() == 1288
    assert parts[1].value_counts().to_dict() == {
        "firstorder": 252,
        "shape": 14,
        "glcm": 308,
        "gldm": 196,
        "glrlm": 224,
        "glszm": 224,
        "ngtdm": 70,
    }
    assert parts[0].nunique() == 14
    assert "exponential_gldm_LargeDependenceHighGrayLevelEmphasis" in set(names)
    assert "wavelet-LHH_glcm_SumEntropy" in set(names)


def test_planar_preset_has_the_wavelets_and_the_shape_of_a_plane() -> None:
    parts = pd.Series(feature_names("planar-2d")).str.split("_", expand=True)
    assert [name for name in parts[0].unique() if name.startswith("wavelet")] == [
        "wavelet-LH",
        "wavelet-HL",
        "wavelet-HH",
        "wavelet-LL",
    ]
    assert set(parts[1]) == {"firstorder", "shape2D", "glcm", "gldm", "glrlm", "glszm", "ngtdm"}
    assert len(parts) == 10 * 91 + 9


def test_arrays_equal_the_images_made_of_them() -> None:
    from_arrays = extract(IMAGE, MASK, spacing=(0.7, 0.3))
    from_images = extract(*volumes(IMAGE, MASK, (0.3, 0.7, 1.0)))
    pd.testing.assert_series_equal(from_arrays, from_images, check_exact=True)
    flat = [sitk.GetImageFromArray(array) for array in (IMAGE, MASK.astype(np.uint8))]
    pd.testing.assert_series_equal(extract(*flat), extract(IMAGE, MASK), check_exact=True)


def test_lengths_are_in_pixels_without_a_spacing() -> None:
    pixels = extract(IMAGE, MASK, "planar-2d")
    millimeters = extract(IMAGE, MASK, "planar-2d", spacing=(0.1, 0.1))
    assert pixels["original_shape2D_PixelSurface"] == MASK.sum()
    assert millimeters["original_shape2D_Perimeter"] == pytest.approx(
        pixels["original_shape2D_Perimeter"] / 10
    )


@pytest.mark.parametrize("mask", [MASK, MASK * 1, MASK * np.uint8(255), MASK * 0.5])
def test_every_way_to_write_a_mask_is_the_same_region(mask: np.ndarray) -> None:
    pd.testing.assert_series_equal(extract(IMAGE, mask), extract(IMAGE, MASK), check_exact=True)


def test_eight_bits_do_not_wrap_around_in_the_bins() -> None:
    image = np.where(MASK & (IMAGE > 150), 250, IMAGE).astype(np.uint8)
    bright = extract(image, MASK)
    pd.testing.assert_series_equal(bright, extract(image.astype(np.int64), MASK), check_exact=True)
    shares = np.unique(image[MASK] // 25, return_counts=True)[1] / MASK.sum()
    assert len(shares) > 3
    assert bright["original_firstorder_Uniformity"] == pytest.approx((shares**2).sum(), rel=1e-12)
    # The reason for the wider type: PyRadiomics itself, on 8 bits, overflows.
    with pytest.warns(RuntimeWarning, match="overflow"):
        wrapped = plain(*volumes(image, MASK), "paper-1288")
    assert wrapped["original_firstorder_Uniformity"] != pytest.approx((shares**2).sum())


def test_same_input_same_bytes() -> None:
    first, second = (extract(IMAGE, MASK) for _ in range(2))
    assert first.to_numpy().tobytes() == second.to_numpy().tobytes()
    assert first.dtype == "float64"


def test_settings_travel_and_results_come_back_by_pickle() -> None:
    settings = pickle.loads(pickle.dumps(preset_settings("planar-2d")))  # noqa: S301
    case = extract_case(IMAGE, MASK, settings)
    back = pickle.loads(pickle.dumps(case))  # noqa: S301
    pd.testing.assert_series_equal(back.values, extract(IMAGE, MASK, "planar-2d"), check_exact=True)
    assert back == case


def test_residue_is_named_in_the_same_pass() -> None:
    case = extract_case(IMAGE, MASK)
    frame = residue_frame([("a", case.residue)])
    assert set(residue_image_types(frame)) == {"wavelet-LLH", "wavelet-LHH", "wavelet-HLH", "wavelet-HHH"}
    assert frame.set_index("image_type").loc["wavelet-LHL", "ratio"] > 0.01
    assert case.residue["gradient"] is None
    assert case.residue["original"] is None
    assert residue_image_types(residue_frame([("a", extract_case(IMAGE, MASK, "planar-2d").residue)])) == ()


def test_residue_ratio_is_the_response_over_the_image() -> None:
    import pywt

    even = speckle((48, 60))
    region = ellipse(even.shape)
    response = pywt.swt2(even.astype(float), "coif1", level=1)[0][1][0]
    expected = np.abs(response[region]).max() / even.max()
    ratios = extract_case(even, region, "planar-2d").residue
    assert expected == pytest.approx(ratios["wavelet-HL"], rel=1e-12) or expected == pytest.approx(
        ratios["wavelet-LH"], rel=1e-12
    )


def test_a_constant_region_is_said_and_is_no_residue() -> None:
    flat = np.where(MASK, 90, IMAGE).astype(np.uint8)
    case = extract_case(flat, MASK)
    assert (case.constant_image, case.constant_roi) == (False, True)
    assert np.isnan(case.residue["wavelet-LLH"])
    assert case.values["original_firstorder_Variance"] == 0
    assert extract_case(np.full_like(IMAGE, 90), MASK).constant_image


@pytest.mark.parametrize(
    ("image", "mask", "says"),
    [
        (IMAGE, np.zeros_like(MASK), "the mask is empty"),
        (IMAGE, np.ones_like(MASK), "covers the whole image"),
        (IMAGE, MASK[:-1], r"the image has size \(48, 61\), the mask \(47, 61\)"),
        (IMAGE, MASK * np.where(np.arange(61) > 30, 2, 1), r"2 values besides 0 \(1, 2\)"),
        (IMAGE[None], MASK[None], "Give two dimensions"),
        (IMAGE.astype(str), MASK, "Give gray values"),
        (np.where(MASK, np.nan, IMAGE), MASK, "not a number"),
        (np.zeros_like(IMAGE), MASK, "all pixels of the image are 0"),
        (IMAGE * 1e6, MASK, r"gray levels in the ROI after binning.*`binWidth`"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(image: np.ndarray, mask: np.ndarray, says: str) -> None:
    with pytest.raises(ExtractionError, match=says):
        extract(image, mask)


@pytest.mark.parametrize("size", [(1, 1), (1, 9)])
def test_a_region_too_small_is_refused(size: tuple[int, int]) -> None:
    mask = np.zeros_like(MASK)
    mask[10 : 10 + size[0], 10 : 10 + size[1]] = True
    with pytest.raises(ExtractionError, match="Draw a larger region"):
        extract(IMAGE, mask)


def test_the_smallest_region_is_computed() -> None:
    mask = np.zeros_like(MASK)
    mask[10:12, 10:12] = True
    assert np.isfinite(extract(IMAGE, mask)).all()


def test_images_of_another_geometry_or_label_are_refused() -> None:
    image, mask = volumes(IMAGE, MASK)
    with pytest.raises(ExtractionError, match=r"no pixel of label 1; it holds 5"):
        extract(image, mask * 5)
    with pytest.raises(ExtractionError, match="the mask is empty"):
        extract(image, mask * 0)
    with pytest.raises(ExtractionError, match="carries its own"):
        extract(image, mask, spacing=(1, 1))
    with pytest.raises(ExtractionError, match="two arrays or two SimpleITK images"):
        extract(IMAGE, mask)
    with pytest.raises(ExtractionError, match="3 values a pixel"):
        extract(sitk.Compose(image, image, image), mask)
    mask.SetOrigin((40.0, 0.0, 0.0))
    with pytest.raises(ExtractionError, match="the same origin, spacing and direction"):
        extract(image, mask)


@pytest.mark.parametrize("spacing", [(0.0, 1.0), (1.0, float("nan"))])
def test_a_spacing_is_positive(spacing: tuple[float, float]) -> None:
    with pytest.raises(ExtractionError, match="two positive numbers"):
        extract(IMAGE, MASK, spacing=spacing)


def test_warnings_of_pyradiomics_are_kept_with_the_case() -> None:
    listeners = list(logging.getLogger("radiomics").handlers)
    settings = preset_settings("planar-2d")
    settings["imageType"] = {"Original": {}}
    settings["featureClass"] = {"glcm": ["SumAverage"]}
    case = extract_case(IMAGE, MASK, settings)
    assert any("Sum Average" in text for text in case.messages)
    assert extract_case(IMAGE, MASK).messages == ()
    assert logging.getLogger("radiomics").handlers == listeners


@pytest.mark.parametrize("force2d", [False, True])
def test_a_file_that_names_no_class_means_all(force2d: bool) -> None:
    values = extract(IMAGE, MASK, {"setting": {"force2D": force2d}})
    classes = {name.split("_")[1] for name in values.index}
    assert ("shape2D" in classes) is force2d
    assert len(classes) == 7 + force2d
    assert {name.split("_")[0] for name in values.index} == {"original"}


def test_a_feature_that_is_no_number_is_named() -> None:
    settings = preset_settings("planar-2d")
    settings["setting"]["binWidth"] = 1e158
    settings["imageType"] = {"Original": {}}
    with pytest.raises(ExtractionError, match=r"cannot be computed .*original_firstorder_Energy"):
        extract(IMAGE * 1e158, MASK, settings)


def test_what_gives_no_features_is_not_left_out_in_silence() -> None:
    settings = preset_settings("planar-2d")
    settings["imageType"] = {"Original": {}, "LoG": {"sigma": [1.0]}}
    with pytest.raises(ExtractionError, match=r"LoG .*Image too small"):
        extract(IMAGE, MASK, settings)
    settings = preset_settings("paper-1288")
    settings["featureClass"] = {"shape2D": None}
    with pytest.raises(ExtractionError, match="force2D: true"):
        extract(IMAGE, MASK, settings)
