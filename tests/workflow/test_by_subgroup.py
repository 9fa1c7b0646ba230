"""Results of a subgroup are those of the statistics on its cases alone, with thresholds of the whole study."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sgcore import stats, workflow
from sgcore.domain import EvaluationSet, Study, Subgroup
from tests.support.brought import CHOSEN

SEX = Subgroup("sex", "sex F")


@pytest.fixture(scope="module")
def crowded(study: Study) -> Study:
    """The study with sexes that hold enough patients of each label in training."""
    sex = ["M" if index % 8 > 5 else "F" for index in range(len(study.patients))]
    return replace(study, patients=study.patients.assign(sex=sex))


def _levelled(study: Study, predictions: pd.DataFrame, at: EvaluationSet) -> pd.DataFrame:
    levels = workflow.subgroups(study, at.subgroup.column, at.unit)
    return workflow.with_levels(predictions, levels)


def _by_hand(study: Study, predictions: pd.DataFrame, model: tuple[str, str], unit: str) -> pd.DataFrame:
    """Out-of-fold training scores of women."""
    women = study.patients.loc[study.patients["sex"] == "F", "patient_id"]
    own = predictions.query("family == @model[0] and subset == 'train' and estimate == 'out_of_fold'")
    own = own[own["patient_id"].isin(women)]
    return own if unit == "image" else own.groupby("patient_id", as_index=False)[["y_true", "y_score"]].mean()


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_the_auc_is_that_of_the_cases(crowded: Study, predictions: pd.DataFrame, unit: str) -> None:
    at = EvaluationSet("train", None, unit, SEX)
    rows = workflow.subgroup_evaluations(_levelled(crowded, predictions, at), CHOSEN, at, "fitted")
    assert list(zip(rows["family"], rows["classifier"], strict=True)) == list(CHOSEN)
    for row, model in zip(rows.to_dict("records"), CHOSEN, strict=True):
        own = _by_hand(crowded, predictions, model, unit)
        expected = stats.auc(own["y_true"], own["y_score"], own["patient_id"] if unit == "image" else None)
        assert (row["auc"], row["ci_low"], row["ci_high"]) == pytest.approx(
            (expected.auc, expected.ci_low, expected.ci_high), rel=1e-12
        )
        assert row["n_patients"] == own["patient_id"].nunique()


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_the_threshold_is_that_of_the_whole_study(
    crowded: Study, predictions: pd.DataFrame, unit: str
) -> None:
    at = EvaluationSet("train", None, unit, SEX)
    rows = workflow.subgroup_evaluations(_levelled(crowded, predictions, at), CHOSEN, at, "fitted")
    fitted = predictions.query("subset == 'train' and estimate == 'fitted'")
    for row in rows.to_dict("records"):
        own = fitted[fitted["family"] == row["family"]]
        if unit == "patient":
            own = own.groupby("patient_id")[["y_true", "y_score"]].mean()
        whole = stats.youden_threshold(own["y_true"].astype(int), own["y_score"]).threshold
        assert row["threshold"] == pytest.approx(whole, rel=1e-12)


def test_delong_within_the_subgroup(crowded: Study, predictions: pd.DataFrame) -> None:
    at = EvaluationSet("train", None, "image", SEX)
    (row,) = workflow.subgroup_comparisons(_levelled(crowded, predictions, at), CHOSEN, at).to_dict("records")
    a, b = (_by_hand(crowded, predictions, model, "image").set_index("image_id") for model in CHOSEN)
    expected = stats.compare_auc(a["y_true"], a["y_score"], b["y_score"].loc[a.index], a["patient_id"])
    assert (row["delta"], row["p"]) == pytest.approx((expected.delta, expected.p), rel=1e-9)
    assert row["p_adjusted"] == row["p"]
    assert (row["a"], row["b"]) == (CHOSEN[0][0], CHOSEN[1][0])


def test_all_levels_add_up(crowded: Study, predictions: pd.DataFrame) -> None:
    at = EvaluationSet("train", None, "image")
    levels = workflow.subgroups(crowded, "sex")
    rows = workflow.subgroup_levels(
        workflow.with_levels(predictions, levels), CHOSEN[0], at, levels, "fitted"
    )
    assert list(rows["level"]) == ["sex F", "sex M"]
    assert rows["n_images"].sum() == (crowded.cases()["subset"] == "train").sum()


def test_one_label_and_few_patients_have_a_reason_and_no_auc(study: Study, predictions: pd.DataFrame) -> None:
    described = study.patients.assign(kind=study.patients["label"].where(study.patients.index > 1, "rare"))
    changed = replace(study, patients=described)
    at = EvaluationSet("train", None, "patient")
    levels = workflow.subgroups(changed, "kind", "patient")
    rows = workflow.subgroup_levels(
        workflow.with_levels(predictions, levels), CHOSEN[0], at, levels, "fitted"
    ).set_index("level")
    assert rows["auc"].isna().all()
    assert rows.loc["kind primary", "reason"].startswith("one label only (0 positive, ")
    # Without negatives there is no specificity, but still a sensitivity.
    assert 0 <= rows.loc["kind secondary", "sensitivity"] <= 1
    assert pd.isna(rows.loc["kind secondary", "specificity"])
    at = replace(at, subgroup=Subgroup("kind", "kind primary"))
    assert workflow.subgroup_comparisons(workflow.with_levels(predictions, levels), CHOSEN, at).empty


def test_fewer_than_five_of_a_label(crowded: Study, predictions: pd.DataFrame) -> None:
    at = EvaluationSet("external", "Gamma", "image", SEX)
    rows = workflow.subgroup_evaluations(_levelled(crowded, predictions, at), CHOSEN, at, "fitted")
    assert rows["auc"].isna().all()
    assert rows["reason"].str.startswith("fewer than 5 patients of a label (").all()


def test_images_of_a_patient_with_several_levels(study: Study, predictions: pd.DataFrame) -> None:
    """By image each counts where it belongs; by patient the patient is with those who have several values."""
    images = study.images.assign(
        view=["top", "side"] * (len(study.images) // 2) + ["top"] * (len(study.images) % 2)
    )
    changed = replace(study, images=images)
    cases = changed.cases().assign(view=images["view"])
    train = cases[cases["subset"] == "train"]
    kinds = train.groupby("patient_id")["view"].agg(lambda views: "+".join(sorted(set(views))))
    for unit, expected in (
        ("image", train["view"].value_counts().to_dict()),
        ("patient", kinds.map(lambda kind: "several" if "+" in kind else kind).value_counts().to_dict()),
    ):
        levels = workflow.subgroups(changed, "view", unit)
        rows = workflow.subgroup_levels(
            workflow.with_levels(predictions, levels),
            CHOSEN[0],
            EvaluationSet("train", None, unit),
            levels,
            "fitted",
        ).set_index("level")
        names = {"top": "view top", "side": "view side", "several": "several values of view"}
        column = "n_images" if unit == "image" else "n_patients"
        assert {kind: rows.loc[names[kind], column] for kind in expected} == expected


def test_calibration_is_that_of_the_cases(crowded: Study, predictions: pd.DataFrame) -> None:
    scored = predictions.assign(y_score=1 / (1 + 2.718281828 ** -predictions["y_score"]))
    at = EvaluationSet("train", None, "patient", SEX)
    rows = workflow.calibration_at(_levelled(crowded, scored, at), CHOSEN[:1], at, seed=0)
    own = _by_hand(crowded, scored, CHOSEN[0], "patient")
    expected = stats.calibration(own["y_true"].astype(int), own["y_score"], replicates=0)
    found = rows.set_index("measure")["estimate"]
    assert found["brier"] == pytest.approx(expected.frame().set_index("measure").loc["brier", "estimate"])
    assert rows["n_patients"].eq(len(own)).all()


def test_nothing_stored_is_taken_for_a_subgroup() -> None:
    stored = pd.DataFrame({"subset": ["train"], "center": [None], "unit": ["image"], "auc": [0.9]})
    assert len(EvaluationSet("train", None, "image").rows(stored)) == 1
    assert EvaluationSet("train", None, "image", SEX).rows(stored).empty
