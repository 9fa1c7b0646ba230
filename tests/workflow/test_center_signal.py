"""Center predictability of an analysis: patients, ComBat before and after, reasons, and a stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from sgcore import workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.errors import CancelledError
from sgcore.jobs import Cancel
from sgcore.workflow import Analysis, Store
from tests.support.studies import make_features_study

CENTERS = {"Alpha": 24, "Beta": 24, "Gamma": 12, "Delta": 4}


def _analysis(folder: Path, store: Store, harmonize: str, centers: dict[str, int], effect: float) -> Analysis:
    study_toml = make_features_study(folder / "study", centers=centers, development=2, center_effect=effect)
    config = AnalysisConfig(
        selection=SelectionConfig(n_alphas=10, harmonize=harmonize),
        models=ModelConfig(classifiers=("LR",), folds=2),
    )
    return workflow.run(workflow.import_study(study_toml, store), config, store)


def test_combat_takes_away_what_told_the_center(tmp_path: Path, store: Store) -> None:
    analysis = _analysis(tmp_path, store, "combat", CENTERS, 2.0)
    assert workflow.why_centers_not_told(analysis) == ""
    steps: list[int] = []
    found = workflow.predict_centers(
        analysis, permutations=19, on_progress=lambda step: steps.append(step.done)
    )
    rows = found.rows.set_index("features")
    assert list(rows.index) == ["harmonized", "radiomics", "same_patients"]
    assert rows["auc"]["radiomics"] > 0.9
    assert rows["auc"]["same_patients"] > 0.9
    assert rows["auc"]["harmonized"] < 0.65
    assert rows["n_patients"].to_dict() == {"harmonized": 48, "radiomics": 60, "same_patients": 48}
    assert rows["left_out"]["radiomics"] == "Delta"
    assert rows["p"]["radiomics"] == 1 / 20
    assert len(found.nulls["radiomics"]) == 19
    assert steps[-1] == 60
    assert store.analyses.looks(analysis.study_id).empty


def test_a_stop_says_that_nothing_is_kept(tmp_path: Path, store: Store) -> None:
    analysis = _analysis(tmp_path, store, "none", CENTERS, 0.0)
    cancel = Cancel()
    cancel.set()
    with pytest.raises(CancelledError, match="Nothing of it is kept"):
        workflow.predict_centers(analysis, cancel=cancel)


def test_tiny_centers_have_the_reason(tmp_path: Path, store: Store) -> None:
    analysis = _analysis(tmp_path, store, "none", {"Alpha": 24, "Beta": 6}, 0.0)
    reason = workflow.why_centers_not_told(analysis)
    assert "there are Alpha 24, Beta 6" in reason
    found = workflow.predict_centers(analysis, permutations=19)
    assert found.rows["reason"].tolist() == [reason]
    assert not found.nulls
