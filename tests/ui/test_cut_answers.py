"""Sentences on a threshold: counts of both labels, the stored one or another, and what moving it means."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.domain import EvaluationSet
from sgcore.ui import cut_answers
from sgcore.workflow import Called, called_at

LABELS = ("benign", "malignant")
EXTERNAL = EvaluationSet("external", None, "patient")


def _called(threshold: float = 0.5, y: tuple[int, ...] = (0, 0, 0, 1, 1), unit: str = "patient") -> Called:
    cases = pd.DataFrame(
        {
            "image_id": [f"i{n}" for n in range(len(y))],
            "patient_id": [f"p{n}" for n in range(len(y))],
            "center": "Beta",
            "y_true": y,
            "y_score": np.linspace(0.1, 0.9, len(y)),
        }
    )
    return called_at(cases, threshold, unit)


def test_the_stored_threshold() -> None:
    said = cut_answers.sentence(_called(), "Radiomics (SVM)", EXTERNAL, LABELS, 0.5, moved=False)
    assert said == (
        "At its stored threshold of 0.500 Radiomics (SVM) calls 2 of 2 malignant patients malignant and 2 of 3 benign "
        "patients benign on the external set: 1 of 5 wrong."
    )


def test_another_threshold_is_no_estimate() -> None:
    said = cut_answers.sentence(_called(0.6), "SVM", EXTERNAL, LABELS, 0.5, moved=True)
    assert said.startswith(
        "At 0.600 instead of the stored 0.500 SVM calls 2 of 2 malignant patients malignant"
    )
    assert said.endswith(
        "0 of 5 wrong; the threshold was set by looking at these cases, so this is no estimate of the model."
    )
    assert "expect less" in cut_answers.caution(EXTERNAL, "training scores", 0.5, moved=True)
    assert "expect less" not in cut_answers.caution(EXTERNAL, "training scores", 0.5, moved=False)


def test_training_cases_chose_the_stored_threshold() -> None:
    train = EvaluationSet("train", None, "image")
    said = cut_answers.sentence(_called(unit="image"), "SVM", train, LABELS, 0.5, moved=False)
    assert "in the training folds: 1 of 5 wrong; the threshold was chosen on these cases." in said
    assert "of these very cases" in cut_answers.caution(train, "training scores", 0.5, moved=False)


@pytest.mark.parametrize(
    ("stored", "moved", "start"),
    [
        (-np.inf, False, "At its stored threshold, which calls everybody positive, SVM"),
        (np.inf, True, "At 0.500 instead of the stored one, which calls everybody negative, SVM"),
        (np.nan, True, "At 0.500 (it has no stored threshold) SVM"),
    ],
)
def test_thresholds_that_are_no_numbers(stored: float, moved: bool, start: str) -> None:
    said = cut_answers.sentence(_called(), "SVM", EXTERNAL, LABELS, stored, moved=moved)
    assert said.startswith(start)


def test_one_label_names_that_label_alone() -> None:
    called = _called(y=(0, 0, 0))
    said = cut_answers.sentence(called, "SVM", EXTERNAL, LABELS, 0.5, moved=False)
    assert "calls 1 of 3 benign patients benign on the external set: 2 of 3 wrong" in said
    table = cut_answers.measures(called, LABELS).set_index("Measure")
    assert table.loc["Sensitivity"].tolist() == ["–", "–", "no positive case", "–"]
    assert table.loc["Positive predictive value", "Cases"] == "one label only among these cases"
    assert table.loc["Specificity", "Cases"] == "1 of 3 benign patients"
    assert table.loc["Specificity", "Estimate"] == "0.333"


def test_nothing_is_called_without_a_threshold() -> None:
    said = cut_answers.sentence(_called(np.nan), "SVM", EXTERNAL, LABELS, np.nan, moved=True)
    assert said == "SVM calls nothing on the external set: no threshold."


def test_predictive_values_come_with_their_mix() -> None:
    said = cut_answers.mix(_called(unit="image"), LABELS)
    assert "clustered by patient" in said
    assert "40% malignant, which is not that of your clinic" in said


@pytest.mark.parametrize(("value", "text"), [(0.41988, "0.420"), (0.0, "0.000"), (1.37e-7, "1.37e-07")])
def test_small_thresholds_keep_their_figures(value: float, text: str) -> None:
    assert cut_answers.number(value) == text


def test_cases_as_a_table() -> None:
    table = cut_answers.cases(_called().rows, LABELS, "patient")
    assert table.columns.tolist() == ["Patient", "Center", "Label", "Mean score", "Called", "Wrong"]
    assert table["Wrong"].tolist() == ["no", "no", "yes", "no", "no"]


def test_thresholds_that_three_decimals_would_make_one_keep_theirs() -> None:
    said = cut_answers.sentence(_called(0.53302), "SVM", EXTERNAL, LABELS, 0.53296, moved=True, digits=5)
    assert said.startswith("At 0.53302 instead of the stored 0.53296 SVM")


def test_a_classifier_that_these_cases_picked_says_so() -> None:
    said = cut_answers.sentence(_called(), "SVM", EXTERNAL, LABELS, 0.5, moved=False, picked_here=True)
    assert said.endswith("1 of 5 wrong; the classifier was picked by its AUC on these very cases.")


def test_each_interval_names_its_method() -> None:
    table = cut_answers.measures(_called(), LABELS).set_index("Measure")
    assert table.loc["Sensitivity", "Interval by"] == "Wilson"
