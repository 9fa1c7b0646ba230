"""Networks within an analysis: five families, their deep features, maps and explanations, stored once."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from sgcore import workflow
from sgcore.config import with_changes
from sgcore.domain import FAMILIES
from sgcore.errors import SgauditError
from sgcore.workflow.training import checkpoint_folder
from tests.support.networks import NETWORK, settings, write_preset

pytestmark = pytest.mark.long

FOLDS = replace(NETWORK, folds=2)


@pytest.fixture(scope="module")
def analysis(study, tmp_path_factory):
    folder = tmp_path_factory.mktemp("networks")
    with workflow.open_store(folder / "s.duckdb") as store:
        yield workflow.run(study, settings(write_preset(folder), FOLDS), store)


@pytest.fixture
def store(analysis):
    return analysis._store


def test_five_families_have_an_auc_and_interval_in_every_subset(analysis):
    rows = analysis.frame("evaluations")
    rows = rows[rows["picked"] & rows["center"].isna() & (rows["estimate"] == "fitted")]
    known = rows.dropna(subset=["auc", "ci_low", "ci_high"])
    assert analysis.frame("unavailable").empty
    for family in FAMILIES:
        own = known[known["family"] == family]
        assert set(own["subset"]) == {"train", "validation", "external"}, family
        assert set(own["unit"]) == {"image", "patient"}, family


def test_each_family_of_networks_has_its_classifiers(analysis):
    models = analysis.frame("evaluations").groupby("family")["classifier"].agg(set)
    assert models["DL"] == {"resnet18"}
    assert models["RadiomicsDL"] == models["Combined"] == {"LR", "SVM"}


def test_scores_of_training_patients_come_from_networks_that_left_them_out(analysis, study):
    predictions = analysis.frame("predictions")
    own = predictions[predictions["family"] == "DL"]
    training = study.cases().query("subset == 'train'")["image_id"]
    assert sorted(own.loc[own["estimate"] == "out_of_fold", "image_id"]) == sorted(training)
    wide = own.pivot(index="image_id", columns="estimate", values="y_score").dropna()
    assert (wide["fitted"] != wide["out_of_fold"]).all()


def test_every_network_is_recorded_with_its_curve(analysis, study):
    networks, curves = analysis.frame("networks"), analysis.frame("training_curves")
    assert networks["fold"].tolist() == [0, 1, 2]
    assert set(networks["origin"]) == {"trained"}
    assert set(networks["weights"]) == {"none"}
    assert networks["picked"].all()
    training = (study.cases()["subset"] == "train").sum()
    assert networks["n_train"].iloc[0] == training
    assert networks["n_train"].iloc[1:].sum() == training
    assert len(curves) == 3 * 2 * 2
    assert set(curves["subset"]) == {"train", "validation"}


def test_every_image_has_its_components_from_the_network_that_speaks_for_it(analysis, study):
    components, explained = analysis.frame("deep_components"), analysis.frame("explained_variance")
    wide = components.pivot(index="image_id", columns="component", values="value")
    assert sorted(wide.index) == sorted(study.images["image_id"])
    assert wide.columns.tolist() == ["DL_0", "DL_1", "DL_2"]
    assert wide.notna().all(axis=None)
    folds = components.drop_duplicates("image_id").set_index("image_id")["fold"]
    subset = study.cases().set_index("image_id")["subset"]
    assert (folds[subset[subset != "train"].index] == 0).all()
    assert set(folds[subset[subset == "train"].index]) == {1, 2}
    shares = explained.groupby("fold")["share"]
    assert set(shares.groups) == {0, 1, 2}
    assert (shares.sum() <= 1).all()


def test_the_selection_tells_the_fate_of_components_and_descriptors(analysis):
    trace = analysis.frame("selection")
    own = trace[trace["family"] == "RadiomicsDL"].set_index("feature")
    assert own.loc[["DL_0", "DL_1", "DL_2"], "feature_class"].eq("deep").all()
    tested = own.loc[own["p"].notna()]
    assert tested["p_clustered"].notna().all()
    combined = set(trace.loc[trace["family"] == "Combined", "feature"])
    assert {"DL_0", "margin", "echogenicity"} <= combined


def test_both_classes_of_every_image_have_a_map_that_lies_on_its_pixels(analysis, study):
    maps = analysis.frame("grad_cam")
    assert len(maps) == 2 * len(study.images)
    assert set(maps["target"]) == {0, 1}
    assert (maps["signed"].map(len) == maps["height"] * maps["width"]).all()
    assert maps["roi_ratio"].notna().eq(maps["roi_reason"] == "").all()
    image_id = study.images["image_id"].iloc[0]
    view = workflow.case_view(study, image_id, maps)
    laid = view.maps[1].on_image(view.mask.shape)
    row, column = np.argwhere(view.mask.pixels).mean(axis=0).round().astype(int)
    assert not np.isnan(laid[row, column])
    assert len(analysis.frame("map_randomization"))


def test_explanations_add_up_to_the_stored_scores(analysis, study):
    models, values = analysis.frame("shap_models"), analysis.frame("shap_values")
    assert set(models["family"]) == {"US", "Radiomics", "RadiomicsDL", "Combined"}
    assert (models["reason"] == "").all()
    stored = analysis.frame("predictions").query("estimate == 'fitted'")
    stored = stored.set_index(["family", "classifier", "image_id"])["y_score"]
    sums = values.groupby(["family", "classifier", "image_id"])["shap_value"].sum()
    base = models.set_index(["family", "classifier"])["base"]
    for (family, classifier, image_id), total in sums.items():
        whole = base[family, classifier] + total
        assert whole == pytest.approx(stored[family, classifier, image_id], abs=1e-6)
    assert values.groupby(["family", "classifier"])["image_id"].nunique().eq(len(study.images)).all()
    assert values["subset"].isin(["train", "validation", "external"]).all()


def test_explained_values_are_in_the_unit_of_the_features(analysis):
    values = analysis.explained("Radiomics", "LR")
    features = analysis.features.values
    for row in values.head(40).itertuples():
        assert row.feature_value == features.loc[row.image_id, row.feature]


def test_nothing_is_trained_or_explained_twice(analysis, study, store, monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("computed again")

    for module, name in (
        ("training", "fit_network"),
        ("explanations", "explain_model"),
        ("new_analysis", "fit_families"),
    ):
        monkeypatch.setattr(sys.modules[f"sgcore.workflow.{module}"], name, refuse)
    assert workflow.run(study, analysis.config, store).id == analysis.id


def test_a_what_if_uses_the_stored_networks(analysis, study, store, monkeypatch):
    monkeypatch.setattr(sys.modules["sgcore.workflow.training"], "fit_network", None)
    other = workflow.run(study, with_changes(analysis.config, selection__p_threshold=0.4), store)
    assert other.id != analysis.id
    assert other.frame("networks")["network_id"].tolist() == analysis.frame("networks")["network_id"].tolist()


def test_networks_that_are_not_trained_stop_an_analysis_by_name(analysis, study, store):
    config = with_changes(analysis.config, deep__epochs=3)
    with pytest.raises(
        SgauditError, match=r"3 network\(s\) of 'Test study' are not trained yet.*resnet18.*--no-deep"
    ):
        workflow.analyze(study, config, store)


def test_the_weights_of_the_network_of_all_training_patients_stay(analysis, store):
    (file,) = checkpoint_folder(store).iterdir()
    assert file.stem == analysis.frame("networks")["network_id"].iloc[0]


def test_the_summary_has_networks_maps_and_explanations(analysis):
    found = workflow.summary(analysis)
    assert [row["fold"] for row in found["networks"]] == [0, 1, 2]
    curves = analysis.frame("training_curves")
    last = curves[(curves["fold"] == 0) & (curves["epoch"] == 2) & (curves["subset"] == "validation")]
    assert found["networks"][0]["validation_auc"] == pytest.approx(last["auc"].iloc[0])
    assert {row["subset"] for row in found["maps"]["roi_ratio"]} == {"train", "validation", "external"}
    assert [row["target"] for row in found["maps"]["randomization"]] == [0, 1]
    parted = {row["subset"]: row for row in found["maps"]["occlusion"]}
    assert set(parted) == {"train", "validation", "external"}
    evaluated = analysis.frame("evaluations").query("family == 'DL' and unit == 'image' and center.isna()")
    known = evaluated.query("estimate == 'fitted'").set_index("subset")["auc"]
    for subset, row in parted.items():
        assert row["auc_whole"] == pytest.approx(known[subset])
        assert row["auc_lesion_low"] <= row["auc_lesion"] <= row["auc_lesion_high"]
        assert row["difference"] == pytest.approx(row["auc_surroundings"] - row["auc_lesion"])
    model = next(row for row in found["explanations"] if row["family"] == "RadiomicsDL")
    sizes = [row["mean_abs_shap"] for row in model["features"]]
    assert sizes == sorted(sizes, reverse=True)


def test_the_answers_without_the_lesion_are_those_of_the_stored_network(analysis):
    answers = analysis.frame("occlusion").set_index("image_id")
    own = analysis.frame("predictions").query("family == 'DL' and estimate == 'fitted'").set_index("image_id")
    score = 1 / (1 + np.exp(-answers["whole"]))
    assert score.to_numpy() == pytest.approx(own["y_score"].reindex(answers.index).to_numpy(), abs=1e-6)
    assert (answers["reason"] == "").all()
    assert answers[["whole", "surroundings", "lesion"]].nunique(axis=1).min() == 3
    message = analysis.frame("findings").set_index("code").loc["SGA070", "message"]
    assert "to images with the lesion painted over" in message


def test_draws_leave_the_families_of_networks_out_and_say_so(analysis, store):
    workflow.resample(analysis, "stability", store, draws=2)
    found = workflow.resampled(analysis, "stability")
    assert set(found.rows["family"]) == {"US", "Radiomics"}
    assert found.not_drawn["family"].tolist() == ["RadiomicsDL", "Combined"]
    assert found.not_drawn["reason"].str.contains("network").all()


def test_every_table_is_exported(analysis, tmp_path):
    names = {path.stem for path in workflow.export_tables(analysis, tmp_path)}
    wanted = ("networks", "training_curves", "deep_components", "shap_values", "grad_cam", "occlusion")
    assert all(any(part in name for name in names) for part in wanted), names
