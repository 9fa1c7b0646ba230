"""Independent pairs: what is left out is counted, and cases of unknown patients are never called patients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.cohort import PredictionMatch
from sgcore.domain import Unit
from sgcore.workflow.brought_pairs import Side, pair

OTHERS = PredictionMatch(None, "", pd.DataFrame(), 0, {}, 0, True, (), (), 0)


def _side(name: str, patients: int, *, seed: int, own: bool = False, views: int = 3) -> Side:
    """``views`` images a patient, whose scores move together."""
    rng = np.random.default_rng(seed)
    y = np.arange(patients) % 2
    of_patient = np.repeat(rng.normal(size=patients) + (0.2 if own else 1.2) * y, views)
    cases = pd.DataFrame(
        {
            "image_id": [f"{name}{i}-{view}" for i in range(patients) for view in range(views)],
            "patient_id": np.repeat([f"{name}{i}" for i in range(patients)], views),
            "center": "Beta",
            "y_true": np.repeat(y, views),
            "y_score": of_patient + 0.1 * rng.normal(size=patients * views),
        }
    )
    return Side(name, cases, own=own)


def _unnamed(side: Side) -> Side:
    return Side(side.name, side.cases.assign(patient_id=side.cases["image_id"]), own=True, nameless=True)


def test_cases_of_unknown_patients_are_no_patients() -> None:
    ours, theirs = _side("US", 30, seed=1), _side("net", 30, seed=2, own=True)
    named = pair(ours, theirs, "patient", OTHERS)
    assert (named["n_patients"], named["reason"]) == (60, "")
    unnamed = pair(ours, _unnamed(theirs), "patient", OTHERS)
    assert unnamed["reason"] == "the file names no patients"
    assert np.isnan([unnamed["delta"], unnamed["p"]]).all()
    # By image they stay, too narrow: the method says what was counted.
    clustered, single = (pair(ours, side, "image", OTHERS) for side in (theirs, _unnamed(theirs)))
    assert single["delta"] == clustered["delta"]
    assert single["p"] < clustered["p"]
    assert single["method"] == "DeLong, unpaired (Welch), clustered by patient, cases of the file one by one"
    assert clustered["method"] == "DeLong, unpaired (Welch), clustered by patient"


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_independent_pairs_count_what_both_sides_leave_out(unit: Unit) -> None:
    ours, theirs = _side("US", 20, seed=1), _side("net", 20, seed=2, own=True)
    ours.cases.loc[:1, "y_score"] = np.nan
    theirs.cases.loc[:4, "y_score"] = np.nan
    assert pair(ours, theirs, unit, OTHERS)["n_left_out"] == 7


def test_two_models_of_unknown_patients_are_compared_by_case() -> None:
    one, two = (_unnamed(_side("net", 20, seed=seed, own=True)) for seed in (1, 2))
    found = pair(one, two, "patient", None)
    assert (found["unit"], found["method"]) == ("case", "DeLong, paired")
    assert np.isnan([found["n_patients"], found["n_images"]]).all()
