"""The what-if: computed in the background, opened when done, its held-out results closed and counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from tests.pages.driving import field, finish, first, labels, open_page, press
from tests.support.app import PAGES


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Analyses wait until the event is set, or until they are cancelled."""
    go_on, compute = threading.Event(), workflow.analyze

    def wait(study: Any, config: Any, store: Any, *, on_progress: Any, cancel: Any) -> Any:
        while not go_on.wait(0.01):
            cancel.check()
        return compute(study, config, store, on_progress=on_progress, cancel=cancel)

    monkeypatch.setattr(workflow, "analyze", wait)
    yield go_on
    go_on.set()


def _apply(p: float = 0.01) -> AppTest:
    app = open_page("Selection")
    field(app.number_input, "p below").set_value(p)
    return press(app, "Apply")


def test_page_shows_what_is_known_while_computing(store_path: Path, held: threading.Event) -> None:
    app = _apply()
    assert not app.exception
    assert "Cancel" in labels(app.button)
    assert "p < 0.05" in first(app)
    assert len(app.get("plotly_chart")) >= 3
    held.set()
    finish(app)
    assert "p < 0.01" in first(app)
    assert "Against the reference" in first(app)
    assert "Cancel" not in labels(app.button)


def test_cancel_keeps_the_page(store_path: Path, held: threading.Event) -> None:
    app = press(_apply(), "Cancel")
    finish(app)
    assert not app.exception
    assert any("Stopped on request" in text.value for text in app.info)
    assert "p < 0.05" in first(app)


def test_busy_desk_is_a_message(what_if_path: Path, held: threading.Event) -> None:
    other = _apply()
    app = _apply(0.02)
    assert not app.exception
    assert any("still running" in text.value for text in app.error)
    held.set()
    finish(other)
    assert "p < 0.01" in first(other)
    # The tab that did not begin the work is offered it, and stays where it is.
    app.run()
    assert "p < 0.05" in first(app)
    press(app, "Open it")
    assert "p < 0.01" in first(app)


def test_held_out_results_are_closed_and_counted(what_if_path: Path) -> None:
    app = finish(_apply())
    assert not app.error
    press(app, "Show external values")
    assert any("look 1 of this study" in text.value for text in app.markdown)
    app.switch_page(PAGES["Families"][0]).run()
    assert "training folds" in first(app)
    app.switch_page(PAGES["Overview"][0]).run()
    assert any("The audit of this what" in text.value for text in app.markdown)
    assert not any("SGA0" in text.value for text in app.markdown)
    press(app, "Show the audit of this what-if")
    assert any("not applicable" in text.value for text in app.markdown)
    assert any("SGA0" in text.value for text in app.markdown)
    assert any("look 2 of this study" in text.value for text in app.markdown)
    app.run()
    assert any("look 2 of this study" in text.value for text in app.markdown)


def test_what_if_opens_on_training_folds_whatever_was_shown_before(what_if_path: Path) -> None:
    app = open_page("Families")
    assert "external set" in first(app)
    app.switch_page(PAGES["Selection"][0]).run()
    field(app.number_input, "p below").set_value(0.01)
    finish(press(app, "Apply"))
    app.switch_page(PAGES["Families"][0]).run()
    assert "training folds" in first(app)
    assert not any("was counted" in text.value for text in app.markdown)


def test_a_threshold_shows_what_it_would_select_before_it_is_applied(store_path: Path) -> None:
    app = open_page("Selection")
    assert any("Change one" in text.value for text in app.markdown)
    charts = len(app.get("plotly_chart"))
    field(app.number_input, "p below").set_value(0.01).run()
    assert not app.exception
    (told,) = [text.value for text in app.markdown if text.value.startswith("**With these thresholds:**")]
    assert r"p \< 0\.01" in told
    assert " gained, " in told
    assert len(app.get("plotly_chart")) == charts + 1
    assert "p < 0.05" in first(app)


def test_what_cannot_be_selected_is_said_in_the_form(store_path: Path) -> None:
    app = open_page("Selection")
    field(app.checkbox, "Leave ROI-fragile features out").check().run()
    assert not app.exception
    assert any("strict recipe" in text.value for text in app.markdown)


def test_an_analysis_gets_a_name_and_is_compared_with_another(what_if_path: Path) -> None:
    app = finish(_apply())
    assert "Against the reference (paper recipe" in first(app)
    field(app.text_input, "Name").set_value("stricter p")
    press(app, "Save the name")
    analyses = field(app.selectbox, "Analysis")
    assert "stricter p" in analyses.options
    analyses.set_value(next(key for key in analyses.options if key == "paper recipe")).run()
    against = field(app.selectbox, "Compared with")
    assert against.options[0] == "Nothing"
    assert against.options[1].startswith("stricter p")
    against.set_value(against.options[1]).run()
    assert "Against stricter p" in first(app)
