"""Pages that count by patient or by image: thresholds, predictive values, table 2, the tests of the selection."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.domain import Decision
from tests.pages.driving import choose, field, finish, first, open_page, press, text, turn

PART = "Sensitivity and specificity"


@pytest.mark.parametrize("page", ["Families", "Classifiers"])
@pytest.mark.parametrize("unit", ["patient", "image"])
def test_thresholds_and_predictive_values(store_path: Path, page: str, unit: str) -> None:
    app = open_page(page, PART, unit=unit)
    assert not app.exception
    said = text(app)
    assert f"secondary {unit}s positive (sensitivity 0." in said
    assert "on the external set" in said
    assert ("Against Radiomics" in said) == (page == "Classifiers")
    assert "study mix, not your clinic" in said
    assert ("Intervals are clustered by patient." in said) == (unit == "image")
    tables = [table.value for table in app.dataframe]
    # One family alone has nobody to be compared with; the positive patients have one image each.
    expected = {"McNemar, exact"} if page == "Classifiers" else set()
    if expected and unit == "image":
        expected.add("modified Obuchowski, clustered by patient")
    assert {test for table in tables if "Test" in table for test in table["Test"]} == expected
    assert ("Intervals are Tango's, p is " in said) == (page == "Classifiers")
    assert f"training scores (Youden, by {unit}): of the positive cases" in said
    field(app.number_input, "How many of 100 cases are secondary where you work?").set_value(8.0)
    app.run()
    assert not app.exception
    assert "At 8% secondary, of 100" in text(app)
    assert "study mix" not in text(app)


def test_prevalence_is_kept_over_pages(store_path: Path) -> None:
    app = open_page("Families", PART)
    app.number_input[0].set_value(8.0)
    app.run()
    turn(app, "Overview")
    turn(app, "Classifiers", PART)
    assert "At 8% secondary" in text(app)


def test_prevalence_opens_on_that_of_the_study_file(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = Decision("biopsy", 0.01, 0.1, prevalence=0.0005)
    monkeypatch.setattr(workflow.Analysis, "decision", property(lambda _: rare))
    app = open_page("Families", PART)
    assert not app.exception
    assert "At 0.05% secondary" in text(app)
    app.number_input[0].set_value(None)
    app.run()
    assert "study mix, not your clinic" in text(app)


def test_training_cases_are_said_to_have_chosen_the_threshold(store_path: Path) -> None:
    app = open_page("Families", PART, subset="train")
    assert "At the threshold chosen on these cases" in text(app)


def test_a_center_of_one_class(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = workflow.Analysis.frame

    def frame(analysis: workflow.Analysis, kind: str) -> pd.DataFrame:
        rows = stored(analysis, kind)
        return rows[(rows["center"] != "Gamma") | (rows["y_true"] == 1)] if kind == "predictions" else rows

    monkeypatch.setattr(workflow.Analysis, "frame", frame)
    app = open_page("Families", PART, center="Gamma")
    assert not app.exception
    assert "has no specificity (no negative case)" in text(app)
    assert "cannot be told: one class only among these cases" in text(app)


def test_held_out_thresholds_of_a_what_if_are_closed(what_if_path: Path) -> None:
    app = open_page("Selection")
    field(app.number_input, "p below").set_value(0.01)
    finish(press(app, "Apply"))
    turn(app, "Families", PART)
    assert not app.exception
    said = text(app)
    assert "in the training folds" in said
    assert "external" not in said
    assert "was counted" not in said
    choose(app, what_if_subset="external")
    assert "look 1 of this study" in text(app)


def test_table_2_by_unit(store_path: Path) -> None:
    app = open_page("Cohort")
    (by_patient,) = [table.value for table in app.table if "Descriptor" in table.value]
    assert "Images" not in by_patient
    assert set(by_patient["Test"]) == {"Fisher's exact test", "Student's t test", "Welch's t test"}
    choose(app, unit="image")
    assert not app.exception
    (by_image,) = [table.value for table in app.table if "Descriptor" in table.value]
    assert by_image["Images"].tolist() == ["24", "12", "27"] * 3
    assert by_image["Patients"].tolist() == by_patient["Patients"].tolist() == ["16", "8", "18"] * 3
    tests = ["chi\\-square test, permutation of patients"] * 6 + ["Welch's t test, clustered by patient"] * 3
    assert by_image["Test"].tolist() == tests
    assert "counted by patient, also where images are counted" in text(app)


def test_the_selection_says_what_counting_patients_changes(store_path: Path) -> None:
    app = open_page("Selection")
    assert "differ by label" in first(app)
    assert "when images are counted as independent" in text(app)
    (fates,) = [table.value for table in app.dataframe if "Fate" in table.value]
    tested = fates["p"] != "–"
    assert tested.sum() > 1000
    assert (fates["p, patients counted"] != "–").equals(tested)
