"""ComBat in the what-if, and pages of an analysis whose external centers it cannot harmonize."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sgcore import workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from tests.pages.driving import field, finish, first, open_page, press
from tests.support.app import PAGES
from tests.support.studies import make_features_study

CENTERS = {"Alpha": 24, "Beta": 24, "Warsaw": 10, "Gamma": 8}
NO_BATCH = "ComBat has no batch for Warsaw"


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.extended)])
def quick(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> tuple[int, Path]:
    """How many development centers a study has, and a store with its analysis of features as measured."""
    folder = tmp_path_factory.mktemp("quick")
    study_toml = make_features_study(
        folder, centers=CENTERS, development=request.param, effect=1.5, center_effect=2.0
    )
    config = AnalysisConfig(
        selection=SelectionConfig(n_alphas=25), models=ModelConfig(classifiers=("LR", "SVM"), folds=3)
    )
    with workflow.open_store(folder / "s.duckdb") as store:
        workflow.run(workflow.import_study(study_toml, store), config, store)
    return request.param, folder / "s.duckdb"


def test_the_what_if_says_whom_it_cannot_harmonize(quick: tuple[int, Path], store_path: Path) -> None:
    development, made = quick
    shutil.copy(made, store_path)
    app = open_page("Selection")
    field(app.checkbox, "Harmonize centers (ComBat)").check()
    finish(press(app, "Apply"))
    assert not app.exception
    assert any("paper recipe, ComBat" in str(box.options) for box in app.selectbox)
    told = {page for page in PAGES if page != "Import" and _tells(app, page, NO_BATCH)}
    assert told == ({"Overview", "Classifiers", "Families", "Centers"} if development == 2 else set())
    assert _tells(app, "Overview", "one development center is one batch") == (development == 1)


def _tells(app: AppTest, page: str, words: str) -> bool:
    """Whether a page, with its external results opened, has these words."""
    app.switch_page(PAGES[page][0]).run()
    for box in app.selectbox:
        if box.label == "Cases":
            box.select("external")
            app.run()
            break
    for button in app.button:
        if button.label.startswith("Show "):
            button.click()
            app.run()
            break
    assert not app.exception, page
    assert first(app), page
    texts = [text.value for text in app.markdown] + [frame.value.to_string() for frame in app.dataframe]
    return any(words in text.replace("\\", "") for text in texts)
