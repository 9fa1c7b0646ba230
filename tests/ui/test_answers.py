"""Sentences say what the numbers say, and never "no difference"."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sgcore.domain import EvaluationSet
from sgcore.plots import words
from sgcore.stats.delong import ALL_EQUAL
from sgcore.ui import answers, selection_answers
from sgcore.ui.text import plain
from tests.plots import frames

VALIDATION = EvaluationSet("validation", None, "patient")
EXTERNAL = EvaluationSet("external", None, "patient")


def _rows(auc: dict[str, float]) -> pd.DataFrame:
    rows = answers.rows_of(frames.evaluations(), VALIDATION)
    rows = rows[rows["picked"] & rows["family"].isin(auc)].copy()
    rows["auc"] = rows["family"].map(auc)
    rows["ci_low"], rows["ci_high"] = rows["auc"] - 0.1, rows["auc"] + 0.1
    return rows


PICKS = pd.DataFrame(
    {"family": ["Radiomics", "DL", "RadiomicsDL"], "evaluated_on": ["validation", None, "external"]}
)


@pytest.mark.parametrize(
    ("on", "subset", "same"),
    [
        ("training folds", "train", True),
        ("external", "external", True),
        ("external", "validation", False),
        ("training folds", "external", False),
        (None, "external", False),
        (float("nan"), "external", False),
    ],
)
def test_a_pick_on_the_shown_cases_is_known(on: object, subset: str, same: bool) -> None:
    assert answers.picked_on(on, subset) is same


def test_overlap_is_too_few_patients() -> None:
    text = answers.best_family(
        _rows({"Radiomics": 0.8, "DL": 0.76}), frames.comparisons(), PICKS, VALIDATION, centers=3
    )
    assert text == (
        "Radiomics has the highest AUC on the validation set, 0.800 (0.700 to 0.900; 29 patients, 3 centers, "
        "classifier picked on this set); +0.040 (-0.100 to +0.190) over DL: too few patients to tell."
    )


def test_clear_difference_is_stated() -> None:
    text = answers.best_family(
        _rows({"Radiomics": 0.7, "RadiomicsDL": 0.82}), frames.comparisons(), PICKS, VALIDATION
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
    rows = answers.rows_of(frames.evaluations(), EXTERNAL)
    rows = rows[rows["picked"] & (rows["family"] == "US")]
    text = answers.best_family(rows, pd.DataFrame(), PICKS, EXTERNAL)
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
    assert words_ in selection_answers.selection(row, "Radiomics", 0.05)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 1, 0, 0), "Of 1 descriptor, 0 have p < 0.05 alone: there is no US model."),
        ((7, 7, 3, 0), "Of 7 descriptors, 3 have p < 0.05 alone and none of them together with the others: "
         "there is no US model."),
        ((7, 7, 3, 2), "Of 7 descriptors, 3 have p < 0.05 alone, and the multivariable model keeps 2."),
    ],
)  # fmt: skip
def test_descriptors_know_no_lasso(counts: tuple[int, ...], expected: str) -> None:
    row = pd.Series(counts, index=["features", "usable", "univariate", "multivariable"], dtype=float)
    row["correlation"] = row["lasso"] = float("nan")
    assert selection_answers.selection(row, "US", 0.05) == expected


def _changed(**other: object) -> str:
    features = pd.DataFrame({"family": ["Radiomics"], "change": ["kept"]})
    row = {
        "family": "Radiomics", "classifier": "LR", "reference_classifier": "LR", "auc": 0.7,
        "reference_auc": 0.7, "delta": 0.0, "ci_low": None, "ci_high": None, "n_patients": 16, "reason": "",
    } | other  # fmt: skip
    return selection_answers.what_if(features, pd.DataFrame([row]), "Radiomics", "the reference")


def test_equal_rankings_are_not_called_too_few() -> None:
    alike = _changed(reason="both scores rank every case alike")
    assert alike.endswith("+0.000 (interval not estimable; 16 patients): both scores rank every case alike.")
    # Equal AUCs without an interval need not be equal rankings: only the reason says so.
    assert "alike" not in _changed(reason="one patient of a label")
    assert "alike" not in _changed()
    assert _changed(auc=0.72, delta=0.02, ci_low=-0.1, ci_high=0.14).endswith("too few patients to tell.")


def test_another_classifier_is_named() -> None:
    text = _changed(classifier="RF", auc=0.71, reference_auc=0.62, delta=0.09, ci_low=0.01, ci_high=0.17)
    assert "RF against LR" in text


def test_pick_on_the_shown_set_is_called_too_high() -> None:
    rows = frames.evaluations()
    rows = rows[rows["family"] == "DL"]
    training = EvaluationSet("train", None, "patient")
    shown, folds = answers.rows_of(rows, EXTERNAL), answers.rows_of(rows, training)
    pick = pd.Series({"classifier": "SVM", "evaluated_on": "external", "reason": None, "unit": "patient"})

    def said(rows: pd.DataFrame, at: EvaluationSet = EXTERNAL) -> str:
        return answers.classifier_pick(rows, pick, "DL", folds, at)

    assert "too high by construction" in said(shown)
    # By image, or in one of the centers, it is another number than the one that was the best.
    assert "too high" not in said(shown, replace(EXTERNAL, unit="image"))
    assert "too high" not in said(shown, replace(EXTERNAL, center="Beta"))
    pick["evaluated_on"] = "training folds"
    assert "too high" not in said(shown)
    assert "too high by construction" in said(folds, training)


def _reached(**here: object) -> str:
    row = {
        "classifier": "LR",
        "subset": "external",
        "auc": 0.7,
        "ci_low": 0.6,
        "ci_high": 0.8,
        "n_patients": 9,
    }
    rows = pd.DataFrame([row | {"reason": ""} | here])
    pick = pd.Series(
        {"classifier": "LR", "evaluated_on": "training folds", "reason": None, "unit": "patient"}
    )
    return answers.classifier_pick(rows, pick, "DL", rows, EXTERNAL)


def test_a_pick_without_an_auc_says_why() -> None:
    assert _reached().endswith("on the external set its AUC is 0.700 (0.600 to 0.800; 9 patients).")
    lost = _reached(auc=None, ci_low=None, ci_high=None, reason="one class only, n = 9")
    assert lost.endswith("on the external set its AUC cannot be estimated: one class only, n = 9.")
    same = _reached(auc=0.5, reason=ALL_EQUAL)
    assert same.endswith("on the external set it gives everybody the same score and ranks nobody.")


def test_a_model_that_ranks_nobody_is_never_the_best() -> None:
    rows = _rows({"Radiomics": 0.45, "DL": 0.5, "US": 0.5})
    rows.loc[rows["family"] != "Radiomics", "reason"] = ALL_EQUAL

    def said(rows: pd.DataFrame) -> str:
        return answers.best_family(rows, pd.DataFrame(), PICKS.iloc[1:], VALIDATION)

    assert said(rows) == (
        "Radiomics alone ranks the cases on the validation set, AUC 0.450 (0.350 to 0.550; 29 patients); US and "
        "DL give everybody the same score."
    )
    assert said(rows[rows["family"] == "DL"]) == (
        "No family ranks the cases on the validation set: DL gives everybody the same score."
    )
    best = answers.ranked(rows)
    assert best["family"].tolist() == ["Radiomics"]


def test_names_are_never_rewritten() -> None:
    rows = _rows({"Radiomics": 0.8})
    at = replace(VALIDATION, center="St has AUC on Sea")
    text = answers.best_family(rows, pd.DataFrame(), PICKS, at)
    assert text.startswith("Radiomics is the only family with an AUC in St has AUC on Sea, 0.800 (0.700 to")


def test_a_family_of_one_ratio_is_called_so() -> None:
    rows, called = _rows({"Radiomics": 0.8, "DL": 0.76}), {"DL": "DL (one ratio)"}
    text = answers.best_family(rows, frames.comparisons(), PICKS, VALIDATION, called=called)
    assert "over DL (one ratio): too few patients to tell." in text


def test_equal_aucs_are_told_by_their_reason() -> None:
    pair = {
        "delta": 0.0,
        "ci_low": None,
        "ci_high": None,
        "n_left_out": 0,
        "reason": "one patient of a label",
    }
    assert answers.versus(pair, "US") == "+0.000 (interval not estimable) over US: one patient of a label"
    lost = pair | {"delta": None, "reason": "no shared cases"}
    assert answers.versus(lost, "US") == "it could not be compared with US: no shared cases"


def test_a_center_is_not_called_the_whole_set() -> None:
    rows = _rows({"Radiomics": 0.8})
    text = answers.best_family(rows, pd.DataFrame(), PICKS, replace(VALIDATION, center="Beta"), centers=2)
    assert "in Beta (one of 2 validation centers)" in text
    assert "on the validation set" not in text
    in_folds = answers.place_of(EvaluationSet("train", "Beta", "patient"), 2)
    assert in_folds == "in Beta (one of 2 training centers), in training folds"


def test_images_that_only_one_model_scored_are_told() -> None:
    pair = {
        "delta": 0.1,
        "ci_low": 0.02,
        "ci_high": 0.2,
        "p_adjusted": 0.01,
        "n_left_out": 39,
        "n_images": 40,
    }
    assert answers.versus(pair, "US").endswith("over US on the 40 images that both scored")


def test_numbers() -> None:
    assert words.auc(0.8074) == "0.807"
    assert words.auc(None) == "not estimable"
    assert words.signed(-0.0001) == "+0.000"
    assert words.signed_interval(-0.1, 0.19) == "-0.100 to +0.190"
    assert words.signed_interval(None, 0.19) == "interval not estimable"
    assert words.p_value(0.0004) == "< 0.001"
    assert words.p_value(0.0004, digits=4) == "0.0004"
    assert words.p_value(0.00004, digits=4) == "< 0.0001"
    assert words.p_value(None, digits=4) == "–"
    assert words.count(1288, "feature") == "1,288 features"
    assert words.duration(None) == "time left not known yet"
    assert words.duration(150) == "about 2 minutes left"
    assert words.feature("wavelet-LHH_glcm_SumEntropy") == "Sum Entropy (GLCM, wavelet LHH)"
    assert words.named("wavelet-LHH_glcm_SumEntropy", True).startswith("numerical residue")


def test_text_stays_inert() -> None:
    assert plain("![x](http://a.b)").startswith("\\!\\[x\\]\\(")
    assert plain("<script>") == "\\<script\\>"
    # An invisible character keeps the page from making links of addresses.
    assert plain("www.a.b") == "www\u2060\\.a\\.b"
    assert plain("http://a") == "http\\:\u2060//a"
    assert plain("a@b.c") == "a@\u2060b\\.c"
