"""The sentence on candidates and patients."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sgcore.ui.development import sentence

ROW = pd.Series(
    {
        "family": "Radiomics",
        "candidates": 1288,
        "at": 0.8,
        "n_patients": 73,
        "n_pos": 36,
        "candidates_per_event": 1288 / 36,
        "n_needed": 36331.0,
        "reason": "",
    }
)


def test_far_too_few() -> None:
    assert sentence(ROW) == (
        "Radiomics chose from 1,288 candidates in 73 training patients, 36 of them positive (36 for each positive); "
        "for an expected AUC of 0.800 so many candidates ask for about 36,331 patients, 498 times as many."
    )


def test_enough_and_nearly_enough() -> None:
    few = {**ROW, "candidates": 3, "candidates_per_event": 3 / 36}
    assert sentence(pd.Series({**few, "n_needed": 70.0})).endswith(
        "ask for about 70 patients, which there are."
    )
    assert sentence(pd.Series({**few, "n_needed": 80.0})).endswith("ask for about 80 patients, 7 more.")
    assert "for each positive" not in sentence(pd.Series({**few, "n_needed": 80.0}))


def test_a_reason_in_place_of_a_number() -> None:
    none = pd.Series({**ROW, "n_needed": np.nan, "reason": "no AUC in the training folds"})
    assert sentence(none).endswith(
        "how many patients that needs cannot be said: no AUC in the training folds."
    )
