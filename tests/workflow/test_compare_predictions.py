"""Models made elsewhere: pROC's numbers through a file, and the same results as the statistics alone."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.cohort import Roles
from sgcore.workflow import compare_prediction_file
from tests.stats.reference import FOLDER, reference

MODELS = ("wfns", "s100b", "ndka")


@pytest.fixture(scope="module")
def clustered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The aSAH data with three rows a patient, as in the reference numbers."""
    path = tmp_path_factory.mktemp("predictions") / "asah.csv"
    frame = reference("asah").assign(patient=lambda f: np.arange(len(f)) // 3)
    frame.to_csv(path, index=False)
    return path


@pytest.fixture
def cohort() -> pd.DataFrame:
    """Sixty patients with two images each in three centers; the third has positives only."""
    rng = np.random.default_rng(8)
    patient = np.arange(120) // 2
    y = np.where(patient >= 54, 1, patient % 2)
    return pd.DataFrame(
        {
            "patient": [f"P{number:02d}" for number in patient],
            "center": np.array(["A", "B", "C"])[np.where(patient >= 54, 2, patient // 30)],
            "y": y,
            "good": (rng.normal(size=120) + 1.5 * y).round(3),
            "fair": (rng.normal(size=120) + 0.7 * y).round(3),
            "poor": rng.normal(size=120).round(3),
        }
    )


def _compare(frame: pd.DataFrame, folder: Path, **options):
    frame.to_csv(folder / "p.csv", index=False)
    roles = replace(Roles("y", ("good", "fair", "poor")), **options)
    return compare_prediction_file(folder / "p.csv", roles)


def test_asah_as_proc():
    result = compare_prediction_file(FOLDER / "asah.csv", Roles("outcome", MODELS))
    models = result.frame("models").set_index("model")
    assert models.loc[list(MODELS), "auc"].tolist() == pytest.approx(
        [0.8236788618, 0.7313685637, 0.6119579946], abs=5e-11
    )
    assert models.loc["s100b", "variance"] == pytest.approx(0.00266868245717, abs=5e-15)
    assert models.loc["s100b", ["ci_low", "ci_high"]].tolist() == pytest.approx(
        [0.619217, 0.820086], abs=5e-7
    )
    pair = result.frame("pairs").set_index(["a", "b"]).loc[("wfns", "s100b")]
    assert pair["delta"] == pytest.approx(0.8236788618 - 0.7313685637, abs=1e-10)
    assert pair["z"] == pytest.approx(2.20898359144, abs=5e-12)
    assert pair["p"] == pytest.approx(0.02717578223, abs=5e-12)
    assert (result.by_case.n, result.by_case.n_pos, result.by_patient) == (113, 41, None)


def test_asah_with_three_rows_a_patient(clustered):
    result = compare_prediction_file(clustered, Roles("outcome", MODELS, group="patient"))
    models = result.frame("models").set_index("model")
    assert models.loc["s100b", "variance"] == pytest.approx(0.00361866748164, abs=5e-15)
    assert models.loc["wfns", "variance"] == pytest.approx(0.00168136429344, abs=5e-15)
    pair = result.frame("pairs").set_index(["a", "b"]).loc[("wfns", "s100b")]
    assert pair["z"] == pytest.approx(1.907973184638, abs=5e-12)
    assert result.by_case.n_patients == 38
    assert "clustered by patient" in models.loc["wfns", "method"]


def test_patients_with_both_labels_have_no_results_by_patient(clustered):
    result = compare_prediction_file(clustered, Roles("outcome", MODELS, group="patient"))
    groups = reference("asah").groupby(np.arange(113) // 3)["outcome"]
    mixed = int((groups.min() != groups.max()).sum())
    assert result.by_patient.reason.startswith(f"{mixed} of 38 patients have cases of both labels")
    assert result.frame("models", "patient").empty
    assert result.as_dict()["by_patient"]["n_pos"] is None
    assert "both labels" in result.warnings[0].rule


def test_holm_within_the_matrix(cohort, tmp_path):
    pairs = _compare(cohort, tmp_path).frame("pairs")
    assert list(zip(pairs["a"], pairs["b"], strict=True)) == [
        ("good", "fair"), ("good", "poor"), ("fair", "poor"),
    ]  # fmt: skip
    ordered = pairs.sort_values("p")
    by_hand = np.maximum.accumulate(ordered["p"].to_numpy() * [3, 2, 1]).clip(max=1)
    assert ordered["p_adjusted"].to_numpy() == pytest.approx(by_hand, rel=1e-12)


def test_by_patient_is_the_mean_score(cohort, tmp_path):
    result = _compare(cohort, tmp_path, group="patient")
    means = cohort.groupby("patient")[["y", "good", "fair"]].mean()
    alone = stats.auc(means["y"], means["good"])
    row = result.frame("models", "patient").set_index("model").loc["good"]
    assert (row["n"], row["n_patients"]) == (60, 60)
    assert row["auc"] == pytest.approx(alone.auc, rel=1e-12)
    assert row["ci_low"] == pytest.approx(alone.ci_low, rel=1e-12)
    pair = result.frame("pairs", "patient").iloc[0]
    expected = stats.compare_auc(means["y"], means["good"], means["fair"])
    assert (pair["delta"], pair["z"]) == pytest.approx((expected.delta, expected.z), rel=1e-12)


def test_centers(cohort, tmp_path):
    result = _compare(cohort, tmp_path, group="patient", center="center")
    centers = result.frame("by_center")
    assert centers[["center", "model"]].to_numpy().tolist() == [
        [center, model] for center in "ABC" for model in ("good", "fair", "poor")
    ]
    here = cohort[cohort["center"] == "A"]
    alone = stats.auc(here["y"], here["good"], here["patient"])
    row = centers.iloc[0]
    assert (row["n"], row["n_pos"], row["n_patients"]) == (60, 30, 30)
    assert (row["auc"], row["ci_high"]) == pytest.approx((alone.auc, alone.ci_high), rel=1e-12)
    within = stats.within_center_auc(cohort["y"], cohort["good"], cohort["center"], cohort["patient"])
    model = result.frame("models").iloc[0]
    assert model["within_center_auc"] == pytest.approx(within.auc, rel=1e-12)
    assert model["within_center_low"] == pytest.approx(within.ci_low, rel=1e-12)


def test_a_center_of_one_class_gives_its_reason(cohort, tmp_path):
    result = _compare(cohort, tmp_path, center="center").as_dict()
    rows = [row for row in result["by_center"] if row["center"] == "C"]
    assert [row["reason"] for row in rows] == ["one class only (all positive), n = 12"] * 3
    assert {row[name] for row in rows for name in ("auc", "ci_low", "ci_high", "variance")} == {None}
    assert all(row["reason"] is None for row in result["by_center"] if row["center"] != "C")


def test_unscored_cases_are_counted_and_each_pair_uses_what_both_scored(cohort, tmp_path):
    cohort.loc[[3, 8], "good"] = np.nan
    cohort.loc[[8, 20, 21], "fair"] = np.nan
    result = _compare(cohort, tmp_path, group="patient")
    models = result.frame("models").set_index("model")
    assert models["n_missing"].to_dict() == {"good": 2, "fair": 3, "poor": 0}
    assert models["n"].to_dict() == {"good": 118, "fair": 117, "poor": 120}
    both = cohort.dropna()
    pair = result.frame("pairs").iloc[0]
    expected = stats.compare_auc(both["y"], both["good"], both["fair"], both["patient"])
    assert (pair["n"], pair["n_left_out"]) == (116, 4)
    assert (pair["auc_a"], pair["auc_b"], pair["z"]) == pytest.approx(
        (expected.auc_a, expected.auc_b, expected.z), rel=1e-12
    )
    assert result.by_case.n == 120
    assert len(result.warnings) == 2


def test_a_patient_stands_for_the_images_that_were_scored_as_in_an_analysis(cohort, tmp_path):
    cohort.loc[[3, 8], "good"] = np.nan
    cohort.loc[[8, 9, 20], "fair"] = np.nan
    result = _compare(cohort, tmp_path, group="patient")
    models = result.frame("models", "patient").set_index("model")
    assert models["n_missing"].to_dict() == {"good": 2, "fair": 3, "poor": 0}
    assert models["n"].to_dict() == {"good": 60, "fair": 59, "poor": 60}
    both = cohort.dropna(subset=["good", "fair"]).groupby("patient")[["y", "good", "fair"]].mean()
    expected = stats.compare_auc(both["y"], both["good"], both["fair"])
    pair = result.frame("pairs", "patient").iloc[0]
    assert (pair["n"], pair["n_left_out"]) == (59, 4)
    assert (pair["auc_a"], pair["delta"], pair["z"]) == pytest.approx(
        (expected.auc_a, expected.delta, expected.z), rel=1e-12
    )


def test_a_model_may_be_called_like_a_column_of_ours(cohort, tmp_path):
    names = ["center", "patient_id", "y_true"]
    renamed = cohort.drop(columns="center").rename(
        columns=dict(zip(("good", "fair", "poor"), names, strict=True))
    )
    result = _compare(renamed, tmp_path, group="patient", scores=tuple(names))
    plain = _compare(cohort, tmp_path, group="patient")
    for unit in ("image", "patient"):
        assert result.frame("models", unit)["model"].tolist() == names
        assert result.frame("models", unit)["auc"].tolist() == plain.frame("models", unit)["auc"].tolist()


def test_swapping_and_reversing(cohort, tmp_path):
    one = _compare(cohort, tmp_path, scores=("good", "fair")).frame("pairs").iloc[0]
    two = _compare(cohort, tmp_path, scores=("fair", "good")).frame("pairs").iloc[0]
    assert (two["delta"], two["z"], two["p"]) == pytest.approx((-one["delta"], -one["z"], one["p"]))
    flipped = _compare(cohort, tmp_path, positive="0").frame("models")
    usual = _compare(cohort, tmp_path).frame("models")
    assert flipped["auc"].to_numpy() == pytest.approx(1 - usual["auc"].to_numpy(), abs=1e-12)


def test_separation_equal_rankings_and_one_model(cohort, tmp_path):
    cohort["perfect"] = cohort["y"] * 10 + cohort["poor"].rank() / 1000
    cohort["twin"] = np.exp(cohort["good"])
    result = _compare(cohort, tmp_path, scores=("perfect", "good", "twin"))
    perfect = result.frame("models").iloc[0]
    assert (perfect["auc"], perfect["ci_high"], perfect["method"]) == (1, 1, "Newcombe's method 5")
    assert 0.9 < perfect["ci_low"] < 1
    twins = result.as_dict()["pairs"][2]
    assert (twins["delta"], twins["p"], twins["ci_low"]) == (0, 1, None)
    assert twins["reason"] == "both scores rank every case alike"
    alone = _compare(cohort, tmp_path, scores=("good",)).as_dict()
    assert alone["pairs"] == []
    assert alone["by_center"] == []


def test_the_promised_keys(cohort, tmp_path):
    result = _compare(cohort, tmp_path, group="patient", center="center").as_dict()
    promised = {
        "models": {"model", "auc", "ci_low", "ci_high", "variance"},
        "pairs": {"a", "b", "delta", "ci_low", "ci_high", "z", "p", "p_adjusted"},
        "by_center": {"center", "model", "n", "n_pos", "auc", "ci_low", "ci_high", "reason"},
    }
    for unit in (result, result["by_patient"]):
        assert {"n", "n_pos", *promised} <= set(unit)
        for name, keys in promised.items():
            assert all(keys <= set(row) for row in unit[name])
            assert all(set(a) == set(b) for a, b in pairwise(unit[name]))
    json.dumps(result, allow_nan=False)


def test_unknown_frames_are_refused(cohort, tmp_path):
    result = _compare(cohort, tmp_path)
    with pytest.raises(KeyError, match="choose models, pairs, by_center"):
        result.frame("model")
    with pytest.raises(KeyError, match="names no patients"):
        result.frame("models", "patient")


def test_the_best_of_several_is_weighed_against_picking_and_chance(cohort, tmp_path):
    result = _compare(cohort, tmp_path, group="patient", center="center")
    means = cohort.groupby("patient")[["center", "y", "good", "fair", "poor"]].agg(
        {"center": "first", "y": "first", "good": "mean", "fair": "mean", "poor": "mean"}
    )
    scores = means[["good", "fair", "poor"]].to_numpy()
    bonus = stats.pick_bonus(means["y"], scores, seed=0)
    null = stats.scores_fixed_null(
        means["y"], scores, strata=means["center"].to_numpy(), permutations=2000, seed=0
    )
    found = result.as_dict()["chance"]
    assert (found["best"], found["n_candidates"], found["n_patients"]) == ("good", 3, 60)
    assert (found["estimate"], found["bonus"], found["skipped"]) == (bonus.estimate, bonus.bonus, 0)
    assert (found["p"], found["distinct"]) == (null.p, stats.distinct_text(null.distinct))
    said = workflow.chance_in_words(result.chance)
    assert said.startswith("Of 3 models good has the highest AUC by patient, ")
    assert f"{bonus.estimate:.3f}" in said
    assert f"p = {null.p:.4f}" in said
    alone = workflow.chance_in_words(_compare(cohort, tmp_path, scores=("good",)).chance, "case")
    assert alone.startswith("With labels permuted within centers the model reaches")


def test_patients_of_both_labels_have_no_chance_and_say_why(clustered):
    result = compare_prediction_file(clustered, Roles("outcome", MODELS, group="patient"))
    assert "both labels" in result.as_dict()["chance"]["reason"]
    assert "both labels" in workflow.chance_in_words(result.chance)


def test_probabilities_are_calibrated_and_scores_are_not(cohort, tmp_path):
    cohort["risk"] = 1 / (1 + np.exp(-cohort["good"]))
    roles = {"group": "patient", "scores": ("risk",), "kind": "probability"}
    rows = {row["measure"]: row for row in _compare(cohort, tmp_path, **roles).as_dict()["calibration"]}
    alone = stats.calibration(cohort["y"], cohort["risk"].round(17), cohort["patient"], replicates=0)
    assert rows["slope"]["estimate"] == pytest.approx(alone.slope.estimate, rel=1e-9)
    assert rows["slope"]["ci_high"] == pytest.approx(alone.slope.ci_high, rel=1e-9)
    assert rows["brier"]["reason"] is None
    margins = _compare(cohort, tmp_path, scores=("good",)).as_dict()["calibration"]
    assert {row["estimate"] for row in margins} == {None}
    assert all(row["reason"].startswith("not applicable") for row in margins)
