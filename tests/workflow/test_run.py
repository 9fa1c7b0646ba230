"""A small study from its files to evaluated, audited families, and every way of stopping on the road."""

from __future__ import annotations

import shutil
import sys

import numpy as np
import pandas as pd
import pytest

from sgcore import workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig, recipe, with_changes
from sgcore.errors import CancelledError, SgauditError, StudyError
from sgcore.jobs import Cancel, Jobs
from sgcore.workflow.extraction import feature_set_id
from tests.support.studies import make_study

pytestmark = pytest.mark.long

QUICK = AnalysisConfig(
    preset="planar-2d",
    selection=SelectionConfig(n_alphas=30),
    models=ModelConfig(classifiers=("LR", "SVM"), folds=3),
)
OTHER = with_changes(QUICK, selection__p_threshold=0.2, selection__rho=0.8)


@pytest.fixture(scope="module")
def analysis(study_toml, tmp_path_factory):
    with workflow.open_store(tmp_path_factory.mktemp("store") / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        yield workflow.run(study, QUICK, store)


def test_every_model_has_a_row_by_subset_center_and_unit(analysis):
    rows = analysis.frame("evaluations")
    assert set(rows["unit"]) == {"patient", "image"}
    radiomics = rows[
        (rows["family"] == "Radiomics") & (rows["unit"] == "image") & (rows["estimate"] == "fitted")
    ]
    external = radiomics[(radiomics["classifier"] == "SVM") & (radiomics["subset"] == "external")]
    assert sorted(external["center"].dropna()) == ["Beta", "Gamma"]
    pooled = external[external["center"].isna()].iloc[0]
    assert pooled["n_patients"] == 14
    assert pooled["n_images"] == external.dropna(subset=["center"])["n_images"].sum()
    assert 0 <= pooled["ci_low"] <= pooled["auc"] <= pooled["ci_high"] <= 1
    by_patient = rows[rows["unit"] == "patient"].dropna(subset=["auc"])
    np.testing.assert_array_equal(by_patient["ci_low"], by_patient["naive_ci_low"])
    assert rows.loc[rows["auc"].isna(), "reason"].str.len().gt(0).all()


def test_training_patients_have_fitted_and_out_of_fold_scores(analysis):
    predictions = analysis.frame("predictions")
    counts = (
        predictions[predictions["family"] == "Radiomics"]
        .groupby(["estimate", "subset"])["image_id"]
        .nunique()
    )
    assert counts["out_of_fold"].index.tolist() == ["train"]
    assert counts["out_of_fold", "train"] == counts["fitted", "train"]
    assert predictions["y_score"].between(0, 1).all()
    assert not predictions.duplicated(["image_id", "family", "classifier", "estimate"]).any()


def test_a_patient_never_stands_in_two_subsets(analysis):
    assert analysis.frame("predictions").groupby("patient_id")["subset"].nunique().max() == 1


def test_comparisons_are_corrected_within_their_matrix(analysis):
    rows = analysis.frame("comparisons").dropna(subset=["p"])
    assert len(rows)
    assert (rows["p_adjusted"] >= rows["p"] - 1e-12).all()


def test_the_pick_is_marked_and_audited(analysis):
    picks = analysis.frame("picks").set_index("family")
    assert picks.loc["Radiomics", "evaluated_on"] == "external"
    rows = analysis.frame("evaluations")
    assert set(rows.loc[rows["picked"] & (rows["family"] == "Radiomics"), "classifier"]) == {
        picks.loc["Radiomics", "classifier"]
    }
    findings = analysis.frame("findings").set_index("code")
    assert findings.loc["SGA030", "status"] == "finding"
    assert findings.loc["SGA010", "status"] == "passed"


def test_looks_reach_the_audit_of_every_analysis(analysis):
    before = analysis.frame("findings").set_index("code").loc["SGA030", "message"]
    number = workflow.count_look(analysis._store, analysis, "families: external")
    after = analysis.frame("findings").set_index("code").loc["SGA030", "message"]
    assert f"opened {number} time" in after
    assert after != before


def test_models_of_an_opened_what_if_are_candidates_of_the_others(analysis):
    store, study = analysis._store, analysis.study
    other = workflow.analyze(study, OTHER, store)
    before = analysis.frame("chance").set_index("subset")
    own = store.analyses.frame(other.id, "chance").set_index("subset")
    workflow.count_look(store, other, "families: external")
    after = analysis.frame("chance").set_index("subset")
    assert after.loc["external", "n_candidates"] == (
        before.loc["external", "n_candidates"] + own.loc["external", "n_candidates"]
    )
    assert after.loc["external", "n_what_ifs"] == before.loc["external", "n_what_ifs"] + 1
    assert after.loc["external", "naive"] >= before.loc["external", "naive"]
    pd.testing.assert_series_equal(after.loc["validation"], before.loc["validation"])
    message = analysis.frame("findings").set_index("code").loc["SGA030", "message"]
    assert f"Of all {after.loc['external', 'n_candidates']} candidates" in message
    assert "what-if(s) among them" in message


def test_muting_a_check_reaches_a_study_that_has_run(analysis, study_toml, tmp_path):
    path, store = tmp_path / "study" / "study.toml", analysis._store
    shutil.copytree(study_toml.parent, path.parent)
    assert "muted" not in set(analysis.frame("findings")["status"])
    path.write_text(path.read_text() + '\n[audit]\nmute = { SGA030 = "see the supplement" }\n')
    again = workflow.run(workflow.import_study(path, store), QUICK, store)
    assert again.id == analysis.id
    for muted in (again, workflow.load_analysis(store, analysis.id)):
        row = muted.frame("findings").set_index("code").loc["SGA030"]
        assert row["status"] == "muted"
        assert "see the supplement" in row["message"]
    # What was last given holds: the study without the muting takes it back.
    workflow.import_study(study_toml, store)
    assert "muted" not in set(analysis.frame("findings")["status"])


def test_the_reference_is_the_shipped_recipe_whatever_came_first(analysis):
    store = analysis._store
    assert workflow.reference_id(store, analysis.study_id) == analysis.id
    assert not workflow.is_what_if(store, analysis)
    other = workflow.analyze(analysis.study, with_changes(QUICK, selection__rho=0.5), store)
    assert workflow.is_what_if(store, other)
    assert workflow.reference_id(store, "unknown") is None


def test_the_summary_is_the_promised_json(analysis):
    summary = workflow.summary(analysis)
    assert {
        "study", "analysis", "n", "features", "selection", "models", "comparisons", "unavailable", "findings"
    } <= set(summary)  # fmt: skip
    assert summary["n"] == {"patients": 38, "images": 57}
    assert {row["subset"] for row in summary["models"]} == {"train", "validation", "external"}
    keys = [(r["family"], r["classifier"], r["subset"], r["center"]) for r in summary["models"]]
    assert len(keys) == len(set(keys))
    assert {row["family"] for row in summary["unavailable"]} >= {"DL", "RadiomicsDL", "Combined"}
    counted = summary["selection"][-1]
    assert counted["family"] == "Radiomics"
    assert counted["lasso"] == len(counted["selected"])
    needs = {row["family"]: row for row in summary["development"]}
    assert needs["Radiomics"]["candidates"] == summary["features"]["radiomics"]
    trace = analysis.frame("selection").query("family == 'Radiomics'")
    assert trace["p_clustered"].notna().equals(trace["p"].notna())
    assert counted["univariate_clustered"] == (trace["p_clustered"] < 0.05).sum()
    pairs = pd.DataFrame(summary["operating_comparisons"])
    scored = {row["family"] for row in summary["models"]}
    assert len(pairs) == 2 * 2 * len(scored) * (len(scored) - 1) / 2


def test_a_second_run_computes_nothing(analysis, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("computed twice")

    monkeypatch.setattr(sys.modules["sgcore.workflow.extraction"], "_extract_one", refuse)
    monkeypatch.setattr(sys.modules["sgcore.workflow.new_analysis"], "fit_families", refuse)
    again = workflow.run(analysis.study, QUICK, analysis._store)
    assert again.id == analysis.id
    pd.testing.assert_frame_equal(again.frame("evaluations"), analysis.frame("evaluations"))


def test_a_stored_study_is_the_imported_one(analysis, study_toml):
    study = workflow.stored_study(analysis._store, analysis.study_id)
    pd.testing.assert_frame_equal(study.patients, workflow.validate_study(study_toml).study.patients)
    assert study == workflow.validate_study(study_toml).study


def test_what_if_is_compared_by_training_folds(analysis):
    other = workflow.analyze(analysis.study, OTHER, analysis._store)
    assert other.id != analysis.id
    comparison = workflow.compare_analyses(other, analysis)
    assert set(comparison.features["change"]) <= {"gained", "lost", "kept"}
    row = comparison.auc.set_index("family").loc["Radiomics"]
    assert row["delta"] == pytest.approx(row["auc"] - row["reference_auc"])
    mirrored = workflow.compare_analyses(analysis, other).auc.set_index("family").loc["Radiomics"]
    assert mirrored["delta"] == pytest.approx(-row["delta"])
    assert len(workflow.list_analyses(analysis._store, analysis.study_id)) >= 2


def test_no_feature_left_is_an_outcome(analysis):
    config = with_changes(QUICK, selection__p_threshold=1e-12)
    empty = workflow.analyze(analysis.study, config, analysis._store)
    scores = empty.frame("predictions").query("family == 'Radiomics'")["y_score"]
    assert scores.nunique() <= 4  # one prevalence for the fit and one for each of three folds
    assert any("no feature was left" in note for note in empty.notes)
    rows = empty.frame("evaluations").query(
        "family == 'Radiomics' and subset == 'external' and center.isna()"
    )
    assert (rows["auc"] == 0.5).all()


def test_the_strict_recipe_leaves_out_fragile_features_and_picks_by_folds(study_toml, tmp_path):
    config = with_changes(
        recipe("strict"), selection__n_alphas=30, models__classifiers=("LR", "SVM"), models__folds=3
    )
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        analysis = workflow.run(study, config, store)
        icc = analysis.frame("icc").set_index("feature")
        fragile = icc.index[~(icc["ci_low"] >= 0.75)]
        assert 0 < len(fragile) < len(icc)
        trace = analysis.frame("selection").query("family == 'Radiomics'").set_index("feature")
        assert (trace.loc[fragile, "step"] == "excluded").all()
        assert (
            analysis.frame("picks").set_index("family").loc["Radiomics", "evaluated_on"] == "training folds"
        )
        findings = analysis.frame("findings").set_index("code")["status"]
        assert findings["SGA030"] == "passed"
        assert findings["SGA031"] == "passed"


def test_a_failing_case_is_a_row_with_its_reason(tmp_path):
    path = make_study(tmp_path / "study")
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(path, store)
        gone = study.images["image_id"].iloc[5]
        (path.parent / study.images["image"].iloc[5]).unlink()
        analysis = workflow.run(study, QUICK, store)
        assert analysis.frame("failures")["image_id"].tolist() == [gone]
        assert any(gone in note and "1 of 57 images have no radiomics" in note for note in analysis.notes)
        assert gone not in set(analysis.frame("predictions").query("family == 'Radiomics'")["image_id"])


def test_a_stopped_extraction_goes_on_where_it_was(study_toml, tmp_path):
    cancel = Cancel()
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)

        def stop(progress):
            if progress.done == 4:
                cancel.set()

        with pytest.raises(CancelledError):
            workflow.extract(study, QUICK, store, jobs=Jobs(0), on_progress=stop, cancel=cancel)
        first = store.features.load(feature_set_id(study, "planar-2d")).values
        assert len(first) == 4
        steps = []
        table = workflow.extract(study, QUICK, store, jobs=Jobs(0), on_progress=steps.append)
        assert steps[0].total == 53
        assert len(table.values) == 57
        pd.testing.assert_frame_equal(table.values.loc[first.index], first)


def test_an_extraction_that_has_not_ended_is_not_analyzed(study_toml, tmp_path):
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        some = list(study.images["image_id"][:40])
        workflow.extract(study, QUICK, store, jobs=Jobs(0), image_ids=some)
        with pytest.raises(SgauditError, match=r"17 of 57 images of .* have no planar-2d features yet"):
            workflow.analyze(study, QUICK, store)


def test_an_analysis_keeps_the_images_it_was_made_of(tmp_path):
    path = make_study(tmp_path / "study")
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(path, store)
        image = path.parent / study.images["image"].iloc[5]
        hidden = image.rename(image.with_suffix(".away"))
        first = workflow.run(study, QUICK, store)
        hidden.rename(image)
        second = workflow.run(study, QUICK, store)
        assert second.id != first.id
        assert len(second.features.values) == 57
        kept = workflow.load_analysis(store, first.id)
        assert len(kept.features.values) == 56
        assert workflow.summary(kept)["failures"][0]["image_id"] == study.images["image_id"].iloc[5]


def test_fragile_features_cannot_be_left_out_before_they_are_known(analysis):
    config = with_changes(QUICK, selection__icc_min=0.75)
    with pytest.raises(SgauditError, match="depend on the ROI is not known yet: 24 of 24"):
        workflow.analyze(analysis.study, config, analysis._store)


def test_a_stop_is_heard_while_models_are_fitted(analysis):
    cancel = Cancel()

    def stop(progress):
        if progress.stage == "models" and progress.done == 3:
            cancel.set()

    config = with_changes(QUICK, selection__p_threshold=0.11)
    with pytest.raises(CancelledError):
        workflow.analyze(analysis.study, config, analysis._store, on_progress=stop, cancel=cancel)
    assert (
        len(workflow.list_analyses(analysis._store, analysis.study_id).query("config.str.contains('0.11')"))
        == 0
    )


def test_held_out_images_decide_nothing_about_features(tmp_path):
    path = make_study(tmp_path / "study", descriptors=False)
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    patients = pd.read_csv(path.parent / "patients.csv", dtype=str).set_index("patient_id")
    owner = images["patient_id"].map(patients["label"])
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"image_id": images["image_id"], "a": rng.normal(size=len(images))})
    table["b"] = rng.normal(size=len(images)) + 4 * (owner == "secondary")
    outside = images["patient_id"].map(patients["center"]) == "Beta"
    table.loc[outside.idxmax(), "b"] = np.nan
    table.to_csv(path.parent / "features.csv", index=False)
    images[["image_id", "patient_id"]].to_csv(path.parent / "images.csv", index=False)
    path.write_text(path.read_text() + 'features = "features.csv"\n')
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        analysis = workflow.run(workflow.import_study(path, store), QUICK, store)
        trace = analysis.frame("selection").set_index("feature")
        assert trace.loc["b", "step"] == "selected"
        rows = analysis.frame("evaluations").query("subset == 'external' and classifier == 'LR'")
        pooled = rows[rows["center"].isna()].set_index("unit")
        assert pooled["n_left_out"].tolist() == [1, 1]
        assert pooled["auc"].notna().all()
        assert pooled.loc["image", "n_images"] == pooled.loc["patient", "n_images"]


