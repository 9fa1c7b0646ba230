"""Folds keep patients together, and say when there are fewer than asked for."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.selection import grouped_folds


def _cohort(positives, negatives, images=2):
    patients = np.repeat(np.arange(positives + negatives), images)
    return (patients < positives).astype(int), patients


@pytest.mark.parametrize("seed", range(5))
def test_each_row_is_held_out_once_and_no_patient_is_on_both_sides(seed):
    y, patients = _cohort(15, 20)
    folds = grouped_folds(y, patients, 5, seed)
    assert len(folds) == 5
    assert folds.note is None
    held = np.concatenate([part for _, part in folds.splits])
    np.testing.assert_array_equal(np.sort(held), np.arange(len(y)))
    for train, out in folds.splits:
        assert not set(patients[train]) & set(patients[out])
        assert set(y[train]) == {0, 1}
        assert y[out].mean() == pytest.approx(y.mean(), abs=0.1)


def test_a_seed_repeats_and_another_differs():
    y, patients = _cohort(15, 20)
    first, again, other = (grouped_folds(y, patients, 5, seed) for seed in (3, 3, 4))
    assert all((a[1] == b[1]).all() for a, b in zip(first.splits, again.splits, strict=True))
    assert any(set(a[1]) != set(b[1]) for a, b in zip(first.splits, other.splits, strict=True))


def test_fewer_patients_than_folds_is_said():
    y, patients = _cohort(3, 20)
    folds = grouped_folds(y, patients, 5, 0)
    assert len(folds) == 3
    assert folds.note == "3 folds instead of 5: the smaller class has 3 patients"


@pytest.mark.parametrize("positives", [0, 1])
def test_no_folds_without_two_patients_of_a_class(positives):
    y, patients = _cohort(positives, 12)
    folds = grouped_folds(y, patients, 5, 0)
    assert not folds.splits
    assert f"{positives} patient(s)" in folds.note


def test_without_groups_each_row_is_its_own_patient():
    y = np.arange(20) % 2
    assert len(grouped_folds(y, None, 5, 0)) == 5
