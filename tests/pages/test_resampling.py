"""Resampling on the pages: offered, computed in the background, shown, and closed for a what-if."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sgcore import workflow
from sgcore.config import recipe, with_changes
from sgcore.jobs import Jobs
from sgcore.ui import resampling, store
from sgcore.workflow.redraws import PLANS
from tests.pages.driving import charts, choose, finish, labels, open_page, press, text, turn
from tests.support.studies import make_features_study


@pytest.fixture(scope="module")
def analyzed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve features and two classifiers in place of the shared study: each draw repeats the whole pipeline."""
    folder = tmp_path_factory.mktemp("few")
    study_toml = make_features_study(folder, centers={"Alpha": 24, "Beta": 10, "Gamma": 8}, effect=1.5)
    with workflow.open_store(folder / "store.duckdb") as opened:
        config = with_changes(recipe("paper"), models__classifiers=("LR", "SVM"))
        workflow.run(workflow.import_study(study_toml, opened), config, opened)
    return folder / "store.duckdb"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two draws of each kind, computed in this process."""
    for plan in PLANS.values():
        monkeypatch.setattr(plan, "draws", 2)
    monkeypatch.setattr(resampling, "Jobs", lambda workers: Jobs(workers=0))


def test_overfitting_is_offered_computed_and_shown(store_path: Path) -> None:
    app = open_page("Classifiers", "Overfitting")
    assert charts(app) == 0
    app = finish(press(app, "Repeat the cross-validation"))
    assert not app.exception
    assert "2 repeats of 5 folds" in text(app)
    assert charts(app) == 1
    assert "Repeat the cross-validation" not in labels(app.button)


def test_chance_needs_held_out_patients(store_path: Path) -> None:
    app = finish(press(open_page("Classifiers", "Chance", subset="external"), "Permute the labels"))
    assert not app.exception
    assert "of 2 runs (p = " in text(app)
    choose(app, subset="train")
    assert charts(app) == 0
    assert "choose validation or external" in text(app)


def test_every_center_is_left_out(store_path: Path) -> None:
    app = finish(press(open_page("Centers"), "Leave each center out"))
    assert not app.exception
    assert "Trained on all other centers, Radiomics has AUCs from" in text(app)
    assert charts(app) == 2


def test_the_selection_is_repeated_beside_its_thresholds(store_path: Path) -> None:
    app = open_page("Selection")
    before = charts(app)
    app = finish(press(app, "Repeat the selection"))
    assert not app.exception
    assert "Monte Carlo error" in text(app)
    assert charts(app) == before + 1


def test_stopped_draws_stay_and_the_rest_is_offered(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute, begun = workflow.resample, []

    def one_then_stop(*args: Any, cancel: Any, **settings: Any) -> int:
        def progress(step: Any) -> None:
            begun.append(step.done)
            if step.done == 1:
                cancel.set()

        return compute(*args, **(settings | {"on_progress": progress}), cancel=cancel)

    monkeypatch.setattr(workflow, "resample", one_then_stop)
    app = finish(press(open_page("Classifiers", "Overfitting"), "Repeat the cross-validation"))
    assert not app.exception
    assert any("Stopped on request" in text.value for text in app.info)
    assert "So far 1 of 2 draws are computed." in text(app)
    assert "Repeat the cross-validation: the remaining 1" in labels(app.button)


def test_a_what_if_shows_nothing_held_out_unasked(store_path: Path) -> None:
    with workflow.open_store(store_path) as opened:
        study_id = workflow.list_studies(opened)["study_id"].iloc[0]
        study = workflow.stored_study(opened, study_id)
        changed = with_changes(
            recipe("paper"), selection__p_threshold=0.04, models__classifiers=("LR", "SVM")
        )
        made = workflow.analyze(study, changed, opened)
        workflow.resample(made, "permutation", opened, draws=2)
        workflow.resample(made, "centers", opened)
    app = open_page("Classifiers", "Chance", analysis=made.id, what_if_subset="external")
    assert not app.exception
    assert charts(app) == 0
    assert "of 2 runs" not in text(app)
    press(app, "Show the reported AUC beside chance")
    assert "of 2 runs" in text(app)
    looks = store.store().analyses.looks(study_id)["what"]
    assert "permutation: external" in set(looks)
    turn(app, "Centers")
    assert "Trained on all other centers" not in text(app)
    press(press(app, "Show the results in each center"), "Show the left-out centers")
    assert "Trained on all other centers" in text(app)


def test_a_what_if_opened_on_one_set_keeps_the_others_closed(
    store_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workflow.open_store(store_path) as opened:
        study = workflow.stored_study(opened, workflow.list_studies(opened)["study_id"].iloc[0])
        changed = with_changes(recipe("paper"), selection__p_threshold=0.04, models__classifiers=("LR",))
        made = workflow.analyze(study, changed, opened)
        workflow.resample(made, "permutation", opened, draws=2)
        found = workflow.resampled(made, "permutation").rows
    assert set(found["subset"]) == {"validation", "external"}
    shown: list[dict[str, Any]] = []
    drawn = resampling.chart
    monkeypatch.setattr(resampling, "chart", lambda *args, **said: (shown.append(said), drawn(*args, **said)))
    app = open_page("Classifiers", "Chance", analysis=made.id, what_if_subset="validation")
    press(app, "Show the reported AUC beside chance")
    assert not app.exception
    assert "AUC on the validation set" in text(app)
    assert shown
    for said in shown:
        assert set(said["raw"]["subset"]) == {"validation"}
        assert set(said["table"]["Cases"]) == {"Validation"}
        assert said["says"].endswith("Different permutations of these labels: more than a million.")
