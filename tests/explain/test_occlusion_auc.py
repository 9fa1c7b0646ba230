"""Which part of an image tells the labels apart, by the interval of a difference or, without one, of either area."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.explain.occlusion_auc import occlusion_auc, occlusion_by_subset
from sgcore.stats import auc, compare_auc


def _rows(n=60, **answers):
    y = np.arange(n) % 2
    rows = pd.DataFrame({"image_id": [f"i{k}" for k in range(n)], "patient_id": np.arange(n) // 4, "y": y})
    # Patients of one label.
    rows["patient_id"] = rows["patient_id"] * 2 + y
    return rows.assign(**{"whole": 2.0 * y - 1, "surroundings": 0.0, "lesion": 0.0, **answers})


SURE = 2.0 * _rows()["y"].to_numpy() - 1
GUESSED = np.random.default_rng(0).normal(size=60)


def test_areas_and_difference_are_those_of_delong_clustered_by_patient():
    rows = _rows(surroundings=GUESSED, lesion=SURE + 2 * GUESSED)
    found = occlusion_auc(rows)
    assert found.surroundings == auc(rows["y"], GUESSED, rows["patient_id"])
    assert found.difference == compare_auc(rows["y"], GUESSED, rows["lesion"], rows["patient_id"])
    assert (found.difference.n_cases, found.difference.n_patients) == (60, 30)


def test_the_two_verdicts_change_places_with_the_parts():
    around = occlusion_auc(_rows(surroundings=SURE + GUESSED, lesion=GUESSED))
    lesion = occlusion_auc(_rows(surroundings=GUESSED, lesion=SURE + GUESSED))
    assert (around.by_surroundings, around.by_lesion) == (True, False)
    assert (lesion.by_surroundings, lesion.by_lesion) == (False, True)
    half = (around.difference.ci_high - around.difference.ci_low) / 2
    assert around.detectable == pytest.approx(half)


@pytest.mark.parametrize("lesion", [np.zeros(60), -SURE])
def test_a_perfect_area_beside_one_without_variance_is_found(lesion):
    """Marks that tell every label, of a network whose answer to a flat picture never changes, or is turned round."""
    found = occlusion_auc(_rows(surroundings=SURE, lesion=lesion))
    assert np.isnan(found.difference.ci_low)
    assert found.by_surroundings
    assert found.detectable > 0


def test_two_perfect_areas_are_no_difference():
    found = occlusion_auc(_rows(surroundings=SURE, lesion=SURE))
    assert not found.by_surroundings
    assert not found.by_lesion


def test_labels_told_the_wrong_way_round_are_not_told():
    assert not occlusion_auc(_rows(surroundings=-SURE, lesion=GUESSED)).by_lesion
    assert not occlusion_auc(_rows(surroundings=GUESSED, lesion=-SURE)).by_surroundings


def test_few_patients_can_show_nothing():
    """Newcombe's lower limit of an AUC of 1 is below one half with two patients of each label."""
    few = occlusion_auc(_rows(4, surroundings=[-1.0, 1, -1, 1], lesion=[0.1, 0.3, 0.2, 0.1]))
    assert np.isnan(few.detectable)
    assert not few.by_surroundings


def test_subsets_stand_in_their_order_and_images_without_an_answer_are_counted():
    rows = _rows(surroundings=GUESSED, lesion=SURE)
    answers = rows[["image_id", "whole", "surroundings", "lesion"]].copy()
    answers.loc[:1, "lesion"] = np.nan
    answers.loc[40:, "lesion"] = np.nan
    subsets = np.repeat(["external", "train", "validation"], 20)
    found = occlusion_by_subset(answers, rows[["image_id", "patient_id", "y"]].assign(subset=subsets))
    assert list(found) == ["train", "external"]
    assert found["external"].n_left_out == 2
    assert found["external"].difference.n_cases == 18