def test_a_us_family_without_a_descriptor_keeps_its_odds_ratios(study_toml, tmp_path):
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        analysis = workflow.run(study, with_changes(QUICK, selection__p_threshold=1e-9), store)
        reasons = analysis.frame("unavailable").set_index("family")["reason"]
        assert "no descriptor had p < 1e-09" in reasons["US"]
        assert set(analysis.frame("odds_ratios")["model"]) == {"univariable"}
        counts = analysis.frame("counts").set_index("family")
        assert counts.loc["US", ["univariate", "multivariable"]].tolist() == [0, 0]
        assert "US" not in set(analysis.frame("evaluations")["family"])
        summary = workflow.summary(analysis)
        assert summary["selection"][0]["lasso"] is None
        assert isinstance(summary["selection"][1]["lasso"], int)


def test_a_study_that_brings_its_features_needs_no_images(tmp_path):
    path = make_study(tmp_path / "study", descriptors=False)
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(len(images), 12)), columns=[f"mine_{i}" for i in range(12)])
    table.insert(0, "image_id", images["image_id"])
    table.to_csv(path.parent / "features.csv", index=False)
    images[["image_id", "patient_id"]].to_csv(path.parent / "images.csv", index=False)
    path.write_text(path.read_text() + 'features = "features.csv"\n')
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(path, store)
        config = with_changes(QUICK, selection__p_threshold=0.5)
        summary = workflow.summary(workflow.run(study, config, store))
    assert summary["features"] == {"radiomics": 12}
    assert any(row["family"] == "US" for row in summary["unavailable"])


