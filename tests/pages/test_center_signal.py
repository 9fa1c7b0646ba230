"""The section of the centers page that tells centers apart: offered, computed, shown, or refused with the reason."""

from __future__ import annotations

from pathlib import Path

from sgcore import workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.ui import store as ui_store
from tests.pages.driving import charts, finish, labels, open_page, press, text
from tests.support.studies import make_features_study

QUICK = AnalysisConfig(
    selection=SelectionConfig(n_alphas=10), models=ModelConfig(classifiers=("LR",), folds=2)
)
BUTTON = "Tell the centers apart"


def test_offered_computed_and_shown(store_path: Path) -> None:
    app = open_page("Centers")
    before = charts(app)
    assert "not stored" in text(app)
    app = finish(press(app, BUTTON))
    assert not app.exception
    assert "among patients with the same label, where 0.5 is chance" in text(app)
    assert "This is a note, no error." in text(app)
    assert charts(app) == before + 1
    assert BUTTON not in labels(app.button)


def test_one_center_has_nothing_to_tell(empty_store: Path) -> None:
    study_toml = make_features_study(empty_store.parent / "study", centers={"Alpha": 30})
    workflow.run(workflow.import_study(study_toml, ui_store.store()), QUICK, ui_store.store())
    app = open_page("Centers")
    assert not app.exception
    assert "There is nothing to tell: all 30 patients are from one center." in text(app)
    assert BUTTON not in labels(app.button)
