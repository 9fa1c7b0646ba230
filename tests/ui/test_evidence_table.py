"""Evidence as people read it: words over columns, and no zero that is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.ui.evidence_table import readable


def test_small_numbers_are_no_zeros_and_large_ones_stay_numbers() -> None:
    table = pd.DataFrame(
        {
            "image_type": ["original", "wavelet-HH"],
            "min": [0.25, 1.2e-18],
            "median": [0.5, 3e-17],
            "max": [0.75, np.nan],
            "residue": [False, True],
        }
    )
    shown = readable(table)
    assert shown["Min"].tolist() == ["0.250", "1.2e-18"]
    assert shown["Median"].tolist() == ["0.500", "3.0e-17"]
    # Where nothing is hidden a column can be sorted as numbers.
    assert shown["Max"].dtype == float
    assert shown["Residue"].tolist() == [False, True]


def test_a_p_is_never_zero_and_what_holds_nothing_is_left_out() -> None:
    table = pd.DataFrame(
        {"p": [1e-9, 0.5], "p_adjusted": [0.04, np.nan], "auc": [0.5, 0.7], "reason": [None, None]}
    )
    shown = readable(table)
    assert shown["p"].tolist() == ["< 0.001", "0.500"]
    assert shown["Adjusted p"].tolist() == ["0.040", "–"]
    assert list(shown) == ["p", "Adjusted p", "AUC"]
