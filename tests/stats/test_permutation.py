"""Permutation of patients' labels: what stays, that all permutations are as likely, p of the draws."""

from __future__ import annotations

from collections import Counter
from itertools import permutations as orders

import numpy as np
import pytest

from sgcore import stats
from sgcore.stats.permutation import permutation_p, permute_patient_labels

GROUPS = np.repeat(list("abcdefgh"), [1, 2, 3, 1, 2, 1, 3, 2])
LABELS = dict(zip("abcdefgh", [1, 0, 0, 1, 1, 0, 0, 1], strict=True))
STRATA = np.repeat(["X", "Y"], [7, 8])
Y = np.array([LABELS[g] for g in GROUPS])


def by_patient(y: np.ndarray) -> tuple[float, ...]:
    return tuple(float(y[np.isin(GROUPS, g)][0]) for g in "abcdefgh")


def test_what_stays():
    rng = np.random.default_rng(0)
    for _ in range(50):
        permuted = permute_patient_labels(Y, GROUPS, STRATA, rng)
        for patient in "abcdefgh":
            assert np.unique(permuted[np.isin(GROUPS, patient)]).size == 1
        for members in ("abcd", "efgh"):
            assert sum(permuted[np.isin(GROUPS, p)][0] for p in members) == sum(LABELS[p] for p in members)
    # Strata follow the patients: four of them each.
    assert set(GROUPS[STRATA == "X"]) == set("abcd")


def test_every_permutation_is_as_likely():
    rng = np.random.default_rng(1)
    drawn = Counter(by_patient(permute_patient_labels(Y, GROUPS, STRATA, rng)) for _ in range(3600))
    expected = {
        (*first, *second) for first in set(orders([1.0, 0, 0, 1])) for second in set(orders([1.0, 0, 0, 1]))
    }
    assert set(drawn) == expected
    # 36 permutations, 100 each: chi-square with 35 df has its 99.9% point at 66.6.
    assert sum((count - 100) ** 2 / 100 for count in drawn.values()) < 66.6


def test_without_groups_and_strata_it_is_a_plain_permutation():
    y = np.array([0, 0, 0, 1, 1])
    rng = np.random.default_rng(2)
    drawn = {tuple(permute_patient_labels(y, None, None, rng)) for _ in range(300)}
    assert len(drawn) == 10
    assert all(sum(labels) == 2 for labels in drawn)


def test_p_of_phipson_and_smyth():
    assert permutation_p(0.8, [0.5, 0.8, 0.9, 0.7]) == 3 / 5
    assert permutation_p(1.0, np.zeros(999)) == 1 / 1000
    assert permutation_p(0.0, np.zeros(9)) == 1
    assert np.isnan(permutation_p(np.nan, [0.5]))


def permute(y, groups, strata=None):
    return permute_patient_labels(y, groups, strata, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: permutation_p(0.5, [0.4, np.nan]), "1 of 2 values of null are missing"),
        (lambda: permute([0, 1], ["a", "a"]), "1 of 1 patients have cases of both classes"),
        (lambda: permute([0, 0], ["a", "a"], [1, 2]), "1 of 1 patients have cases in several strata"),
        (lambda: permute([0, 1], ["a", None]), "the patient of 1 of 2 cases is missing"),
        (lambda: permute([0, np.nan], None), "the label of 1 of 2 cases is missing"),
        (lambda: permute([0, 2], None), "it holds 2"),
        (lambda: permute([0, 1], ["a"]), "groups has 1"),
    ],
)
def test_refuses(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_test_has_p_its_limits_and_the_null() -> None:
    null = np.arange(1, 100) / 100
    result = stats.permutation_test(0.9, null)
    assert result.p == pytest.approx((1 + 10) / 100)
    assert result.p_low < 10 / 99 < result.p_high
    assert (result.chance_median, result.permutations, result.reached) == (0.5, 99, 10)
    assert np.isnan(stats.permutation_test(float("nan"), null).p)
    with pytest.raises(ValueError, match="no permutation"):
        stats.permutation_test(0.9, [])


def test_distinct_permutations_are_counted_within_strata() -> None:
    y, strata = [0, 0, 1, 0, 1], ["a", "a", "a", "b", "b"]
    assert stats.distinct_permutations(y, None, strata) == 3 * 2
    assert stats.distinct_text(6) == "6"
    assert stats.distinct_text(10**6) == "1,000,000"
    assert stats.distinct_text(10**12) == "more than a million"
    assert stats.distinct_permutations([0, 1], ["P", "P"]) == 0
