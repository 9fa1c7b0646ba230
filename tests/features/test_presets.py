"""Presets: found, hashed, validated as PyRadiomics does, and refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sgcore.errors import ExtractionError, UsageError
from sgcore.features import extract, list_presets, preset_hash, preset_path, preset_settings
from tests.features.phantoms import ellipse, speckle

OWN = "imageType:\n  Original: {}\nfeatureClass:\n  firstorder: [Mean, Energy]\nsetting:\n  binWidth: 10\n"


def test_two_presets_ship() -> None:
    assert list_presets() == ("paper-1288", "planar-2d")
    for name in list_presets():
        assert preset_path(name).is_file()
        assert preset_settings(preset_path(name)) == preset_settings(name)
    assert preset_hash("paper-1288") != preset_hash("planar-2d")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    image = speckle()
    mask = ellipse(image.shape)
    values = extract(image, mask, path)
    assert list(values.index) == ["original_firstorder_Mean", "original_firstorder_Energy"]
    assert values["original_firstorder_Mean"] == pytest.approx(image[mask].mean())
    assert values["original_firstorder_Energy"] == np.square(image[mask].astype(float)).sum()


def test_an_edited_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN)
    before = preset_hash(path)
    assert preset_settings(path)["setting"] == {"binWidth": 10}
    path.write_text(OWN.replace("10", "20"))
    assert preset_hash(path) != before
    assert preset_settings(path)["setting"] == {"binWidth": 20}


def test_what_is_returned_can_be_changed_without_harm() -> None:
    preset_settings("planar-2d")["setting"]["binWidth"] = 1
    assert preset_settings("planar-2d")["setting"]["binWidth"] == 25


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("setting:\n  binWidht: 25\n", "binWidht"),
        ("setting:\n  binWidth: wide\n", "wide"),
        ("imageType:\n  Wavelets: {}\n", "Wavelets"),
        ("imageType:\n  Original:\n", "/imageType/Original"),
        ("imageType:\n  Wavelet:\n    wavelet: coif99\n", "coif99"),
        ("featureClass:\n  glcm: [SumEntropie]\n", "SumEntropie"),
        ("featureClass:\n  texture:\n", "texture"),
        ("setting: [1, 2\n", "line 2"),
        ("setting: " + "[" * 3000 + "]" * 3000, "recursion"),
        ("- 1\n- 2\n", "own.yaml"),
        ("", "own.yaml"),
    ],
)
def test_an_invalid_file_is_refused_by_name_and_problem(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        preset_settings(path)
    assert says in str(caught.value)
    assert "own.yaml: no valid parameters of PyRadiomics" in str(caught.value)
    assert caught.value.exit_code == 2


def test_invalid_settings_are_refused_like_a_file() -> None:
    with pytest.raises(UsageError, match=r"the given settings: .*binWidht"):
        preset_settings({"setting": {"binWidht": 25}})


def test_an_unknown_preset_or_file_type(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"neither a shipped preset .paper-1288, planar-2d. nor a file"):
        preset_path("paper-1289")
    other = tmp_path / "own.txt"
    other.write_text(OWN)
    with pytest.raises(UsageError, match="Rename the file"):
        preset_hash(other)


def test_every_shipped_file_is_a_parameter_file_of_pyradiomics_itself() -> None:
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    for name in list_presets():
        with pytest.warns(DeprecationWarning, match="load_module"):
            extractor = RadiomicsFeatureExtractor(str(preset_path(name)))
        settings = preset_settings(name)
        assert extractor.enabledImagetypes == settings["imageType"]
        assert extractor.enabledFeatures == settings["featureClass"]
        assert settings["setting"].items() <= extractor.settings.items()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("setting:\n  binWidth: 1.0e-9\n", "binWidth 1e-09 makes 256,000,000,000 gray levels"),
        ("imageType:\n  Square:\n    binWidth: 1.0e-9\n", "binWidth 1e-09 makes 256,000,000,000 gray"),
        ("setting:\n  binCount: 1000000\n", "binCount 1e+06 makes 1,000,000 gray levels"),
        ("setting:\n  resampledPixelSpacing: [0.1, 0.1]\n", "has 2 number(s). Give three"),
    ],
)
def test_settings_that_no_machine_computes(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as caught:
        preset_settings(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_gray_levels_and_pixels_are_bounded_before_they_are_made() -> None:
    image = speckle()
    mask = ellipse(image.shape)
    preset = {"imageType": {"Original": {}}, "featureClass": {"firstorder": ["Entropy"]}}
    with pytest.raises(ExtractionError, match=r"`binWidth` 1 makes .* gray levels"):
        extract(image * 1e12, mask, {**preset, "setting": {"binWidth": 1}})
    with pytest.raises(
        ExtractionError, match=r"`resampledPixelSpacing` \[0.001, 0.001, 0.001\] makes .* pixels"
    ):
        extract(image, mask, {**preset, "setting": {"resampledPixelSpacing": [0.001, 0.001, 0.001]}})
    assert extract(image, mask, {**preset, "setting": {"resampledPixelSpacing": [0.5, 0.5, 0]}}).size == 1
