"""The import page: a check in the background, its problems, and the checked study handed to the run."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.ui import store
from sgcore.ui.background import desk
from tests.pages.driving import finish, first, labels, open_page, press


def _check(path: Path) -> AppTest:
    app = open_page("Import")
    app.text_input[0].set_value(str(path))
    return finish(press(app, "Check"))


def test_lists_problems(store_path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "Bad"\n')
    app = _check(bad)
    assert not app.exception
    assert "cannot be imported yet" in first(app)
    assert len(app.dataframe) >= 2
    assert "Import and compute" not in labels(app.button)


def test_checked_study_goes_to_the_run(
    store_path: Path, study_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Images are read once; the analysis that the run returns is opened, its failed images are listed."""
    given: list[Any] = []
    analyzed = store.store()
    known = workflow.list_analyses(analyzed)["analysis_id"].iloc[0]

    def run(study: Any, config: Any, target: Any, **_: Any) -> workflow.Analysis:
        given.append(study)
        return workflow.load_analysis(target, known)

    failed = pd.DataFrame({"image_id": ["A001-1"], "reason": ["the ROI has one pixel"]})
    stored = workflow.Analysis.frame
    monkeypatch.setattr(workflow, "run", run)
    monkeypatch.setattr(
        workflow.Analysis,
        "frame",
        lambda analysis, kind: failed if kind == "failures" else stored(analysis, kind),
    )
    app = _check(study_toml)
    assert "can be imported: 38 patients" in first(app)
    job = desk().job
    assert job is not None
    finish(press(app, "Import and compute"))
    assert not app.exception
    assert given == [job.result[1].study]
    assert given[0] is job.result[1].study
    assert any("1 image could not be computed" in text.value for text in app.markdown)
    assert any("the ROI has one pixel" in table.value.to_string() for table in app.dataframe)
    press(app, "Open its overview")
    assert [title.value for title in app.title] == ["Overview"]


def test_the_chosen_network_goes_to_the_run(
    store_path: Path, study_toml: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []
    known = workflow.list_analyses(store.store())["analysis_id"].iloc[0]

    def run(study: Any, config: Any, target: Any, **_: Any) -> workflow.Analysis:
        given.append(config)
        return workflow.load_analysis(target, known)

    monkeypatch.setattr(workflow, "run", run)
    app = _check(study_toml)
    _choose(app, "Network", "resnet18")
    _choose(app, "First weights", "none")
    next(each for each in app.number_input if each.label == "Epochs").set_value(3)
    finish(press(app, "Import and compute"))
    assert not app.exception
    deep = given[0].deep
    assert (deep.backbone, deep.weights, deep.epochs, deep.folds) == ("resnet18", "none", 3, 0)


def test_weights_of_a_file_need_its_path(store_path: Path, study_toml: Path) -> None:
    app = _check(study_toml)
    _choose(app, "Network", "resnet18")
    _choose(app, "First weights", "file")
    press(app, "Import and compute")
    assert not app.exception
    assert any("No file of weights is named" in text.value for text in app.error)


def _choose(app: AppTest, label: str, value: str) -> None:
    next(each for each in app.selectbox if each.label == label).select(value)


def test_busy_desk_is_a_message(store_path: Path, study_toml: Path) -> None:
    app = open_page("Import")
    go_on = threading.Event()
    desk().begin("The import of another study", lambda report, cancel: go_on.wait(60), "import")
    app.text_input[0].set_value(str(study_toml))
    press(app, "Check")
    assert not app.exception
    assert any("another study is still running" in text.value for text in app.error)
    go_on.set()


def test_report_of_another_tab_replaces_none(store_path: Path, tmp_path: Path, study_toml: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('name = "Bad"\n')
    app = _check(study_toml)
    assert "cannot be imported yet" in first(_check(bad))
    assert "can be imported" in first(app.run())
