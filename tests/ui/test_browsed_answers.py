"""What the features page says of a feature: residue first, its fate and why, size, ICC, and tables in numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sgcore.ui import browsed_answers as says


def _row(**changes: Any) -> pd.Series:
    """A selected texture feature of a wavelet image."""
    return pd.Series(
        {
            "feature": "wavelet-LLH_glcm_SumEntropy",
            "image_type": "wavelet-LLH",
            "feature_class": "glcm",
            "step": "selected",
            "test": "welch",
            "p": 0.012,
            "p_clustered": 0.034,
            "q": 0.2,
            "partner": None,
            "rho": np.nan,
            "coefficient": 0.1234,
            "reason": None,
            "residue": False,
            "icc": 0.91,
            "icc_low": 0.85,
            "icc_high": 0.95,
            "icc_patients": 78.0,
            "size_rho": 0.45,
            "size_low": 0.3,
            "size_high": 0.58,
            "size_n": 78.0,
            "size_reason": "",
        }
        | changes
    )


def _said(correction: str = "none", threshold: float = 0.05, **changes: Any) -> str:
    return says.sentence(
        _row(**changes), family="Radiomics", threshold=threshold, correction=correction, partner="Energy"
    )


def test_a_selected_feature() -> None:
    assert _said() == (
        "Sum Entropy (GLCM, wavelet LLH) is about which gray values lie side by side, after a wavelet filter (LLH). "
        "It is in the Radiomics model (coefficient +0.123 per SD): p = 0.012 by Welch's t test, 0.034 with patients "
        "counted."
    )


def test_residue_says_so_first_and_has_no_pretty_name() -> None:
    text = _said(residue=True)
    assert text.startswith(
        "Numerical residue (wavelet-LLH_glcm_SumEntropy): on one slice its filter responds"
    )
    assert "Sum Entropy" not in text
    assert text.endswith(
        "It is in the Radiomics model (coefficient +0.123 per SD): p = 0.012 by Welch's t test, 0.034 with patients "
        "counted."
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"step": "univariate", "p": 0.34, "p_clustered": np.nan, "test": "mannwhitney"},
            "It was dropped at the first test: p = 0.340 by Mann-Whitney U test, not below the limit of 0.05.",
        ),
        (
            {"step": "univariate", "p": np.nan, "reason": "one class only"},
            "It was dropped at the first test without a p value: one class only.",
        ),
        (
            {"step": "correlation", "partner": "x", "rho": -0.953, "p": 1e-9, "p_clustered": np.nan},
            "It was dropped as a near copy of Energy (Spearman -0.95), whose p is not larger; "
            "p < 0.001 by Welch's t test.",
        ),
        (
            {"step": "lasso", "coefficient": 0.0, "reason": "coefficient 0 at alpha 0.02"},
            "It was dropped by the LASSO (coefficient 0 at alpha 0.02) after passing the first test: p = 0.012 "
            "by Welch's t test, 0.034 with patients counted.",
        ),
        (
            {"step": "excluded", "p": np.nan, "reason": "constant: the same value in all training images"},
            "It was left out before testing: constant: the same value in all training images.",
        ),
        (
            {"step": "excluded", "p": np.nan, "reason": np.nan},
            "It was left out before testing: no reason stored.",
        ),
        (
            {
                "step": "multivariable",
                "test": "Wald",
                "p_clustered": np.nan,
                "reason": "p = 0.300 in the model",
            },
            "It was dropped beside the other descriptors (p = 0.300 in the model); alone it has p = 0.012 by Wald.",
        ),
    ],
)
def test_why_a_feature_was_dropped(changes: dict[str, Any], expected: str) -> None:
    assert _said(**changes).endswith(expected)


def test_a_correction_for_many_tests_is_named() -> None:
    assert "p = 0.012 by Welch's t test, q 0.200, 0.034 with patients counted" in _said("bh")
    assert "Holm-adjusted p 0.200" in _said("holm", step="univariate")


def test_what_a_name_of_the_study_describes_nobody_knows() -> None:
    text = _said(feature="margin", image_type="", feature_class="other", coefficient=np.nan)
    assert text.startswith("Margin is in the Radiomics model: p = 0.012")
    shape = _row(feature="original_shape2D_Elongation", image_type="original", feature_class="shape2D")
    assert says.about(shape) == "the form and size of the ROI"
    smooth = _row(image_type="log-sigma-2-0-mm-3D", feature_class="firstorder")
    assert says.about(smooth).endswith("(Laplacian of Gaussian, sigma-2-0-mm-3D)")


def test_size_with_interval_by_patient_and_without_by_image() -> None:
    by_patient = says.size(_row(), measure="pixels of the ROI", unit="patient")
    assert by_patient == (
        "Spearman correlation with lesion size (pixels of the ROI): 0.45 (0.30 to 0.58; 78 training patients)."
    )
    by_image = says.size(_row(size_low=np.nan), measure="pixels", unit="image")
    assert by_image.endswith(
        "0.45 (78 training images; no interval, since images of one patient are not independent)."
    )
    much = says.size(_row(size_rho=-0.8, size_low=-0.87, size_high=-0.7), measure="pixels", unit="patient")
    assert much.endswith(", so that it goes with the size.")
    # A few patients cannot say so, nor can images.
    few = says.size(_row(size_rho=0.71, size_low=-0.09, size_high=0.95), measure="pixels", unit="patient")
    assert "goes with" not in few
    image = says.size(_row(size_rho=-0.8, size_low=np.nan), measure="pixels", unit="image")
    assert "goes with" not in image
    none = says.size(_row(size_rho=np.nan, size_reason="one value"), measure="pixels", unit="patient")
    assert none == "Spearman correlation with lesion size (pixels): none, one value."


def test_icc_where_there_is_one() -> None:
    assert says.agreement(_row()) == "ICC over changed ROIs: 0.91 (0.85 to 0.95; 78 training patients)."
    assert says.agreement(_row(icc=np.nan)) == "ICC over changed ROIs: undefined (78 training patients)."
    assert says.agreement(_row(icc_patients=np.nan)) == ""


def _cases(values: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"center": "Alpha", "subset": ["train"] * 4 + ["validation"], "y": [0, 0, 0, 1, 1], "value": values}
    )


LINES = [("Alpha", "train"), ("Alpha", "validation")]


def test_the_table_has_quartiles_counts_and_what_lacks_a_value() -> None:
    table = says.distribution(_cases([1e-16, 3e-16, np.nan, 5.0, np.inf]), ("benign", "malignant"), LINES)
    first = table.iloc[0]
    assert (first["n"], first["Without a value"], first["Median"]) == (2, 1, "2.000e-16")
    assert table[["Cases", "Label", "n", "Median", "Without a value"]].iloc[3].tolist() == [
        "Validation",
        "malignant",
        0,
        "–",
        1,
    ]
    counts = says.level_counts(_cases(list("aabbb")), ("benign", "malignant"), LINES, ["a", "b"])
    assert counts["Level: a"].tolist() == [2, 0, 0, 0]
    assert counts["Level: b"].tolist() == [1, 1, 0, 1]


def test_the_caption_counts_what_is_not_drawn_and_says_what_is_constant() -> None:
    lacking = says.caption(
        _cases([2.0, 2.0, 2.0, np.nan, np.inf]), unit="image", levels=False, harmonized=True
    )
    assert "2 images without a finite value are not drawn" in lacking
    assert lacking.endswith("The value is 2.000 everywhere.")
    assert "before ComBat" in lacking
    whole = says.caption(_cases([1.0, 2.0, 3.0, 4.0, 5.0]), unit="patient", levels=False, harmonized=False)
    assert "not drawn" not in whole
    assert "everywhere" not in whole


def test_why_there_is_nothing_to_look_at() -> None:
    assert says.nothing("DL", 0) == "DL has no features to look at: its scores are a network's own."
    assert says.nothing("US", 12) == "None of the 12 features of US passes these filters."
