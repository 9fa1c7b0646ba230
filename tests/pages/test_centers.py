"""The centers page: what each number of external centers lets it say, and the held-out results of a what-if."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig, with_changes
from sgcore.ui import store as ui_store
from tests.pages.driving import charts, choose, field, first, labels, open_page, press, text
from tests.support.studies import make_features_study

QUICK = AnalysisConfig(
    selection=SelectionConfig(n_alphas=10), models=ModelConfig(classifiers=("LR",), folds=2)
)
SIX = {"Alpha": 40, "Beta": 16, "Gamma": 14, "Delta": 20, "Epsilon": 18, "Zeta": 16, "Eta": 4}
#: Centers with their patients (all of Eta's are positive), words of the first sentence.
STATES = [
    ({"Alpha": 40}, "the study has no external center"),
    ({"Alpha": 40, "Eta": 4}, "has no AUC in the one external center, Eta: one class only"),
    ({"Alpha": 40, "Beta": 6}, "one center cannot say whether it travels"),
    (SIX, "a new center is predicted at"),
]


def _analyzed(path: Path, centers: dict[str, int], *changed: AnalysisConfig) -> list[str]:
    """Ids of the analyses of a study with features of its own, in the store of the app."""
    study_toml = make_features_study(path.parent / "study", centers=centers, one_label=("Eta",))
    study = workflow.import_study(study_toml, ui_store.store())
    return [workflow.run(study, config, ui_store.store()).id for config in (QUICK, *changed)]


@pytest.mark.parametrize(("centers", "sentence"), STATES)
def test_states(empty_store: Path, centers: dict[str, int], sentence: str) -> None:
    _analyzed(empty_store, centers)
    app = open_page("Centers")
    assert not app.exception
    assert sentence in first(app)
    assert charts(app) == 1
    asked = "Is the external set large enough?" in [text.value for text in app.header]
    assert asked == (len(centers) > 1)
    assert "agree" not in text(app).replace("does not mean that they agree", "")


def test_classifier_is_the_pick_until_another_is_chosen(store_path: Path) -> None:
    app = open_page("Centers")
    picked = field(app.selectbox, "Classifier")
    assert picked.options[picked.index].endswith("(picked)")
    assert f"Radiomics ({picked.options[picked.index].split()[0]})" in first(app)
    other = next(name for name in picked.options if not name.endswith("(picked)"))
    picked.set_value(other).run()
    assert f"Radiomics ({other})" in first(app)


def test_wanted_width_changes_the_patients_needed(store_path: Path) -> None:
    app = open_page("Centers")
    assert "A width of 0.1 would need about" in text(app)
    assert "A width of 0.2 would need about" in text(choose(app, auc_width="0.2"))


def test_held_out_results_of_a_what_if_open_on_demand(empty_store: Path) -> None:
    _, what_if = _analyzed(empty_store, SIX, with_changes(QUICK, selection__p_threshold=0.2))
    app = open_page("Centers")
    assert "a new center is predicted at" in first(app)
    choose(app, analysis=what_if)
    assert first(app).startswith("**In training folds Radiomics (")
    assert charts(app) == 0
    assert "external patients" not in text(app)
    assert not any(name in text(app) for name in SIX if name != "Alpha")
    press(app, "Show the results in each center")
    assert "a new center is predicted at" in first(app)
    assert "look 1 of this study" in text(app)
    assert charts(app) == 1
    assert "Show the results in each center" not in labels(app.button)
    app.run()
    assert "look 1 of this study" in text(app)