def test_analyze_before_extract_says_what_to_run(study_toml, tmp_path):
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(study_toml, store)
        with pytest.raises(SgauditError, match="sgaudit run"):
            workflow.analyze(study, QUICK, store)


def test_a_bad_study_is_refused_as_a_unit(tmp_path):
    path = make_study(tmp_path / "study")
    table = path.parent / "patients.csv"
    table.write_text(table.read_text().replace("secondary", "other"))
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        with pytest.raises(StudyError) as caught:
            workflow.import_study(path, store)
        assert caught.value.problems
        assert workflow.list_studies(store).empty


def test_a_study_imported_for_audit_only_is_not_modelled(tmp_path):
    path = make_study(tmp_path / "study")
    images = pd.read_csv(path.parent / "images.csv", dtype=str)
    first, other = images.iloc[0], images[images["patient_id"] != images["patient_id"][0]].iloc[0]
    for column in ("image", "mask"):
        shutil.copy(path.parent / first[column], path.parent / other[column])
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        study = workflow.import_study(path, store, audit_only=True)
        with pytest.raises(SgauditError, match="audit only and is not modelled"):
            workflow.run(workflow.stored_study(store, study.fingerprint), QUICK, store)


def test_tables_are_exported_inert_and_stamped(analysis, tmp_path):
    paths = workflow.export_tables(analysis, tmp_path / "out")
    rows = pd.read_csv(next(path for path in paths if "evaluations" in path.name))
    assert set(rows["analysis"]) == {analysis.id}
    from sgcore.workflow.export import inert

    assert inert(pd.DataFrame({"x": ["=cmd", "safe"], "n": [-1, 2]}))["x"].tolist() == ["'=cmd", "safe"]


def test_the_cohort_tables_describe_the_study(analysis):
    tables = workflow.cohort_tables(analysis.study)
    centers = tables["centers"].set_index("center")
    assert centers["patients"].to_dict() == {"Alpha": 24, "Beta": 8, "Gamma": 6}
    assert centers["role"].tolist() == ["development", "external", "external"]
    assert (centers[["primary", "secondary"]].sum(axis=1) == centers["patients"]).all()
    assert {"age", "sex"} <= set(tables["baseline"]["variable"])
    assert not {"label", "center", "subset"} & set(tables["baseline"]["variable"])
    for table in (tables["baseline"], tables["descriptors"]):
        assert (table["reason"].str.len() > 0)[table["p"].isna() | table["smd"].isna()].all()
    assert set(tables["descriptors"]["descriptor"]) == {"margin", "echogenicity", "aspect_ratio"}
