"""Numerical residue: what counts, over which images."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.features import RESIDUE_THRESHOLD, is_residue, residue_frame, residue_image_types
from sgcore.features.residue import is_linear_filter, response_ratio

NAN = float("nan")


def test_residue_in_all_images_is_residue() -> None:
    frame = residue_frame(
        [
            ("007", {"original": None, "wavelet-LLH": 3e-16, "wavelet-LHL": 0.3, "gradient": None}),
            ("008", {"original": None, "wavelet-LLH": 4e-18, "wavelet-LHL": 1e-12, "gradient": None}),
        ]
    )
    assert list(frame.columns) == ["image_id", "image_type", "ratio"]
    assert frame["image_id"].tolist() == ["007", "007", "008", "008"]
    assert is_residue(frame) == {"wavelet-LLH": True, "wavelet-LHL": False}
    assert residue_image_types(frame) == ("wavelet-LLH",)


def test_the_threshold_itself_is_a_response() -> None:
    frame = residue_frame([("a", {"wavelet-H": RESIDUE_THRESHOLD, "wavelet-L": RESIDUE_THRESHOLD / 2})])
    assert is_residue(frame) == {"wavelet-H": False, "wavelet-L": True}


def test_constant_images_do_not_count() -> None:
    frame = residue_frame(
        [
            ("constant", {"wavelet-LLH": NAN, "wavelet-LHL": NAN, "wavelet-HHH": NAN}),
            ("a", {"wavelet-LLH": 1e-16, "wavelet-LHL": 0.2}),
        ]
    )
    assert is_residue(frame) == {"wavelet-LLH": True, "wavelet-LHL": False, "wavelet-HHH": False}


def test_no_images_no_residue() -> None:
    frame = residue_frame([])
    assert is_residue(frame) == {}
    assert frame.dtypes.astype(str).to_dict() == {"image_id": "str", "image_type": "str", "ratio": "float64"}
    pd.testing.assert_frame_equal(frame, residue_frame([("a", {"square": None})]))


@pytest.mark.parametrize(
    ("image_type", "linear"),
    [
        ("wavelet-LHH", True),
        ("wavelet2-LL", True),
        ("log-sigma-3-0-mm-3D", True),
        ("logarithm", False),
        ("original", False),
        ("gradient", False),
        ("lbp-2D", False),
    ],
)
def test_only_linear_filters_have_a_ratio(image_type: str, linear: bool) -> None:
    assert is_linear_filter(image_type) is linear


def test_the_ratio_is_of_absolute_values_in_float64() -> None:
    assert response_ratio(np.array([1, -128], dtype=np.int8), 64.0) == 2.0
    assert response_ratio(np.array([1e-17, -3e-16]), 3.0) == pytest.approx(1e-16)
