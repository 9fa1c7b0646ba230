"""Names come apart, and read as words."""

from __future__ import annotations

import pytest

from sgcore.features import FeatureName, feature_names, image_types, label, parse


@pytest.mark.parametrize("preset", ["paper-1288", "planar-2d"])
def test_every_feature_of_a_preset_has_parts_and_its_own_words(preset: str) -> None:
    names = feature_names(preset)
    parsed = [parse(name) for name in names]
    assert ["_".join((p.image_type, p.feature_class, p.feature)) for p in parsed] == list(names)
    assert all(p.feature_class != "other" for p in parsed)
    assert len({p.label for p in parsed}) == len(names)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wavelet-LHH_glcm_SumEntropy", "Sum entropy (co-occurrence) of the wavelet LHH image"),
        (
            "exponential_gldm_LargeDependenceHighGrayLevelEmphasis",
            "Large dependence high gray level emphasis (dependence) of the exponential image",
        ),
        ("original_shape_MeshVolume", "Mesh volume (shape)"),
        ("original_shape2D_MaximumDiameter", "Largest diameter (shape in the plane)"),
        ("squareroot_firstorder_10Percentile", "10th percentile (first order) of the square root image"),
        (
            "wavelet2-LL_glcm_Imc1",
            "Informational measure of correlation 1 (co-occurrence) of the wavelet LL (level 2) image",
        ),
        (
            "log-sigma-0-5-mm-3D_ngtdm_Busyness",
            "Busyness (neighborhood difference) of the Laplacian of Gaussian (sigma 0.5 mm) image",
        ),
    ],
)
def test_words(name: str, words: str) -> None:
    assert label(name) == words


@pytest.mark.parametrize(
    "name",
    ["DL_", "age", "original_glcm", "my_glcm_Contrast", "original_mine_Contrast", "a_b_c_d", "", "<b>x</b>"],
)
def test_a_name_of_a_studys_own_stays_as_it_is(name: str) -> None:
    assert parse(name) == FeatureName("", "other", name)
    assert label(name) == name


def test_a_component_of_deep_features_is_named_so() -> None:
    assert parse("DL_12") == FeatureName("", "deep", "DL_12")
    assert label("DL_12") == "Component DL_12 of the deep features"


def test_image_types_come_once_in_order() -> None:
    names = [
        "wavelet-LL_glcm_Id",
        "DL_0",
        "original_shape_Sphericity",
        "wavelet-LL_glcm_Idm",
        "original_glcm_Id",
    ]
    assert image_types(names) == ("wavelet-LL", "original")
    assert len(image_types(feature_names("paper-1288"))) == 14
