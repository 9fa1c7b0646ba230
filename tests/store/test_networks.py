"""Networks and explanations in the store: whole or not at all, once, and through Parquet and back."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.errors import StoreError
from sgcore.store import open_store

RECORD = {
    "study_id": "study",
    "backbone": "resnet18",
    "fold": 0,
    "weights": "none",
    "weights_file": None,
    "weights_sha256": None,
    "weights_text": "drawn",
    "epoch": 3,
    "device": "cpu",
    "n_train": 4,
    "n_validation": 2,
    "seconds": 1.5,
    "notes": "",
}
SCORES = pd.DataFrame({"image_id": ["b", "a"], "score": [0.25, 1 / 3]})
MODEL = {
    "family": "US",
    "classifier": "LR",
    "features": ["x", "y"],
    "base": 0.5,
    "method": "exact",
    "exact": True,
    "n_background": 2,
    "n_explained": 2,
    "reason": "",
}
ROWS = pd.DataFrame(
    {
        "image_id": ["b", "a"],
        "feature_values": [[1.0, float("nan")], [3.0, 4.0]],
        "shap_values": [[0.1, -0.1], [0.2, 1 / 3]],
        "mc_errors": [[0.0, 0.0], [0.0, 0.01]],
    }
)


@pytest.fixture
def store(tmp_path):
    with open_store(tmp_path / "s.duckdb") as opened:
        yield opened


def test_a_network_comes_back_as_it_went_in(store):
    store.networks.add("n", RECORD, {"epochs": 3}, {"scores": SCORES})
    row = store.networks.records(["n"]).iloc[0]
    assert {name: row[name] for name in ("backbone", "fold", "epoch", "seconds")} == {
        "backbone": "resnet18",
        "fold": 0,
        "epoch": 3,
        "seconds": 1.5,
    }
    found = store.networks.part("scores", ["n"])
    pd.testing.assert_frame_equal(found.drop(columns="network_id"), SCORES)
    assert store.networks.part("maps", ["n"]).empty


def test_a_network_that_is_there_stays_as_it_is(store):
    store.networks.add("n", RECORD, {}, {"scores": SCORES})
    store.networks.add("n", {**RECORD, "epoch": 9}, {}, {"scores": SCORES})
    assert store.networks.records(["n"])["epoch"].tolist() == [3]
    assert len(store.networks.part("scores", ["n"])) == 2


def test_a_network_is_stored_whole_or_not_at_all(store):
    broken = pd.DataFrame({"image_id": ["a"], "score": [None]})
    with pytest.raises(Exception, match="NOT NULL"):
        store.networks.add("n", RECORD, {}, {"scores": broken})
    assert not store.networks.exists("n")
    store.networks.add("n", RECORD, {}, {"scores": SCORES})
    assert store.networks.exists("n")


def test_records_follow_the_ids_and_leave_unknown_ones_out(store):
    for name in ("first", "second"):
        store.networks.add(name, RECORD, {}, {})
    assert store.networks.records(["second", "nobody", "first"])["network_id"].tolist() == ["second", "first"]


def test_unknown_parts_and_columns_are_refused(store):
    with pytest.raises(StoreError, match="no part 'weights'"):
        store.networks.part("weights", [])
    with pytest.raises(StoreError, match=r"unknown column.*logit"):
        store.networks.add("n", RECORD, {}, {"scores": SCORES.assign(logit=1.0)})
    assert not store.networks.exists("n")


def test_an_explanation_comes_back_by_image_and_feature(store):
    store.explanations.add("a", MODEL, ROWS)
    values = store.explanations.values("a", ("US", "LR"))
    assert values[["image_id", "feature"]].to_numpy().tolist() == [
        ["b", "x"],
        ["b", "y"],
        ["a", "x"],
        ["a", "y"],
    ]
    assert values["shap_value"].tolist() == [0.1, -0.1, 0.2, 1 / 3]
    assert values["feature_value"].isna().tolist() == [False, True, False, False]
    assert store.explanations.values("a", ("US", "SVM")).empty
    assert store.explanations.values("another").empty
    model = store.explanations.models("a").iloc[0]
    assert list(model["features"]) == ["x", "y"]
    assert (model["base"], bool(model["exact"])) == (0.5, True)


def test_an_explanation_is_stored_once_with_or_without_a_reason(store):
    store.explanations.add("a", MODEL, ROWS)
    store.explanations.add("a", {**MODEL, "base": 0.9}, ROWS)
    none = dict.fromkeys(("base", "method", "exact", "n_background"))
    store.explanations.add(
        "a", {**MODEL, **none, "classifier": "RF", "reason": "does not add up"}, pd.DataFrame()
    )
    assert store.explanations.done("a") == {("US", "LR"), ("US", "RF")}
    assert len(store.explanations.values("a")) == 4
    models = store.explanations.models("a").set_index("classifier")
    assert models.loc["LR", "base"] == 0.5
    assert models.loc["RF", "reason"] == "does not add up"


def test_both_go_through_parquet_and_back(store, tmp_path):
    store.networks.add("n", RECORD, {"epochs": 3}, {"scores": SCORES})
    store.explanations.add("a", MODEL, ROWS)
    store.export(tmp_path / "parquet")
    with open_store(tmp_path / "again.duckdb") as again:
        again.restore(tmp_path / "parquet")
        pd.testing.assert_frame_equal(again.networks.records(["n"]), store.networks.records(["n"]))
        pd.testing.assert_frame_equal(
            again.networks.part("scores", ["n"]), store.networks.part("scores", ["n"])
        )
        pd.testing.assert_frame_equal(again.explanations.values("a"), store.explanations.values("a"))
        pd.testing.assert_frame_equal(again.explanations.models("a"), store.explanations.models("a"))


@pytest.mark.parametrize(("replace", "left"), [(False, [1.0, 2.0]), (True, [3.0, 4.0])])
def test_features_of_a_killed_run_are_replaced_on_request(store, replace, left):
    settings = {"study_id": "s", "kind": "deep", "preset": "resnet18", "settings": {}, "seconds": 0.0}
    for values in ([1.0, 2.0], [3.0, 4.0]):
        table = pd.DataFrame({"pooled_0": values}, index=["a", "b"])
        store.features.append_all("set", table, **settings, replace=replace)
    assert store.features.load("set").values["pooled_0"].tolist() == left
