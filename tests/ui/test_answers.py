"""Sentences say what the numbers say, and never "no difference"."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.plots import words
from sgcore.ui import answers
from sgcore.ui.text import cell, plain
from tests.plots import frames


def _rows(auc: dict[str, float]) -> pd.DataFrame:
    rows = frames.evaluations()
    rows = answers.rows_of(rows, subset="validation", center=None, unit="patient")
    rows = rows[rows["family"].isin(auc)].copy()
    rows["auc"] = rows["family"].map(auc)
    rows["ci_low"], rows["ci_high"] = rows["auc"] - 0.1, rows["auc"] + 0.1
    return rows


PICKS = pd.DataFrame(
    {"family": ["Radiomics", "DL", "RadiomicsDL"], "evaluated_on": ["validation", None, "external"]}
)


def test_overlap_is_too_few_patients() -> None:
    text = answers.best_family(
        _rows({"Radiomics": 0.8, "DL": 0.76}), frames.comparisons(), PICKS, subset="validation", centers=3
    )
    assert text == (
        "Radiomics has the highest AUC on the validation set, 0.800 (0.700 to 0.900; 29 patients, 3 centers, "
        "classifier picked on this set); +0.040 (-0.100 to +0.190) over DL: too few patients to tell."
    )


def test_clear_difference_is_stated() -> None:
    text = answers.best_family(
        _rows({"Radiomics": 0.7, "RadiomicsDL": 0.82}), frames.comparisons(), PICKS, subset="validation"
    )
    assert text.endswith("+0.120 (+0.020 to +0.220) over Radiomics.")


def test_pair_is_found_either_way() -> None:
    one = answers.difference(frames.comparisons(), "Radiomics", "DL")
    other = answers.difference(frames.comparisons(), "DL", "Radiomics")
    assert one is not None
    assert other is not None
    assert one["delta"] == -other["delta"]
    assert (one["ci_low"], one["ci_high"]) == (-other["ci_high"], -other["ci_low"])


def test_no_auc_gives_the_reason() -> None:
    rows = answers.rows_of(frames.evaluations(), subset="external", center=None, unit="patient")
    text = answers.best_family(rows[rows["family"] == "US"], pd.DataFrame(), PICKS, subset="external")
    assert text == "No family has an AUC on the external set: one class only in this center, n = 4."


@pytest.mark.parametrize(
    ("counts", "words_"),
    [
        ((1288, 1288, 55, 24, 10), "the LASSO keeps 10."),
        ((1288, 1286, 0, 0, 0), "no feature is left"),
        ((1288, 1286, 3, 1, 0), "the LASSO keeps none"),
    ],
)
def test_selection(counts: tuple[int, ...], words_: str) -> None:
    row = pd.Series(counts, index=["features", "usable", "univariate", "correlation", "lasso"])
    assert words_ in answers.selection(row, "Radiomics", 0.05)


def test_pick_on_the_shown_set_is_called_too_high() -> None:
    rows = frames.evaluations()
    rows = rows[rows["family"] == "DL"]
    shown = answers.rows_of(rows, subset="external", center=None, unit="patient", picked=False)
    folds = answers.rows_of(rows, subset="train", center=None, unit="patient", picked=False)
    pick = pd.Series({"classifier": "SVM", "evaluated_on": "external", "reason": None})
    assert "too high by construction" in answers.classifier_pick(shown, pick, "DL", folds)
    pick["evaluated_on"] = "training folds"
    assert "too high" not in answers.classifier_pick(shown, pick, "DL", folds)


def test_numbers() -> None:
    assert words.auc(0.8074) == "0.807"
    assert words.auc(None) == "not estimable"
    assert words.p_value(0.0004) == "< 0.001"
    assert words.count(1288, "feature") == "1,288 features"
    assert words.duration(None) == "time left not known yet"
    assert words.duration(150) == "about 2 minutes left"
    assert words.feature("wavelet-LHH_glcm_SumEntropy") == "Sum Entropy (GLCM, wavelet LHH)"


def test_text_stays_inert() -> None:
    assert plain("![x](http://a.b)").startswith("\\!\\[x\\]\\(")
    assert plain("<script>") == "\\<script\\>"
    assert cell("=cmd|' /C calc'!A0") == "'=cmd|' /C calc'!A0"
    assert cell(-1.5) == -1.5
