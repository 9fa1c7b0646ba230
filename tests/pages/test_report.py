"""The report page: counts, sections and file of an analysis; that of a what-if is closed until it is counted."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.ui import reported, store
from tests.pages.driving import first, labels, open_page, press, text
from tests.support.what_if import what_if_of


def _file(app: AppTest) -> str:
    """What the download button hands over."""
    view = app.session_state["view"]
    return reported.file(view, app.session_state["report_sections"])().decode()


def test_page_counts_what_it_hands_over_and_leaves_out_what_is_not_wanted(store_path: Path) -> None:
    app = open_page("Report")
    assert not app.exception
    assert "of 140 items" in first(app)
    assert "AUC" in text(app)
    assert "METRICS score: from" in text(app)
    items = [len(table.value) for table in app.table]
    assert items == [3, 52, 58, 30]
    counts = app.table[0].value
    assert counts.drop(columns="Checklist").astype(int).to_numpy().sum() == 140

    (picker,) = [each for each in app.multiselect if each.label == "Sections"]
    assert set(picker.value) == set(workflow.report_sections())
    whole = _file(app)
    picker.set_value(["methods"]).run()
    assert not app.exception
    part = _file(app)
    assert 'id="cohort"' in whole
    assert 'id="cohort"' not in part
    assert 'id="methods"' in part
    assert "Left out of this report by choice: Who was studied?" in part


def test_a_what_if_is_closed_until_its_look_is_counted(what_if_path: Path) -> None:
    what_if = what_if_of(what_if_path)
    app = open_page("Report", analysis=what_if)
    assert first(app) == "**The report of this what-if is closed: it holds held-out results.**"
    assert not app.table
    assert not app.multiselect
    study_id = workflow.load_analysis(store.store(), what_if).study_id
    assert len(store.store().analyses.looks(study_id)) == 0
    assert "Open the report of this what-if" in labels(app.button)
    app = press(app, "Open the report of this what-if")
    assert not app.exception
    assert "of 140 items" in first(app)
    looks = store.store().analyses.looks(study_id)
    assert list(looks["what"]) == ["report: audit"]
    app.run()
    assert len(store.store().analyses.looks(study_id)) == 1
