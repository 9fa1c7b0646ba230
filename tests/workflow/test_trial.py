"""Thresholds tried without models: the selection that the analysis makes with them, from training images alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.config import SelectionConfig
from sgcore.errors import SgauditError
from sgcore.workflow import Analysis, Store
from tests.support.app import demo_store, network_store

FATE = ["feature", "step", "test", "p", "partner", "coefficient", "reason"]


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Store]:
    """The small study with a network, and a what-if with p < 0.4."""
    path = tmp_path / "s.duckdb"
    shutil.copy(network_store(tmp_path_factory), path)
    with workflow.open_store(path) as opened:
        yield opened


def _analyses(store: Store) -> list[Analysis]:
    return [workflow.load_analysis(store, name) for name in workflow.list_analyses(store)["analysis_id"]]


def _fates(rows: pd.DataFrame) -> pd.DataFrame:
    """The fate of each feature; what is missing is None, whatever the store makes of it."""
    rows = rows[FATE].reset_index(drop=True).astype(object)
    return rows.where(rows.notna(), None)


@pytest.mark.parametrize("family", ["US", "Radiomics", "RadiomicsDL", "Combined"])
def test_it_is_the_selection_of_the_analysis_with_these_thresholds(store: Store, family: str) -> None:
    reference, what_if = _analyses(store)
    assert reference.config.selection != what_if.config.selection
    found = workflow.Trial(reference.study, reference.config, store).select(what_if.config.selection, family)
    stored = what_if.frame("selection")
    pd.testing.assert_frame_equal(_fates(found.trace), _fates(stored[stored["family"] == family]))
    counts = what_if.frame("counts").set_index("family").loc[family].dropna().to_dict()
    assert found.counts == counts
    assert found.scores.empty


def test_a_family_without_features_to_select_says_why(store: Store) -> None:
    reference, _ = _analyses(store)
    features = replace(reference.study, descriptors=None)
    trial = workflow.Trial(features, replace(reference.config, deep=None), store)
    assert "no descriptors" in trial.select(SelectionConfig(), "US")
    assert "network" in trial.select(SelectionConfig(), "RadiomicsDL")


def test_thresholds_that_ask_for_features_nobody_extracted_are_refused_with_the_way(store: Store) -> None:
    reference, _ = _analyses(store)
    trial = workflow.Trial(reference.study, reference.config, store)
    with pytest.raises(SgauditError, match="strict recipe"):
        trial.select(replace(reference.config.selection, icc_min=0.75), "Radiomics")
    # What could be read before is still there.
    assert trial.select(reference.config.selection, "Radiomics").counts["features"] > 0


def test_a_family_without_networks_is_selected_where_a_network_is_no_longer_stored(store: Store) -> None:
    reference, _ = _analyses(store)
    config = replace(reference.config, deep=replace(reference.config.deep, epochs=99))
    trial = workflow.Trial(reference.study, config, store)
    assert trial.select(config.selection, "Radiomics").counts["features"] > 0
    with pytest.raises(SgauditError, match="not trained yet"):
        trial.select(config.selection, "RadiomicsDL")


def test_residue_is_left_out_when_asked(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> None:
    shutil.copy(demo_store(tmp_path_factory), tmp_path / "s.duckdb")
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        analysis_id = workflow.list_analyses(store).query("recipe == 'paper'")["analysis_id"].iloc[0]
        paper = workflow.load_analysis(store, analysis_id)
        trial = workflow.Trial(paper.study, paper.config, store)
        kept = trial.select(paper.config.selection, "Radiomics")
        left = trial.select(replace(paper.config.selection, drop_residue=True), "Radiomics")
    assert left.counts["features"] == kept.counts["features"]
    assert left.counts["usable"] < kept.counts["usable"]
    assert left.trace["reason"].str.contains("numerical residue").sum() > 100
