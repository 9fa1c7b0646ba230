"""Results that travel with a study: packed, taken up by another store, and computed again from what was taken up."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sgcore import cohort, workflow
from sgcore.config import recipe
from sgcore.errors import SgauditError, StoreError, StudyError
from sgcore.jobs import Jobs
from sgcore.store import open_store
from tests.support.networks import settings, write_preset
from tests.support.studies import make_study

PARTS = ("radiomics", "networks", "analyses", "audit")


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A study that brings its results, without networks (the demo study has some): (study file, analysis id)."""
    folder = tmp_path_factory.mktemp("packed")
    path = make_study(folder, centers={"Alpha": 16, "Beta": 6})
    config = settings(write_preset(folder), deep=None, icc_min=0.1)
    with open_store(folder.parent / "made.duckdb") as store, Jobs(workers=0) as jobs:
        study = workflow.import_study(path, store)
        analysis = workflow.run(study, config, store, jobs=jobs)
        workflow.resample(analysis, "stability", store, draws=2, jobs=jobs)
        workflow.complete_audit(analysis, store, kinds=["image-pairs"], jobs=jobs)
        workflow.pack(study, [analysis], store, folder / "results", audited=True)
    path.write_text(path.read_text() + '\n[results]\nmanifest = "results/manifest.json"\n')
    return path, analysis.id


def test_a_fresh_store_reproduces_the_predictions_from_features_alone(packed, tmp_path, monkeypatch):
    path, analysis_id = packed
    monkeypatch.setattr(sys.modules["sgcore.workflow.extraction"], "_extract_one", None)
    with open_store(tmp_path / "fresh.duckdb") as store, Jobs(workers=0) as jobs:
        study = workflow.import_study(path, store)
        config = workflow.as_computed(study, recipe("paper"))
        assert config.selection.icc_min == 0.1
        assert not store.analyses.exists(analysis_id)
        analysis = workflow.run(study, config, store, jobs=jobs)
        found = workflow.reproduced(study, analysis)
        assert analysis.id == analysis_id
        assert found == {
            "predictions": len(analysis.frame("predictions")),
            "only_here": 0,
            "only_there": 0,
            "largest_difference": 0.0,
        }
        assert any("they were not computed here" in note for note in analysis.notes)


def test_settings_of_a_recipe_that_did_not_come_along_are_the_recipes(packed):
    study = cohort.load_study(packed[0])
    assert workflow.as_computed(study, recipe("strict")) == recipe("strict")


def test_analyses_are_taken_up_where_they_are_asked_for(packed, tmp_path):
    path, analysis_id = packed
    study = cohort.load_study(path)
    with open_store(tmp_path / "whole.duckdb") as store:
        store.studies.add(study)
        assert workflow.take_up(study, store, PARTS) > 0
        assert workflow.take_up(study, store, PARTS) == 0
        analysis = workflow.load_analysis(store, analysis_id)
        assert analysis.notes[-1] == "computed elsewhere; came with the study"
        assert len(analysis.frame("shap_values"))


def test_what_the_audit_found_is_taken_up_whole_or_not_at_all(packed, tmp_path):
    path, analysis_id = packed
    study = cohort.load_study(path)
    with open_store(tmp_path / "whole.duckdb") as store:
        store.studies.add(study)
        workflow.take_up(study, store, PARTS)
        assert store.resamples.done(analysis_id, "stability") == {0, 1}
        pairs = store.evidence.frame(study.fingerprint, "image_pairs")
        assert len(pairs.columns)
        states = {
            each.kind: each.done for each in workflow.costly_jobs(workflow.load_analysis(store, analysis_id))
        }
        assert states["image-pairs"]
        assert not states["stability"]
    with open_store(tmp_path / "own.duckdb") as store, Jobs(workers=0) as jobs:
        store.studies.add(study)
        workflow.take_up(study, store, PARTS[:3])
        analysis = workflow.load_analysis(store, analysis_id)
        workflow.resample(analysis, "stability", store, draws=1, jobs=jobs)
        workflow.take_up(study, store, PARTS)
        assert store.resamples.done(analysis_id, "stability") == {0}
        assert store.evidence.frame(study.fingerprint, "image_pairs").equals(pairs)


