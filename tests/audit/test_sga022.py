"""SGA022: selection outside the folds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit.selection_outside import SelectedBeforeFolds
from tests.audit.planted import EMPTY, PAPER, STRICT, evidence
from tests.audit.planted_draws import Draws, judged, outside

PICKS = {"picks": pd.DataFrame([{"family": "Radiomics", "classifier": "SVM", "evaluated_on": "external"}])}


def _found(draws, config=PAPER):
    of = replace(evidence(PICKS, config=config), draws={"outside": draws}.get)
    return judged(SelectedBeforeFolds(), of)


def test_training_results_of_a_selection_that_saw_the_patients_are_found():
    found = _found(outside(0.13))
    assert (found.status, found.severity, found.page) == ("finding", "warning", "models-classifiers")
    assert (
        "Radiomics (SVM) 0.830 against 0.700, difference +0.130 (+0.110 to +0.150 over 20 repeats, 78 patients)"
        in (found.message)
    )
    assert "no interval for other patients" in found.message
    assert "threshold of this analysis come from scores of patients whom the selection" in found.message
    assert found.evidence["unit"].tolist() == ["image"]
    assert found.remedy


def test_an_analysis_that_selects_in_each_fold_passes_with_what_it_avoided():
    found = _found(outside(0.13), STRICT)
    assert found.status == "passed"
    assert "in none of its numbers" in found.message
    assert "+0.130" in found.message
    assert found.evidence["unit"].tolist() == ["patient"]


@pytest.mark.parametrize(("spread", "status"), [(0.02, "finding"), (0.05, "passed"), (0.06, "passed")])
def test_every_repeat_has_to_agree(spread, status):
    found = _found(outside(0.05, spread))
    assert found.status == status
    if status == "passed":
        assert found.message.startswith("Not shown to add anything.")
        assert f"about {spread:.3f} on average" in found.message


def test_models_that_were_not_picked_do_not_count():
    draws = outside(0.2)
    other = Draws(draws.rows.assign(classifier="RF"), draws=20, usual=20)
    found = _found(other)
    assert found.status == "not_applicable"
    picked = outside(0.0)
    assert _found(Draws(pd.concat([draws.rows.assign(classifier="RF"), picked.rows]))).status == "passed"


def test_a_difference_that_cannot_be_judged_says_why():
    found = _found(outside(np.nan, repeats=20, reason="one class only"))
    assert found.status == "not_applicable"
    assert "Radiomics (one class only)" in found.message
    few = _found(outside(0.2, repeats=4))
    assert few.status == "not_applicable"
    assert "Radiomics (4 repeats, 5 are needed)" in few.message


def test_families_on_networks_are_named():
    picks = pd.concat([PICKS["picks"], PICKS["picks"].assign(family="DL")])
    of = replace(evidence({"picks": picks}), draws={"outside": outside(0.1)}.get)
    assert "saw labels and patients as they are: DL." in judged(SelectedBeforeFolds(), of).message


def test_without_the_repeated_cross_validation_it_waits():
    for draws in (None, Draws(pd.DataFrame()), outside(np.nan, repeats=0, reason="not repeated")):
        assert "has not been computed yet" in _found(draws).message
    assert "no analysis with a model" in judged(SelectedBeforeFolds(), EMPTY).message
