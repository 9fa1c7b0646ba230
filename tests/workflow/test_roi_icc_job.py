"""The costly job of changed ROIs: the numbers of an analysis that judges ROIs, a stop, and who cannot have it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.audit import Evidence
from sgcore.audit.check import Outcome
from sgcore.audit.roi_robustness import FragileFeatures
from sgcore.config import with_changes
from sgcore.errors import CancelledError
from sgcore.jobs import Cancel, Jobs, Progress
from sgcore.workflow import Analysis, Store
from sgcore.workflow.extraction import feature_set_id, training_images
from sgcore.workflow.roi_stability import roi_icc
from sgcore.workflow.sources import sources
from tests.support.app import network_store
from tests.support.networks import settings, write_preset
from tests.support.studies import make_features_study


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Store]:
    """The small study with few features, under settings that judge no ROIs."""
    path = tmp_path / "s.duckdb"
    shutil.copy(network_store(tmp_path_factory), path)
    with workflow.open_store(path) as opened:
        yield opened


@pytest.fixture
def analysis(store: Store) -> Analysis:
    return workflow.load_analysis(store, workflow.list_analyses(store)["analysis_id"].iloc[0])


def judged(analysis: Analysis) -> Outcome:
    return FragileFeatures().run(Evidence(analysis.study, analysis.config, analysis.features, analysis.frame))


def state(analysis: Analysis) -> workflow.JobState:
    return next(job for job in workflow.costly_jobs(analysis) if job.kind == "roi-icc")


def test_it_goes_on_after_a_stop_and_gives_the_numbers_of_an_analysis_that_judges_rois(
    analysis: Analysis, store: Store
) -> None:
    before = state(analysis)
    assert (before.codes, before.done, before.reason) == (("SGA012",), False, None)
    cancel, totals = Cancel(), {}

    def stop(step: Progress) -> None:
        if step.stage.endswith("dilated") and step.done == 2:
            cancel.set()

    with pytest.raises(CancelledError):
        workflow.complete_audit(analysis, store, kinds=["roi-icc"], on_progress=stop, cancel=cancel)
    assert not state(analysis).done
    assert not len(analysis.frame("roi_icc").columns)
    workflow.complete_audit(
        analysis, store, kinds=["roi-icc"], on_progress=lambda step: totals.update({step.stage: step.total})
    )
    train = len(training_images(analysis.study))
    eroded = store.features.load(feature_set_id(analysis.study, analysis.config.preset, "eroded"))
    # What failed is tried again.
    assert totals["radiomics, ROI eroded"] == len(eroded.failures) < train / 4
    assert 0 < totals["radiomics, ROI dilated"] < train
    assert totals["radiomics, ROI shifted"] == train
    found = workflow.load_analysis(store, analysis.id)
    assert state(found).done
    judging = with_changes(analysis.config, selection__icc_min=0.75)
    same = roi_icc(sources(analysis.study, judging, store))
    assert len(same) == analysis.features.values.shape[1]
    pd.testing.assert_frame_equal(found.frame("roi_icc"), same, check_dtype=False)
    outcome = judged(found)
    assert outcome.status in ("finding", "passed")
    assert f"({same['n_patients'].iloc[0]} patients)" in outcome.message


def test_before_it_has_run_the_check_says_so(analysis: Analysis) -> None:
    outcome = judged(analysis)
    assert outcome.status == "not_applicable"
    assert "has not been computed yet" in outcome.message


def test_brought_features_cannot_be_computed_with_another_roi(tmp_path: Path, store: Store) -> None:
    study_toml = make_features_study(tmp_path / "study", centers={"Alpha": 12, "Beta": 6}, effect=2.0)
    config = with_changes(settings(write_preset(tmp_path), None), models__classifiers=("LR",))
    analysis = workflow.run(workflow.import_study(study_toml, store), config, store, jobs=Jobs(workers=0))
    assert "the study brings its features" in state(analysis).reason
    outcome = judged(analysis)
    assert outcome.status == "not_applicable"
    assert "The study brings its features" in outcome.message