def test_a_changed_score_is_told(packed, tmp_path):
    path, analysis_id = packed
    study = cohort.load_study(path)
    with open_store(tmp_path / "whole.duckdb") as store:
        store.studies.add(study)
        workflow.take_up(study, store, PARTS)
        analysis = workflow.load_analysis(store, analysis_id)
        table = path.parent / "results" / "analyses" / "result_predictions.parquet"
        kept = table.read_bytes()
        rows = pq.read_table(table)
        scores = pc.add(rows["y_score"], pa.array([0.25] + [0.0] * (rows.num_rows - 1)))
        try:
            pq.write_table(rows.set_column(rows.column_names.index("y_score"), "y_score", scores), table)
            assert workflow.reproduced(study, analysis)["largest_difference"] == pytest.approx(0.25)
            with pytest.raises(StudyError, match="has changed since it was packed") as caught:
                cohort.load_study(path)
        finally:
            table.write_bytes(kept)
    (problem,) = caught.value.problems
    assert problem.file == "results/manifest.json"
    assert "sgaudit pack" in problem.fix


def _manifest(path, tmp_path, **changes):
    """A copy of the study whose manifest has other entries."""
    import shutil

    shutil.copytree(path.parent, tmp_path / "copy")
    manifest = tmp_path / "copy" / "results" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), **changes}))
    return tmp_path / "copy" / path.name


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"study": "0" * 16}, "have changed since"),
        ({"format": "sgaudit-results-0"}, "this is no manifest of results: format"),
        ({"files": {"../../secret": "0"}}, "leaves the study's folder"),
        ({"files": {"radiomics/feature_rows.parquet": "0" * 64}}, "has changed since it was packed"),
        ({"files": {"none.parquet": "0"}}, "the file does not exist"),
        ({"more": 1}, "this is no manifest of results: more"),
    ],
)
def test_results_of_another_study_or_form_stop_the_import(packed, tmp_path, changes, message):
    with pytest.raises(StudyError) as caught:
        cohort.load_study(_manifest(packed[0], tmp_path, **changes))
    assert message in str(caught.value.problems[0])


def test_rows_of_other_studies_are_left_out_and_damaged_files_told(packed, tmp_path):
    study = cohort.load_study(packed[0])
    with open_store(tmp_path / "other.duckdb") as store:
        assert workflow.take_up(replace(study, fingerprint="another"), store, ("radiomics", "networks")) == 0
        assert not store.features.done(study.fingerprint)
        folder = tmp_path / "damaged"
        (folder / "radiomics").mkdir(parents=True)
        (folder / "radiomics" / "feature_sets.parquet").write_bytes(b"PAR1 nothing")
        damaged = replace(study.results, folder=folder, files=("radiomics/feature_sets.parquet",))
        with pytest.raises(StoreError, match=r"feature_sets\.parquet cannot be read"):
            workflow.take_up(replace(study, results=damaged), store)


def test_packing_asks_for_a_new_folder(packed, tmp_path):
    study = cohort.load_study(packed[0])
    with open_store(tmp_path / "empty.duckdb") as store, pytest.raises(SgauditError, match="is not empty"):
        workflow.pack(study, [], store, packed[0].parent)


def test_the_results_are_no_part_of_what_a_study_is(packed, tmp_path):
    with_results = cohort.load_study(packed[0])
    plain = tmp_path / "plain.toml"
    text = packed[0].read_text()
    plain = packed[0].with_name("plain.toml")
    plain.write_text(text[: text.index("[results]")])
    assert cohort.load_study(plain).fingerprint == with_results.fingerprint
    assert with_results.results.files
