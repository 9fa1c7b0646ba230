"""The best of several candidates, what picking adds to it, and how often chance reaches it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore import stats
from sgcore.workflow.chance import chance


def _predictions(effect: float, candidates: int = 12, patients: int = 40, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    y = np.arange(patients) % 2
    parts = []
    for number in range(candidates):
        score = rng.normal(size=2 * patients) + effect * np.repeat(y, 2) * (number == 3)
        parts.append(
            pd.DataFrame(
                {
                    "image_id": [f"i{i}" for i in range(2 * patients)],
                    "patient_id": np.repeat([f"P{i}" for i in range(patients)], 2),
                    "center": np.repeat(np.where(np.arange(patients) < 20, "Beta", "Gamma"), 2),
                    "subset": "external",
                    "family": f"F{number // 6}",
                    "classifier": f"C{number % 6}",
                    "estimate": "fitted",
                    "y_true": np.repeat(y, 2),
                    "y_score": score,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def test_noise_is_seen_through() -> None:
    row = chance(_predictions(0.0), 0).iloc[0]
    assert (row["n_candidates"], row["n_patients"]) == (12, 40)
    assert row["naive"] > 0.6
    assert abs(row["estimate"] - 0.5) < 0.08
    assert row["bonus"] == pytest.approx(row["naive"] - row["estimate"])
    assert row["p"] > 0.05


def test_models_of_what_ifs_whose_results_were_opened_are_candidates() -> None:
    own, opened = _predictions(0.0), _predictions(0.5, seed=1)
    alone, row = chance(own, 0).iloc[0], chance(own, 0, {"external": {"ab12": opened}}).iloc[0]
    assert (alone["n_candidates"], alone["n_what_ifs"]) == (12, 0)
    assert (row["n_candidates"], row["n_what_ifs"]) == (24, 1)
    assert row["best"] == "F0 C3 (ab12)"
    assert row["naive"] == chance(opened, 0).iloc[0]["naive"] > alone["naive"]
    assert row["p"] > chance(opened, 0).iloc[0]["p"]
    elsewhere = chance(own, 0, {"validation": {"ab12": opened}}).iloc[0]
    assert elsewhere["n_candidates"] == 12


def test_replicates_without_a_class_out_of_the_bag_are_counted() -> None:
    few = _predictions(1.0)
    kept = few["patient_id"].isin(["P1", "P3", *few.loc[few["y_true"] == 0, "patient_id"]])
    row = chance(few[kept], 0).iloc[0]
    assert row["replicates"] == 2000
    # Of two patients one is drawn twice in half of the samples; else none is out of the bag.
    assert row["skipped"] == pytest.approx(1000, abs=100)
    assert chance(few, 0).iloc[0]["skipped"] == 0


def test_a_real_effect_stays() -> None:
    predictions = _predictions(2.0)
    row = chance(predictions, 0).iloc[0]
    assert row["best"] == "F0 C3"
    own = predictions.query("family == 'F0' and classifier == 'C3'").groupby("patient_id")
    naive = stats.auc(own["y_true"].first(), own["y_score"].mean()).auc
    assert row["naive"] == pytest.approx(naive)
    assert row["bonus"] < 0.02
    assert row["p"] <= 2 / 2001


def test_an_image_without_a_score_is_left_out_of_its_patient() -> None:
    predictions = _predictions(2.0)
    predictions.loc[predictions["patient_id"] == "P0", "y_score"] = np.nan
    assert chance(predictions, 0).iloc[0]["n_patients"] == 39


def test_one_class_has_a_reason() -> None:
    predictions = _predictions(1.0)
    row = chance(predictions[predictions["y_true"] == 1], 0).iloc[0]
    assert np.isnan(row["estimate"])
    assert "one class only" in row["reason"]
    assert row["p_reason"]


def test_training_scores_are_no_held_out_set() -> None:
    assert chance(_predictions(1.0).assign(subset="train"), 0).empty
