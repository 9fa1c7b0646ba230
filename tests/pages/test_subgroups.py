"""Subgroups on the families and the cohort page: one level, all levels, too few, what-ifs, and who is compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import stats, workflow
from sgcore.ui import store
from tests.pages.driving import charts, choose, field, first, open_page, table_with, text, turn

MODELS_OF_THE_WHOLE = "nothing was fitted or picked anew in a subgroup"


def test_one_level_and_all_levels(store_path: Path) -> None:
    app = open_page("Families", subgroup="device", level="device Scanner A", unit="image")
    assert not app.exception
    assert "AUC on the external set (device Scanner A only)" in first(app)
    assert "12 patients" in first(app)
    assert MODELS_OF_THE_WHOLE in text(app)
    level = table_with(app, "Level").set_index("Level")
    assert list(level.index) == ["device Scanner A", "device Scanner B"]
    assert "fewer than 5 patients of a label" in level.loc["device Scanner B", "Note"]
    assert "stands in each of them" in text(app)
    # By hand, from what is stored.
    study_id = str(store.studies()["study_id"].iloc[0])
    study, analysis = store.study(study_id), store.analysis(store.reference_id(study_id))
    pick = analysis.frame("picks").set_index("family").loc["Radiomics", "classifier"]
    images = study.images.loc[study.images["device"] == "Scanner A", "image_id"]
    rows = analysis.frame("predictions").set_index(["family", "classifier", "subset"])
    rows = rows.loc[("Radiomics", pick, "external")]
    rows = rows[rows["image_id"].isin(images)]
    expected = stats.auc(rows["y_true"], rows["y_score"], rows["patient_id"]).auc
    assert level.loc["device Scanner A", "AUC (95% interval)"].startswith(f"{expected:.3f} (")
    assert f"{expected:.3f} (" in first(app)


def test_a_subgroup_outlives_its_page_and_stands_in_the_link(store_path: Path) -> None:
    app = open_page("Families", "Sensitivity and specificity", subgroup="device", level="device Scanner A")
    turn(app, "Centers")
    turn(app, "Families")
    assert "(device Scanner A only)" in first(app)
    assert app.query_params["subgroup"] in ("device", ["device"])
    assert app.query_params["level"] in ("device Scanner A", ["device Scanner A"])


def test_too_few_cases_are_said_and_not_drawn(store_path: Path) -> None:
    app = open_page("Families", subgroup="device", level="device Scanner B")
    assert not app.exception
    why = "fewer than 5 patients of a label (3 positive, 3 negative)"
    assert first(app).startswith("**No family has an AUC on the external set (device Scanner B only): ")
    assert why in first(app)
    assert charts(app) == 1
    choose(app, families_part="Calibration")
    assert first(app) == (
        f"**No family's calibration can be judged on the external set (device Scanner B only): {why}.**"
    )
    assert charts(app) == 0


@pytest.mark.parametrize("part", ["Sensitivity and specificity", "Calibration"])
def test_the_other_parts_hold_for_the_subgroup(store_path: Path, part: str) -> None:
    app = open_page("Families", part, subgroup="device", level="device Scanner A")
    assert not app.exception
    assert "on the external set (device Scanner A only)" in first(app)
    assert charts(app) >= 1
    assert MODELS_OF_THE_WHOLE in text(app)
    shown = table_with(app, "Patients")
    assert set(shown["Patients"]) == {12}


def test_a_subgroup_of_held_out_cases_is_a_look(what_if_path: Path) -> None:
    with workflow.open_store(what_if_path) as opened:
        study_id = str(workflow.list_studies(opened)["study_id"].iloc[0])
        listed = workflow.list_analyses(opened, study_id)
        what_if = next(
            name
            for name in listed["analysis_id"]
            if workflow.is_what_if(opened, workflow.load_analysis(opened, name))
        )
    app = open_page("Families", analysis=what_if, subgroup="device", level="device Scanner A")
    assert not app.exception
    assert "by training folds (device Scanner A only)" in first(app)
    assert "was counted" not in text(app)
    field(app.selectbox, "Cases").set_value("external")
    app.run()
    assert not app.exception
    assert "on the external set (device Scanner A only)" in first(app)
    assert "was counted (look 1 of this study)" in text(app)
    # All levels of a column are seen at once; another column is another look.
    field(app.selectbox, "Subgroup by").set_value("sex")
    app.run()
    assert "was counted (look 2 of this study)" in text(app)


def test_models_made_elsewhere_stand_on_the_whole_set(store_path: Path) -> None:
    app = open_page("Families", "Models made elsewhere", subgroup="device", level="device Scanner A")
    assert not app.exception
    assert "Subgroup by" not in [box.label for box in app.selectbox]


def test_who_is_compared_on_the_cohort_page(store_path: Path) -> None:
    app = open_page("Cohort")
    assert not app.exception
    assert "42 patients" in first(app)
    assert "primary and secondary patients differ most in" in first(app)
    assert {"Primary", "primary"} & set(table_with(app, "Variable"))
    choose(app, compare="device", cohort_subset="external", center="Beta")
    assert not app.exception
    assert "10 patients" in first(app)
    assert "from 1 center (external set, Beta only)" in first(app)
    assert "the groups device Scanner A and device Scanner B differ most in" in first(app)
    assert {"device Scanner A", "device Scanner B"} <= set(table_with(app, "Variable"))
    choose(app, compare="center", center="all", cohort_subset="everybody")
    assert not app.exception
    assert "the 3 groups by center differ most in" in first(app)
    assert "Largest standardized difference of two groups" in table_with(app, "Variable")
    choose(app, compare="subset", cohort_subset="external")
    assert "all of them are external patients, so that there are no groups to compare" in first(app)
    assert "Nobody here is in these groups: training and validation." in text(app)
