"""The cases that a number is of: which rows of a result frame, and which scores."""

from __future__ import annotations

import itertools
from dataclasses import asdict

import pandas as pd
import pytest

from sgcore.domain import SUBSETS, EvaluationSet, Unit

SETS = [
    EvaluationSet(subset, center, unit)
    for subset, center, unit in itertools.product(SUBSETS, (None, "Beta"), ("patient", "image"))
]


@pytest.mark.parametrize("at", SETS)
def test_a_set_has_its_own_rows_and_no_others(at: EvaluationSet) -> None:
    frame = pd.DataFrame([asdict(each) | {"auc": number} for number, each in enumerate(SETS)])
    assert at.rows(frame)["auc"].to_dict() == {0: SETS.index(at)}


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_training_patients_stand_by_their_out_of_fold_scores(unit: Unit) -> None:
    found = {subset: EvaluationSet(subset, None, unit).estimate for subset in SUBSETS}
    assert found == {"train": "out_of_fold", "validation": "fitted", "external": "fitted"}


def test_a_frame_without_columns_has_no_rows() -> None:
    assert SETS[0].rows(pd.DataFrame()).empty
