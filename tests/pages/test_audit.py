"""The audit page: verdict, cards by severity, muting with a name and a reason, and what is still to be computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.ui import store
from sgcore.ui.audited import RUNNING
from tests.pages.driving import charts, field, finish, first, open_page, press, text, turn


def _cards(app) -> list[str]:
    return [card.value.replace("\\", "") for card in app.subheader]


def test_findings_are_cards_the_gravest_first(store_path: Path) -> None:
    app = open_page("Audit")
    assert not app.exception
    assert first(app).startswith("**Audit: ")
    cards = _cards(app)
    assert "Picked on the set it is reported on" in cards
    assert "Several images of a patient treated as independent" in cards
    assert "What to do." in text(app)
    shown = [box.label for box in app.checkbox]
    assert [label.split(" ", 1)[1].rstrip("s") for label in shown][:2] == ["serious objection", "warning"]
    for box in app.checkbox[1:]:
        box.uncheck()
    app.run()
    fewer = _cards(app)
    assert "Picked on the set it is reported on" in fewer
    assert set(fewer) < set(cards)
    assert app.markdown[0].value == open_page("Audit").markdown[0].value


def test_the_rows_behind_a_finding_are_drawn_when_they_are_opened(store_path: Path) -> None:
    app = open_page("Audit")
    assert not app.dataframe
    app.session_state["evidence_of_SGA003"] = True
    app.run()
    assert len(app.dataframe) == 1


def test_a_check_is_muted_with_a_name_and_a_reason_and_counted_again(store_path: Path) -> None:
    app = open_page("Audit")
    before = first(app)
    assert "no longer counted, in all analyses of this study, later ones too" in text(app)
    app.button(key="mute_SGA003").click().run()
    assert "The name is empty" in app.error[0].value
    # A browser sends what was typed together with the click.
    app.text_input(key="mute_name_SGA003").set_value("Ada")
    app.button(key="mute_SGA003").click().run()
    assert "The reason is empty" in app.error[0].value
    study = workflow.list_studies(store.store())["study_id"].iloc[0]
    reason = f"mute_reason_{study}_SGA003"
    app.text_area(key=reason).set_value("Known.").run()
    app.text_area(key=reason).set_value("One image each in the main analysis.")
    app.button(key="mute_SGA003").click().run()
    assert not app.error
    assert "1 muted" in first(app)
    assert "Muted by Ada on" in text(app)
    assert ": One image each in the main analysis." in text(app)
    assert "Several images of a patient treated as independent" not in _cards(app)
    app.text_input(key="lift_name_SGA003").set_value("Bo")
    app.button(key="lift_SGA003").click().run()
    assert first(app) == before
    # What was stored is no draft any more, while the name is kept.
    assert app.text_area(key=reason).value == ""
    assert app.text_input(key="mute_name_SGA003").value == "Ada"


def test_what_takes_longer_is_offered_and_stays_away_once_it_is_stored(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workflow.PLANS["stability"], "draws", 2)
    app = open_page("Audit")
    waiting = next(each.label for each in app.expander if "for longer computations" in each.label)
    assert "SGA021" in waiting
    jobs = field(app.multiselect, "Computations")
    jobs.set_value(["stability"]).run()
    press(app, "Compute them")
    finish(app)
    app = open_page("Audit")
    waiting = next(each.label for each in app.expander if "for longer computations" in each.label)
    assert "SGA021" not in waiting


def test_the_audit_of_a_what_if_is_opened_and_counted(what_if_path: Path) -> None:
    with workflow.open_store(what_if_path) as opened:
        study = workflow.list_studies(opened)["study_id"].iloc[0]
        last = workflow.list_analyses(opened, study)["analysis_id"].iloc[-1]
    app = open_page("Audit", analysis=last)
    assert first(app) == "**The audit of this what-if is closed: it names held-out results.**"
    assert not _cards(app)
    press(app, "Show the audit of this what-if")
    assert _cards(app)
    assert "was counted (look 1 of this study)" in text(app)
    # One look opens it on both pages.
    assert "is closed" not in text(turn(app, "Overview"))


def test_the_overview_names_what_the_audit_page_shows(store_path: Path) -> None:
    app = open_page("Overview")
    assert "Picked on the set it is reported on · serious objection · SGA030" in text(app.run())


def test_the_first_visit_has_its_figures_before_the_audit(store_path: Path) -> None:
    app = open_page("Overview")
    assert charts(app) == 2
    assert RUNNING in text(app)
    headers = [header.value for header in app.header]
    app.run()
    assert RUNNING not in text(app)
    assert [header.value for header in app.header] == [*headers, "What a strict reviewer would object to"]
    # What is kept by the server makes the next visit quick.
    assert RUNNING not in text(open_page("Overview"))
