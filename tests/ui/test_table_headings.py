"""Tables call one thing by one name, whichever page shows them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.ui import brought_answers, decided, resampling_tables, tables
from tests.ui.test_decision_answers import _curve

PAIR = {
    "a": "DL", "b": "net", "delta": 0.1, "ci_low": 0.0, "ci_high": 0.2, "p": 0.04, "p_adjusted": 0.08, "n": 60,
    "only_a": 4, "only_b": 2, "n_patients": 40, "n_images": 60, "n_left_out": 3, "method": "DeLong", "reason": "",
}  # fmt: skip
MODEL = {
    "family": "net", "classifier": "made elsewhere", "auc": 0.8, "ci_low": 0.7, "ci_high": 0.9, "n_patients": 40,
    "within_center_auc": np.nan, "within_center_low": np.nan, "within_center_high": np.nan, "within_center_note": "",
    "n_images": 60, "n_pos": 20, "n_neg": 40, "n_left_out": 3, "method": "DeLong", "reason": "",
}  # fmt: skip
PERMUTED = {
    "family": "US", "classifier": "LR", "subset": "external", "observed": 0.74, "chance_median": 0.5,
    "chance_95": 0.62, "p": 0.0004, "p_low": 0.00001, "p_high": 0.0021, "permutations": 2499, "distinct": 9000,
    "n_empty": 12, "reason": "",
}  # fmt: skip


@pytest.mark.parametrize("of", [tables.comparisons, tables.operating_differences, brought_answers.pairs])
def test_pairs_of_models(of) -> None:
    rows = pd.DataFrame([PAIR])
    shown = of(rows)
    assert shown["p, adjusted by Holm"].tolist() == ["0.080"]
    assert shown["Images left out"].tolist() == [3]
    assert "Note" not in shown
    assert of(rows.assign(reason="no shared cases"))["Note"].tolist() == ["no shared cases"]


@pytest.mark.parametrize("of", [tables.comparisons, tables.operating_differences])
def test_images_left_out_are_counted_only_where_there_are(of) -> None:
    assert "Images left out" not in of(pd.DataFrame([PAIR | {"n_left_out": 0}]))


def test_patients_that_are_left_out_are_not_called_images() -> None:
    images, patients = pd.DataFrame([MODEL]), pd.DataFrame([MODEL, MODEL | {"n_images": np.nan}])
    assert brought_answers.aucs(images)["Images left out"].tolist() == [3]
    assert brought_answers.aucs(patients)["Not scored"].tolist() == [3, 3]
    pairs = pd.DataFrame([PAIR, PAIR | {"n_images": np.nan}])
    assert "Images left out" not in brought_answers.pairs(pairs)
    assert brought_answers.pairs(pairs)["Left out"].tolist() == [3, 3]


def test_p_of_permutations_has_four_digits_and_is_never_zero() -> None:
    (row,) = resampling_tables.permutations(pd.DataFrame([PERMUTED])).to_dict("records")
    assert row["p"] == "0.0004"
    assert row["p, limits by the number of runs"] == "< 0.0001 to 0.0021"
    unknown = pd.DataFrame([PERMUTED]).assign(p=np.nan, p_low=np.nan, p_high=np.nan, reason="no AUC")
    (row,) = resampling_tables.permutations(unknown).to_dict("records")
    assert (row["p"], row["p, limits by the number of runs"], row["Note"]) == ("–", "–", "no AUC")


def test_decision_curves_without_a_reason_have_no_note() -> None:
    shown = decided._table({"US": _curve(0.5)})
    assert "Note" not in shown
    assert "reason" not in shown
