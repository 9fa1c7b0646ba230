"""Calibration and decision curve on the families page, with and without a decision of the study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sgcore import workflow
from sgcore.domain import Decision
from sgcore.ui import store
from tests.pages.driving import charts, field, finish, first, open_page, press, text, turn

BIOPSY = Decision("biopsy", 0.1, 0.5)


def _decide(decision: Decision | None) -> None:
    """Import the study again with another decision, in the store that the app has open."""
    study = workflow.stored_study(store.store(), _study_id())
    workflow.add_study(store.store(), replace(study, decision=decision))


def _study_id() -> str:
    return str(store.studies()["study_id"].iloc[0])


def test_calibration(store_path: Path) -> None:
    app = open_page("Families", "Calibration")
    assert not app.exception
    assert first(app).startswith("**Radiomics' probabilities are too extreme on the external set: slope 0.")
    assert charts(app) == 1
    tables = [table.value for table in app.dataframe]
    assert {"Slope (ideal 1)", "ICI of a perfect model"} <= set(tables[0])
    assert list(tables[0]["Family"]) == ["Radiomics"]
    assert len(tables[1]) == 5
    assert "it is not 0 even for a perfect model" in text(app)
    assert "only where positives are as frequent as in this study" in text(app)


def test_calibration_of_an_older_analysis_is_computed_and_shown(store_path: Path) -> None:
    with workflow.open_store(store_path) as opened, opened.connection.transaction() as cursor:
        cursor.execute("DELETE FROM result_calibration")
    app = open_page("Families", "Calibration")
    assert not app.exception
    assert charts(app) == 1
    assert "18 patients" in first(app)


def test_without_a_decision_the_page_says_what_to_add(store_path: Path) -> None:
    app = open_page("Families", "Decision curve")
    assert not app.exception
    assert "Not applicable" in text(app)
    assert "thresholds = [0.05, 0.30]" in app.code[0].value
    assert charts(app) == 0


def test_decision_curve_follows_decision_and_prevalence(store_path: Path) -> None:
    open_page("Families")
    _decide(BIOPSY)
    app = open_page("Families", "Decision curve")
    assert not app.exception
    assert charts(app) == 1
    assert "cting (biopsy) on" in text(app)
    assert "as in this study's mix, not your clinic's" in text(app)
    assert "the prevalence is taken as given" in text(app)
    asked = next(box for box in app.number_input if box.label.endswith("are secondary where you work?"))
    asked.set_value(10.0)
    app.run()
    assert not app.exception
    assert "10% positive, as set here" in text(app)
    _decide(replace(BIOPSY, treat="surgery", prevalence=0.2))
    app.run()
    assert "cting (surgery) on" in text(app)
    assert "20% positive, as set here" in text(app)
    _decide(None)
    app.run()
    assert "Not applicable" in text(app)


def test_a_what_if_shows_its_training_folds_and_counts_what_is_opened(store_path: Path) -> None:
    app = open_page("Selection")
    _decide(BIOPSY)
    field(app.number_input, "p below").set_value(0.01)
    finish(press(app, "Apply"))
    # The what-if began with what was on the screen, and puts no older decision back.
    assert store.store().studies.decision(_study_id()) == BIOPSY
    for part in ("Calibration", "Decision curve"):
        turn(app, "Families", part)
        assert not app.exception
        assert "by training folds" in first(app)
        assert "was counted" not in text(app)
        assert charts(app) == 1
    field(app.selectbox, "Cases").set_value("external")
    app.run()
    assert "was counted (look 1 of this study)" in text(app)
    assert "on the external set" in app.markdown[1].value.replace("\\", "")


def test_one_center(store_path: Path) -> None:
    app = open_page("Families", "Calibration", center="Beta")
    assert not app.exception
    assert "in Beta" in first(app)


def test_the_correction_of_the_matrix_can_be_chosen(store_path: Path) -> None:
    app = open_page("Classifiers")
    assert not app.exception
    assert "adjusted by Holm" in text(app)
    app.query_params["correction"] = "bh"
    app.run()
    assert not app.exception
    assert "adjusted by Benjamini" in text(app)
