"""SGA060: raw p that does not stand, cases that are left out, and nothing compared."""

from __future__ import annotations

import pandas as pd

from sgcore.audit.paired import LooseComparisons
from tests.audit.planted import STRICT, evidence
from tests.audit.planted_models import NAN, RADIOMICS, comparison

CHECK = LooseComparisons()


def run(*rows):
    known = {"comparisons": pd.DataFrame(rows), "picks": pd.DataFrame([RADIOMICS])}
    return CHECK.run(evidence(known, config=STRICT))


def test_a_difference_that_only_the_raw_p_supports_is_named():
    found = run(comparison(p=0.02, p_adjusted=0.2), comparison(b="DL", p=0.6, p_adjusted=1.0))
    assert found.status == "finding"
    assert found.message.startswith("1 of 2 differences have p below 0.05 only before Holm's correction")
    assert (
        "US minus Radiomics in the external set -0.20 (-0.39 to -0.01), p = 0.020, adjusted 0.200 (29 patients)"
        in found.message
    )
    assert "No difference has p below 0.05 after the correction, which shows no equality." in found.message


def test_a_pass_names_what_stands_and_what_could_have_been_seen():
    found = run(comparison(p=0.001, p_adjusted=0.01), comparison(b="DL", p=0.6, p_adjusted=0.6))
    assert found.status == "passed"
    assert (
        "All 2 differences between families in the external set are paired (DeLong), on the same cases"
        in found.message
    )
    assert "Below 0.05 after the correction: US minus Radiomics" in found.message
    assert "had to be about 0.19 in the external set (29 patients)" in found.message


def test_cases_that_one_model_lacks_are_counted():
    found = run(comparison(n_left_out=4, p=0.5, p_adjusted=0.5))
    assert found.status == "finding"
    assert "1 of 1 pairs leave out up to 4 images that only one of the two scored" in found.message


def test_families_on_held_out_sets_at_the_unit_of_the_settings_count():
    loose = {"p": 0.02, "p_adjusted": 0.2}
    others = [
        comparison(**loose, **place)
        for place in (
            {"kind": "classifiers", "family": "DL"},
            {"center": "B"},
            {"unit": "image"},
            {"subset": "train"},
        )
    ]
    assert run(comparison(), *others).status == "passed"
    inside = run(comparison(), comparison(subset="validation", **loose))
    assert inside.status == "finding"
    assert "in the validation set -0.20" in inside.message


def test_pairs_without_an_answer_are_told():
    none = comparison(
        b="DL", p=NAN, p_adjusted=NAN, ci_low=NAN, ci_high=NAN, reason="no case is scored by both"
    )
    assert "Not compared: US and DL (no case is scored by both)." in run(comparison(), none).message
    assert run(none).status == "not_applicable"


def test_a_small_p_is_no_zero():
    message = run(comparison(p=0.0000012, p_adjusted=0.00001)).message
    assert "p < 0.001, adjusted < 0.001 (" in message


def test_nothing_to_compare():
    assert "There is one model: nothing was compared." in run().message
    assert "held out" in run(comparison(subset="train")).message
    assert "One family has a model" in run(comparison(kind="classifiers")).message
    assert "no analysis" in CHECK.run(evidence({})).message
