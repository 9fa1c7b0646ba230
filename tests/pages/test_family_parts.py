"""Calibration and decision curve on the families page, with and without a decision of the study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.domain import Decision
from sgcore.ui import store
from tests.pages.driving import field, finish, open_page, press
from tests.support.app import PAGES

BIOPSY = Decision("biopsy", 0.1, 0.5)


def _decide(decision: Decision | None) -> None:
    """Import the study again with another decision, in the store that the app has open."""
    study = workflow.stored_study(store.store(), _study_id())
    workflow.add_study(store.store(), replace(study, decision=decision))


def _study_id() -> str:
    return str(store.studies()["study_id"].iloc[0])


def _part(name: str) -> AppTest:
    app = open_page("Families")
    app.session_state["put_families_part"] = name
    return app.run()


def _said(app: AppTest) -> str:
    return " ".join(text.value.replace("\\", "") for text in app.markdown)


def _charts(app: AppTest) -> int:
    return len(app.get("plotly_chart"))


def test_calibration(store_path: Path) -> None:
    app = _part("Calibration")
    assert not app.exception
    assert "probabilities" in app.markdown[0].value
    assert _charts(app) == 1
    tables = [table.value for table in app.dataframe]
    assert {"Slope (ideal 1)", "ICI of a perfect model"} <= set(tables[0])
    assert list(tables[0]["Family"]) == ["Radiomics"]
    assert len(tables[1]) == 5
    assert "it is not 0 even for a perfect model" in _said(app)
    assert "only where positives are as frequent as in this study" in _said(app)


def test_calibration_of_an_older_analysis_is_computed_and_shown(store_path: Path) -> None:
    with workflow.open_store(store_path) as opened, opened.connection.transaction() as cursor:
        cursor.execute("DELETE FROM result_calibration")
    app = _part("Calibration")
    assert not app.exception
    assert _charts(app) == 1
    assert "18 patients" in app.markdown[0].value


def test_without_a_decision_the_page_says_what_to_add(store_path: Path) -> None:
    app = _part("Decision curve")
    assert not app.exception
    assert "Not applicable" in _said(app)
    assert "thresholds = [0.05, 0.30]" in app.code[0].value
    assert _charts(app) == 0


def test_decision_curve_follows_decision_and_prevalence(store_path: Path) -> None:
    open_page("Families")
    _decide(BIOPSY)
    app = _part("Decision curve")
    assert not app.exception
    assert _charts(app) == 1
    assert "cting (biopsy) on" in _said(app)
    assert "as in this study's mix, not your clinic's" in _said(app)
    assert "the prevalence is taken as given" in _said(app)
    asked = next(box for box in app.number_input if box.label.endswith("are secondary where you work?"))
    asked.set_value(10.0)
    app.run()
    assert not app.exception
    assert "10% positive, as set here" in _said(app)
    _decide(replace(BIOPSY, treat="surgery", prevalence=0.2))
    app.run()
    assert "cting (surgery) on" in _said(app)
    assert "20% positive, as set here" in _said(app)
    _decide(None)
    app.run()
    assert "Not applicable" in _said(app)


def test_a_what_if_shows_its_training_folds_and_counts_what_is_opened(store_path: Path) -> None:
    app = open_page("Selection")
    _decide(BIOPSY)
    field(app.number_input, "p below").set_value(0.01)
    finish(press(app, "Apply"))
    # The what-if began with what was on the screen, and puts no older decision back.
    assert store.store().studies.decision(_study_id()) == BIOPSY
    app.switch_page(PAGES["Families"][0]).run()
    for part in ("Calibration", "Decision curve"):
        app.session_state["put_families_part"] = part
        app.run()
        assert not app.exception
        assert "by training folds" in app.markdown[0].value
        assert "was counted" not in _said(app)
        assert _charts(app) == 1
    field(app.selectbox, "Cases").set_value("external")
    app.run()
    assert "was counted (look 1 of this study)" in _said(app)
    assert "on the external set" in app.markdown[1].value.replace("\\", "")


def test_one_center(store_path: Path) -> None:
    app = _part("Calibration")
    app.session_state["put_center"] = "Beta"
    app.run()
    assert not app.exception
    assert "in Beta" in app.markdown[0].value


def test_the_correction_of_the_matrix_can_be_chosen(store_path):
    app = open_page("Classifiers")
    assert not app.exception
    assert any("adjusted by Holm" in text.value for text in app.markdown)
    app.query_params["correction"] = "bh"
    app = app.run()
    assert not app.exception
    assert any("adjusted by Benjamini" in text.value for text in app.markdown)
