"""SGA033: other splits of the development patients."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit.lucky_split import LuckySplit
from tests.audit.planted import EMPTY, evidence, many_patients
from tests.audit.planted_draws import Draws, judged, splits

PICKS = {"picks": pd.DataFrame([{"family": "Radiomics", "classifier": "SVM", "evaluated_on": "external"}])}


def _found(draws, of=None):
    study = of or many_patients()
    return judged(LuckySplit(), replace(evidence(PICKS, study), draws={"splits": draws}.get))


def test_a_lucky_split_is_found():
    found = _found(splits(0.97))
    assert (found.status, found.severity, found.page) == ("finding", "warning", "models-classifiers")
    assert found.message.startswith("The split is luckier than 19 of 20: Radiomics (external set).")
    assert (
        "external set 0.800, above 97% of the others (median 0.700, 95% of them 0.600 to 0.820)"
        in found.message
    )
    assert "among 50 other splits of the development patients" in found.message
    assert found.evidence["unit"].tolist() == ["image"]
    assert found.remedy


@pytest.mark.parametrize(("share", "status"), [(0.95, "finding"), (0.949, "passed"), (0.0, "passed")])
def test_the_limit(share, status):
    assert _found(splits(share)).status == status


def test_either_set_may_be_lucky():
    both = Draws(pd.concat([splits(0.3).rows, splits(0.99, subset="validation").rows]), draws=50, usual=50)
    found = _found(both)
    assert found.status == "finding"
    assert "Radiomics (validation set)" in found.message
    assert len(found.evidence) == 2


def test_a_pass_says_from_where_on_a_split_is_lucky():
    found = _found(splits(0.4))
    assert "Above 0.790 (Radiomics, external set) it would have been one." in found.message


def test_a_split_that_the_study_brings_is_no_random_one():
    given = replace(many_patients(), split_column="cohort")
    assert "brings its split (column 'cohort')" in _found(splits(0.1), given).message
    assert "brings its split" not in _found(splits(0.1)).message


def test_families_on_networks_are_named():
    picks = pd.concat([PICKS["picks"], PICKS["picks"].assign(family="DL")])
    of = replace(evidence({"picks": picks}), draws={"splits": splits(0.4)}.get)
    said = judged(LuckySplit(), of).message
    assert "Not drawn anew, for their networks saw labels and patients as they are: DL." in said
    assert "Not drawn" not in _found(splits(0.4)).message


def test_too_few_splits_are_no_pass():
    found = _found(splits(0.4, splits=19))
    assert found.status == "not_applicable"
    assert "Radiomics: 19 other splits, 20 are needed." in found.message
    partly = Draws(splits(0.4, splits=30).rows, draws=30, usual=50)
    assert "among 30 other splits (50 are usual)" in _found(partly).message


def test_what_is_not_there_is_said():
    found = _found(splits(np.nan, reason="the pick has no AUC on this set"))
    assert found.status == "not_applicable"
    assert "Radiomics (the pick has no AUC on this set)" in found.message
    assert "no analysis with a model" in judged(LuckySplit(), EMPTY).message
    for draws in (None, Draws(pd.DataFrame())):
        assert "No development patient validates" in _found(draws).message
    study = many_patients()
    subset = study.patients["subset"].where(study.patients["subset"] == "train", "validation")
    split = replace(study, patients=study.patients.assign(subset=subset))
    assert "has not been computed yet" in _found(None, split).message
