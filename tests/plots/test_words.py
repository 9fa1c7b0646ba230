"""Features in words, and names in lines."""

from __future__ import annotations

import pytest

from sgcore.plots import words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("original_shape_Maximum2DDiameterRow", "Maximum 2D Diameter Row (Shape, original)"),
        ("original_shape_Maximum3DDiameter", "Maximum 3D Diameter (Shape, original)"),
        ("original_firstorder_10Percentile", "10 Percentile (First order, original)"),
        (
            "squareroot_glszm_LargeAreaLowGrayLevelEmphasis",
            "Large Area Low Gray Level Emphasis (GLSZM, squareroot)",
        ),
        ("original_glcm_MCC", "MCC (GLCM, original)"),
        ("original_glcm_Imc1", "Imc1 (GLCM, original)"),
        ("DL_3", "deep feature DL_3"),
        ("my_feature", "my feature"),
    ],
)
def test_features(name: str, said: str) -> None:
    assert words.feature(name) == said


def test_a_long_name_goes_on_before_its_bracket() -> None:
    assert words.lines("Mean (First order)", 20) == "Mean (First order)"
    assert words.lines("Mean (First order, original) = 3", 20) == "Mean<br>(First or…inal) = 3"
    assert words.lines("a" * 30, 11) == "aaaaa…aaaaa"


def test_lines_are_inert() -> None:
    assert (
        words.lines("<b>Mean</b> (<i>, original)", 20) == "&lt;b&gt;Mean&lt;/b&gt;<br>(&lt;i&gt;, original)"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.0, "0.000"),
        (1.25e-17, "1.2e-17"),
        (-0.0004, "-4.0e-04"),
        (0.0005, "0.001"),
        (12.5, "12.500"),
        (None, "–"),
    ],
)
def test_a_small_number_is_no_zero(value: float | None, said: str) -> None:
    assert words.number(value) == said
