"""A model at any threshold: counts and proportions of a direct count, cases by patient, ways of having none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.workflow import called_at, called_by_set
from sgcore.workflow.evaluate import evaluations

# Three patients of two images; patient means 0.3, 0.55 and 0.8.
CASES = pd.DataFrame(
    {
        "image_id": ["a1", "a2", "b1", "b2", "c1", "c2"],
        "patient_id": ["a", "a", "b", "b", "c", "c"],
        "center": ["Beta", "Beta", "Beta", "Beta", "Gamma", "Gamma"],
        "subset": "external",
        "family": "DL",
        "classifier": "resnet18",
        "estimate": "fitted",
        "y_true": [0, 0, 1, 1, 0, 0],
        "y_score": [0.2, 0.4, 0.5, 0.6, 0.7, 0.9],
    }
)


def test_images_are_counted_at_the_threshold_itself_and_above() -> None:
    found = called_at(CASES, 0.6, "image")
    assert (found.tp, found.fn, found.fp, found.tn) == (1, 1, 2, 2)
    assert found.rows.set_index("image_id")["called"].to_dict() == {
        "a1": 0, "a2": 0, "b1": 0, "b2": 1, "c1": 1, "c2": 1
    }  # fmt: skip
    assert found.rows.loc[found.rows["wrong"] == 1, "image_id"].tolist() == ["b1", "c1", "c2"]
    direct = stats.operating_point(CASES["y_true"], CASES["y_score"], 0.6, CASES["patient_id"])
    for name in ("sensitivity", "specificity", "accuracy", "ppv", "npv"):
        share, row = getattr(direct, name), found.measure(name)
        assert (row["estimate"], row["ci_low"], row["ci_high"]) == (
            share.estimate,
            share.ci_low,
            share.ci_high,
        )
    assert "clustered" in found.measure("accuracy")["method"]


def test_patients_stand_by_their_mean_and_their_first_scored_image() -> None:
    cases = CASES.assign(y_score=CASES["y_score"].where(CASES["image_id"] != "a1"))
    found = called_at(cases, 0.55, "patient")
    assert found.rows["image_id"].tolist() == ["a2", "b1", "c1"]
    assert found.rows["score"].tolist() == pytest.approx([0.4, 0.55, 0.8])
    assert found.rows["wrong"].tolist() == [0, 0, 1]
    assert (found.n_patients, found.n_images, found.n_left_out) == (3, 5, 1)


def test_infinite_thresholds_call_everybody_alike() -> None:
    assert called_at(CASES, -np.inf, "image").fp == 4
    assert called_at(CASES, np.inf, "image").fn == 2


def test_without_a_threshold_nothing_is_called() -> None:
    found = called_at(CASES, np.nan, "patient")
    assert found.reason == "no threshold"
    assert found.rows["wrong"].isna().all()
    assert found.measures["estimate"].isna().all()


def test_one_label_has_no_predictive_values() -> None:
    found = called_at(CASES[CASES["y_true"] == 0], 0.6, "image")
    assert found.measure("ppv")["reason"] == "one label only among these cases"
    assert np.isnan(found.measure("npv")["estimate"])
    assert found.measure("sensitivity")["reason"] == "no positive case"
    assert found.measure("specificity")["estimate"] == 0.5


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_without_a_score_it_says_so(unit: str) -> None:
    found = called_at(CASES.assign(y_score=np.nan), 0.5, unit)
    assert found.rows.empty
    assert found.reason == "none of 6 images has a score"
    assert set(found.measures["reason"]) == {"none of 6 images has a score"}
    assert called_at(CASES.iloc[:0], 0.5, unit).reason == "no cases"


def test_evaluations_come_back_with_counts_and_predictive_values() -> None:
    predictions = pd.concat([CASES.assign(subset="train"), CASES])
    rows = evaluations(predictions, "fitted")
    rows = rows[rows["center"].isna()]
    found = called_by_set(predictions, rows)
    assert len(found) == len(rows) == 4
    for row in found.to_dict("records"):
        assert row["tp"] / (row["tp"] + row["fn"]) == row["sensitivity"]
        assert row["tn"] / (row["tn"] + row["fp"]) == row["specificity"]
        assert row["ppv"] == row["tp"] / (row["tp"] + row["fp"])
        assert row["ppv_low"] <= row["ppv"] <= row["ppv_high"]
        assert row["tp"] + row["fn"] + row["tn"] + row["fp"] == (3 if row["unit"] == "patient" else 6)


def test_no_evaluations_give_no_rows_but_their_columns() -> None:
    rows = evaluations(CASES, "fitted")
    assert {"tp", "ppv_low", "npv_reason"} <= set(called_by_set(CASES, rows.iloc[:0]).columns)
