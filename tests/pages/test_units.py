"""Pages that count by patient or by image: thresholds, predictive values, table 2, the tests of the selection."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.domain import Decision
from tests.pages.driving import field, finish, first, open_page, press
from tests.support.app import PAGES

PART = "Sensitivity and specificity"


def _said(app: AppTest) -> str:
    return " ".join(text.value.replace("\\", "") for text in app.markdown)


def _operating(page: str, unit: str) -> AppTest:
    app = open_page(page)
    app.session_state["put_unit"] = unit
    app.session_state[f"put_{page.lower()}_part"] = PART
    return app.run()


@pytest.mark.parametrize("page", ["Families", "Classifiers"])
@pytest.mark.parametrize("unit", ["patient", "image"])
def test_thresholds_and_predictive_values(store_path: Path, page: str, unit: str) -> None:
    app = _operating(page, unit)
    assert not app.exception
    said = _said(app)
    assert f"secondary {unit}s positive (sensitivity 0." in said
    assert "on the external set" in said
    assert ("Against Radiomics" in said) == (page == "Classifiers")
    assert "study mix, not your clinic" in said
    assert ("Intervals are clustered by patient." in said) == (unit == "image")
    tables = [table.value for table in app.dataframe]
    # One family alone has nobody to be compared with; the positive patients have one image each.
    tests = {test for table in tables if "Test" in table for test in table["Test"]}
    assert bool(tests) == (page == "Classifiers")
    clustered = {test for test in tests if test.endswith("clustered by patient")}
    assert bool(clustered) == (page == "Classifiers" and unit == "image")
    assert tests - clustered <= {"McNemar, exact"}
    assert ("Intervals are Tango's, p is " in said) == (page == "Classifiers")
    assert f"training scores (Youden, by {unit}): of the positive cases" in said
    field(app.number_input, "How many of 100 cases are secondary where you work?").set_value(8.0)
    app.run()
    assert not app.exception
    assert "At 8% secondary, of 100" in _said(app)
    assert "study mix" not in _said(app)


def test_prevalence_is_kept_over_pages(store_path: Path) -> None:
    app = _operating("Families", "patient")
    app.number_input[0].set_value(8.0)
    app.run()
    app.switch_page(PAGES["Overview"][0]).run()
    app.switch_page(PAGES["Classifiers"][0])
    app.session_state["put_classifiers_part"] = PART
    app.run()
    assert "At 8% secondary" in _said(app)


def test_prevalence_opens_on_that_of_the_study_file(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = Decision("biopsy", 0.01, 0.1, prevalence=0.0005)
    monkeypatch.setattr(workflow.Analysis, "decision", property(lambda _: rare))
    app = _operating("Families", "patient")
    assert not app.exception
    assert "At 0.05% secondary" in _said(app)
    app.number_input[0].set_value(None)
    app.run()
    assert "study mix, not your clinic" in _said(app)


def test_training_cases_are_said_to_have_chosen_the_threshold(store_path: Path) -> None:
    app = _operating("Families", "patient")
    app.session_state["put_subset"] = "train"
    app.run()
    assert "At the threshold chosen on these cases" in _said(app)


def test_a_center_of_one_class(store_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = workflow.Analysis.frame

    def frame(analysis: workflow.Analysis, kind: str) -> pd.DataFrame:
        rows = stored(analysis, kind)
        return rows[(rows["center"] != "Gamma") | (rows["y_true"] == 1)] if kind == "predictions" else rows

    monkeypatch.setattr(workflow.Analysis, "frame", frame)
    app = _operating("Families", "patient")
    app.session_state["put_center"] = "Gamma"
    app.run()
    assert not app.exception
    assert "has no specificity (no negative case)" in _said(app)
    assert "cannot be told: one class only among these cases" in _said(app)


def test_held_out_thresholds_of_a_what_if_are_closed(store_path: Path) -> None:
    app = open_page("Selection")
    field(app.number_input, "p below").set_value(0.01)
    finish(press(app, "Apply"))
    app.switch_page(PAGES["Families"][0])
    app.session_state["put_families_part"] = PART
    app.run()
    assert not app.exception
    said = _said(app)
    assert "in the training folds" in said
    assert "external" not in said
    assert "was counted" not in said
    app.session_state["put_what_if_subset"] = "external"
    app.run()
    assert "look 1 of this study" in _said(app)


def test_table_2_by_unit(store_path: Path) -> None:
    app = open_page("Cohort")
    (by_patient,) = [table.value for table in app.table if "Descriptor" in table.value]
    assert "Images" not in by_patient
    assert not by_patient["Test"].str.contains("clustered").any()
    app.session_state["put_unit"] = "image"
    app.run()
    assert not app.exception
    (by_image,) = [table.value for table in app.table if "Descriptor" in table.value]
    assert (by_image["Images"].astype(int) >= by_image["Patients"].astype(int)).all()
    known = by_image[by_image["p"] != "–"]
    assert known["Test"].str.contains("patient").all()
    assert "counted by patient, also where images are counted" in _said(app)


def test_the_selection_says_what_counting_patients_changes(store_path: Path) -> None:
    app = open_page("Selection")
    assert "differ by label" in first(app)
    assert "when images are counted as independent" in _said(app)
    (fates,) = [table.value for table in app.dataframe if "Fate" in table.value]
    assert (fates["p, patients counted"] != "–").any()
