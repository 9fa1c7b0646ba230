"""The comparison of images as a costly job: of a study, stored once, for analyses and without one."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pandas as pd
import pytest

from sgcore import workflow
from sgcore.errors import CancelledError, IncompleteError, UsageError
from sgcore.jobs import Cancel
from sgcore.workflow.costly import JOBS
from tests.support.studies import make_features_study, make_study

CENTERS = {"Alpha": 8, "Beta": 3}


@pytest.fixture
def study_toml(tmp_path):
    """A study in which an image of the last patient is one of the first, byte by byte."""
    path = make_study(tmp_path / "study", centers=CENTERS)
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    for column in ("image", "mask"):
        shutil.copy(path.parent / images[column].iloc[0], path.parent / images[column].iloc[-1])
    return path


def _state(study, store):
    return {state.kind: state for state in workflow.study_jobs(study, store)}["image-pairs"]


def _finding(study, store):
    return workflow.findings_of_study(study, store).set_index("code").loc["SGA002"]


def test_a_study_without_an_analysis_is_compared_once(study_toml, store, monkeypatch):
    study = workflow.import_study(study_toml, store, audit_only=True)
    assert not _state(study, store).done
    heard = []
    after = workflow.complete_study_audit(study, store, on_progress=heard.append)
    assert [(state.kind, state.done) for state in after] == [("image-pairs", True)]
    assert {step.stage for step in heard} == {"images to compare"}
    assert heard[-1].done == heard[-1].total == len(study.images)
    frame = store.evidence.frame(study.fingerprint, "image_pairs")
    first, last = study.images["image_id"].iloc[[0, -1]]
    assert frame.loc[frame["near"], ["image_a", "image_b"]].to_numpy().tolist() == [[first, last]]
    finding = _finding(study, store)
    assert finding["status"] == "finding"
    assert f"{first} (patient" in finding["message"]
    monkeypatch.setattr(type(JOBS["image-pairs"]), "run_on", lambda *_: pytest.fail("computed again"))
    workflow.complete_study_audit(study, store)


def test_a_clean_study_passes(tmp_path, store):
    study = workflow.import_study(make_study(tmp_path / "study", centers=CENTERS), store)
    assert _finding(study, store)["status"] == "not_applicable"
    workflow.complete_study_audit(study, store)
    assert _finding(study, store)["status"] == "passed"


def test_a_stop_stores_nothing(study_toml, store):
    study = workflow.import_study(study_toml, store, audit_only=True)
    cancel = Cancel()
    cancel.set()
    with pytest.raises(CancelledError):
        workflow.complete_study_audit(study, store, cancel=cancel)
    assert not _state(study, store).done


def test_a_file_that_changed_is_named(study_toml, store):
    study = workflow.import_study(study_toml, store, audit_only=True)
    gone = study.folder / study.images["image"].iloc[3]
    gone.unlink()
    with pytest.raises(IncompleteError, match=f"{gone.name}: the file vanished"):
        workflow.complete_study_audit(study, store)


def test_a_study_of_features_has_nothing_to_compare(tmp_path, store):
    study = workflow.import_study(make_features_study(tmp_path / "study", centers=CENTERS), store)
    state = _state(study, store)
    assert not state.done
    assert "no two images with an outline" in state.reason
    workflow.complete_study_audit(study, store)
    assert store.evidence.frame(study.fingerprint, "image_pairs").columns.empty


def test_images_without_an_outline_are_left_out(study_toml, store):
    study = workflow.import_study(study_toml, store, audit_only=True)
    masks = study.images["mask"].where(study.images.index != len(study.images) - 1, None)
    part = replace(study, fingerprint="part", images=study.images.assign(mask=masks))
    workflow.complete_study_audit(part, store)
    frame = store.evidence.frame("part", "image_pairs")
    assert not frame["near"].any()
    assert study.images["image_id"].iloc[-1] not in set(frame[["image_a", "image_b"]].to_numpy().ravel())


def test_jobs_that_need_an_analysis_are_refused_by_name(study_toml, store):
    study = workflow.import_study(study_toml, store, audit_only=True)
    with pytest.raises(UsageError, match="'permutation' of a study without an analysis; choose image-pairs"):
        workflow.complete_study_audit(study, store, kinds=["permutation"])
    workflow.complete_study_audit(study, store, kinds=["image-pairs"])
    assert _state(study, store).done
