"""A model center by center: the same numbers as direct calls of the statistics, and a reason where there are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.config import AnalysisConfig, ModelConfig, SelectionConfig
from sgcore.domain import Unit
from sgcore.errors import UsageError
from sgcore.workflow import external_need
from sgcore.workflow.by_center import CenterEffects, effects_of
from tests.support.studies import make_features_study

EXTERNAL = ("Zeta", "Beta", "Gamma", "Delta", "Eta")


def predictions(centers: dict[str, int], *, effect: float = 1.0, seed: int = 0) -> pd.DataFrame:
    """Two images a patient; Alpha is the development center, half of its patients train."""
    rng = np.random.default_rng(seed)
    rows = []
    for center, patients in {"Alpha": 40, **centers}.items():
        for number in range(patients):
            y = number % 2
            inside = "train" if number < 20 else "validation"
            for view in range(2):
                rows.append(
                    {
                        "image_id": f"{center}{number}-{view}",
                        "patient_id": f"{center}{number}",
                        "center": center,
                        "subset": inside if center == "Alpha" else "external",
                        "family": "Radiomics",
                        "classifier": "LR",
                        "estimate": "fitted",
                        "y_true": y,
                        "y_score": rng.normal() + effect * y,
                    }
                )
    return pd.DataFrame(rows)


def effects(model: pd.DataFrame, unit: Unit = "patient") -> CenterEffects:
    return effects_of(model, ("Alpha",), EXTERNAL, unit)


def arrays(cases: pd.DataFrame, unit: Unit) -> tuple[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray]:
    """Labels, scores, patients (None by patient) and centers."""
    if unit == "patient":
        cases = cases.groupby("patient_id", sort=False, as_index=False).agg(
            {"center": "first", "y_true": "first", "y_score": "mean"}
        )
    groups = cases["patient_id"].to_numpy() if unit == "image" else None
    return cases["y_true"].to_numpy(), cases["y_score"].to_numpy(), groups, cases["center"].to_numpy()


@pytest.mark.parametrize("unit", ["patient", "image"])
@pytest.mark.parametrize("k", [0, 1, 2, 3, 5])
def test_numbers_are_those_of_the_statistics(k: int, unit: Unit) -> None:
    model = predictions({name: 16 + 4 * i for i, name in enumerate(EXTERNAL[:k])})
    found = effects(model, unit)
    assert found.rows["center"].tolist() == ["Alpha", *EXTERNAL[:k]]
    assert found.rows["role"].tolist() == ["development"] + ["external"] * k
    direct = {}
    for row in found.rows.to_dict("records"):
        cases = model[(model["center"] == row["center"]) & (model["subset"] != "train")]
        y, score, groups, _ = arrays(cases, unit)
        area = direct[row["center"]] = stats.auc(y, score, groups)
        assert (row["auc"], row["ci_low"], row["ci_high"]) == (area.auc, area.ci_low, area.ci_high)
        assert (row["n_pos"], row["n_neg"]) == (y.sum(), (1 - y).sum())
        assert (row["n_patients"], row["n_images"]) == (cases["patient_id"].nunique(), len(cases))
    pooled = stats.pooled_auc([direct[name] for name in EXTERNAL[:k]], labels=EXTERNAL[:k])
    together = found.together.set_index("measure")
    assert found.pooled.k == together.loc["mean", "k"] == k
    np.testing.assert_equal(
        together.loc["mean", ["auc", "ci_low", "ci_high"]].tolist(),
        [pooled.auc, pooled.ci_low, pooled.ci_high],
    )
    np.testing.assert_equal(
        together.loc["new_center", ["ci_low", "ci_high"]].tolist(),
        [pooled.prediction_low, pooled.prediction_high],
    )
    assert (together.loc["mean", "reason"] == "") == (k >= 3)
    assert (together.loc["new_center", "reason"] == "") == (k >= 5)
    y, score, groups, centers = arrays(model[model["subset"] == "external"], unit)
    within = stats.within_center_auc(y, score, centers, groups)
    np.testing.assert_equal(together.loc["all_pairs", "auc"], stats.auc(y, score, groups).auc)
    np.testing.assert_equal(together.loc["same_center_pairs", "auc"], within.auc)
    np.testing.assert_equal(together.loc["same_center_pairs", "ci_low"], within.ci_low)


def test_three_centers_do_not_predict_a_fourth() -> None:
    found = effects(predictions(dict.fromkeys(EXTERNAL[:3], 20)))
    assert found.together.set_index("measure").loc["new_center", "reason"] == (
        "a new center cannot be predicted from 3"
    )


def test_center_of_one_class_keeps_its_row_and_is_named() -> None:
    model = predictions(dict.fromkeys(EXTERNAL[:4], 20))
    model.loc[model["center"] == "Gamma", "y_true"] = 1
    found = effects(model)
    row = found.rows.set_index("center").loc["Gamma"]
    assert np.isnan(row["auc"])
    assert row["reason"] == "one class only (all positive), n = 20"
    assert found.pooled.left_out == (("Gamma", "one class only (all positive), n = 20"),)
    together = found.together.set_index("measure")
    assert together["k"].to_dict() == {"mean": 3, "new_center": 3, "all_pairs": 4, "same_center_pairs": 3}
    assert together["n_patients"].to_dict() == {
        "mean": 60, "new_center": 60, "all_pairs": 80, "same_center_pairs": 60,
    }  # fmt: skip


def test_perfect_center_is_left_out_of_the_mean_and_named() -> None:
    model = predictions(dict.fromkeys(EXTERNAL[:4], 20))
    model.loc[model["center"] == "Beta", "y_score"] = model["y_true"] * 9.0
    found = effects(model)
    assert found.rows.set_index("center").loc["Beta", "auc"] == 1
    assert found.pooled.k == 3
    assert [name for name, _ in found.pooled.left_out] == ["Beta"]


def test_external_cases_of_a_development_center_are_no_other_center() -> None:
    model = predictions({"Beta": 20})
    later = model["patient_id"].isin([f"Alpha{i}" for i in range(30, 40)])
    model.loc[later, "subset"] = "external"
    found = effects(model)
    assert found.rows[["center", "role", "subset"]].to_numpy().tolist() == [
        ["Alpha", "development", "validation"],
        ["Alpha", "development", "external"],
        ["Beta", "external", "external"],
    ]
    assert found.patients.n_patients == 20


def test_image_without_a_score_is_counted() -> None:
    model = predictions({"Beta": 20})
    model.loc[model["image_id"] == "Beta3-0", "y_score"] = np.nan
    row = effects(model).external.iloc[0]
    assert (row["n_left_out"], row["n_images"], row["n_patients"]) == (1, 39, 20)


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_size_of_the_external_set_counts_patients(unit: Unit) -> None:
    model = predictions({"Beta": 41, "Gamma": 20})
    found = effects(model, unit)
    y, score, _, _ = arrays(model[model["subset"] == "external"], "patient")
    area = stats.auc(y, score)
    assert (found.patients.auc, found.patients.variance) == (area.auc, area.variance)
    rows = external_need(found, auc_width=0.15).set_index("measure")
    need = stats.external_size(area.auc, y.mean(), auc_width=0.15)
    now = stats.external_precision(area.auc, int(y.sum()), int((1 - y).sum()))
    assert rows["n_needed"].tolist() == [need.n_auc, need.n_slope]
    assert rows["width"].tolist() == [now.auc_width, now.slope_width]
    assert rows["wanted_width"].tolist() == [0.15, 0.2]
    assert rows.loc["auc", "n_pos_needed"] == pytest.approx(need.n_auc * y.mean())
    assert (rows["n_patients"] == 61).all()
    assert external_need(found).loc[0, "n_needed"] > need.n_auc


def test_size_needs_an_external_auc() -> None:
    assert external_need(effects(predictions({}))).loc[0, "reason"] == "no cases"
    model = predictions({"Beta": 10})
    perfect = external_need(effects(model.assign(y_score=model["y_true"] * 1.0)))
    assert "an AUC of 1" in perfect.loc[0, "reason"]
    assert perfect["n_needed"].isna().all()
    below = external_need(effects(model.assign(y_score=-model["y_score"])))
    assert below.loc[0, "n_needed"] > 0
    assert "no calibrated spread" in below.loc[1, "reason"]


def test_a_center_without_a_model_is_counted_and_enters_nothing() -> None:
    model = predictions(dict.fromkeys(EXTERNAL[:4], 20))
    plain, found = (
        effects(model),
        effects_of(model, ("Alpha",), EXTERNAL, "patient", without={"Beta": "no model"}),
    )
    rows, before = found.rows.set_index("center"), plain.rows.set_index("center")
    assert rows.loc["Beta", ["auc", "ci_low", "ci_high"]].isna().all()
    assert (rows.loc["Beta", "n_patients"], rows.loc["Beta", "reason"]) == (20, "no model")
    assert rows["auc"].drop("Beta").equals(before["auc"].drop("Beta"))
    assert found.pooled.k == 3
    assert found.pooled.left_out == ()
    without = effects(model[model["center"] != "Beta"]).together
    assert found.together.equals(without)


def test_a_center_none_of_whose_images_has_features_keeps_its_row(tmp_path: Path) -> None:
    path = make_features_study(tmp_path / "study", centers={"Alpha": 24, "Zeta": 8, "Beta": 8}, effect=1.5)
    config = AnalysisConfig(
        selection=SelectionConfig(n_alphas=30), models=ModelConfig(classifiers=("LR",), folds=3)
    )
    with workflow.open_store(tmp_path / "s.duckdb") as store:
        whole = workflow.run(workflow.import_study(path, store), config, store)
        frame = whole.frame

        def failed(kind: str) -> pd.DataFrame:
            """As if every image of Beta had failed in the extraction."""
            rows = frame(kind)
            return rows[rows["center"] != "Beta"] if kind in ("predictions", "evaluations") else rows

        object.__setattr__(whole, "frame", failed)
        found = workflow.center_effects(whole, "Radiomics", "LR", "patient")
    row = found.rows.set_index("center").loc["Beta"]
    assert row["reason"] == "none of 16 images has a score"
    assert (row["n_patients"], row["n_left_out"], row["role"]) == (0, 16, "external")


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[workflow.Analysis]:
    folder = tmp_path_factory.mktemp("centers")
    centers = {"Alpha": 40, "Zeta": 14, "Beta": 12, "Gamma": 4}
    path = make_features_study(folder / "study", centers=centers, one_label=("Gamma",), effect=1.0)
    config = AnalysisConfig(
        selection=SelectionConfig(n_alphas=30), models=ModelConfig(classifiers=("LR",), folds=3)
    )
    with workflow.open_store(folder / "s.duckdb") as store:
        yield workflow.run(workflow.import_study(path, store), config, store)


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_rows_are_those_of_the_evaluations(analysis: workflow.Analysis, unit: Unit) -> None:
    found = workflow.center_effects(analysis, "Radiomics", "LR", unit)
    assert found.rows["center"].tolist() == ["Alpha", "Zeta", "Beta", "Gamma"]
    stored = analysis.frame("evaluations").query("unit == @unit and subset != 'train'")
    stored = stored.dropna(subset=["center"]).set_index("center").loc[found.rows["center"]]
    for name in ("auc", "ci_low", "ci_high", "n_patients", "n_images", "n_pos", "n_neg", "n_left_out"):
        np.testing.assert_array_equal(stored[name].to_numpy(float), found.rows[name].to_numpy(float))
    pooled = analysis.frame("evaluations").query("unit == @unit and subset == 'external' and center.isna()")
    together = found.together.set_index("measure")
    assert together.loc["all_pairs", "auc"] == pytest.approx(pooled["auc"].item())
    assert together.loc["same_center_pairs", "auc"] == pytest.approx(pooled["within_center_auc"].item())


def test_summary_has_the_picked_models(analysis: workflow.Analysis) -> None:
    (entry,) = workflow.summary(analysis)["centers"]
    assert (entry["family"], entry["classifier"], entry["unit"]) == ("Radiomics", "LR", analysis.config.unit)
    assert [row["center"] for row in entry["rows"]] == ["Alpha", "Zeta", "Beta", "Gamma"]
    assert entry["pooled"]["auc"] is None
    assert "at least 3 are needed" in entry["pooled"]["reason"]
    assert [left["center"] for left in entry["pooled"]["left_out"]] == ["Gamma"]
    assert entry["size"][0]["n_patients"] == 30


def test_unknown_model_is_refused(analysis: workflow.Analysis) -> None:
    with pytest.raises(UsageError, match="no model Radiomics \\(MLP\\)"):
        workflow.center_effects(analysis, "Radiomics", "MLP", "patient")
