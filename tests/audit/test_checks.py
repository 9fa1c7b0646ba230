"""Each check finds its planted fault, passes without it, and says when it does not apply."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit import CHECKS
from sgcore.config import with_changes
from tests.audit import planted_data
from tests.audit.planted import (
    CLEAN,
    EMPTY,
    FAULTY,
    PAPER,
    by_code,
    features,
    frames,
    reader,
    two_patients,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_planted_fault_is_found_and_a_clean_study_passes(check):
    faulty, clean = planted_data.OWN.get(check.code, (FAULTY, CLEAN))
    assert check.run(faulty).status == "finding"
    assert check.run(faulty).remedy
    assert check.run(clean).status == "passed"
    assert check.run(EMPTY).status == planted_data.OF_EMPTY.get(check.code, "not_applicable")
    assert all(check.run(evidence).message for evidence in (faulty, clean, EMPTY))


def test_the_messages_hold_the_numbers():
    found = by_code(FAULTY)
    assert "2 of 2 patients" in found["SGA003"].message
    assert "1.70" in found["SGA003"].message
    assert "1 of the 1 selected features" in found["SGA010"].message
    assert "wavelet-LHH_glcm_SumEntropy" in found["SGA010"].message
    assert "1 of 2 features are numerical residue" in found["SGA010"].message
    assert "SVM, best of 2 on the external set" in found["SGA030"].message
    assert "opened 3 time" in found["SGA030"].message
    assert "0.900 and specificity 0.700" in found["SGA031"].message


@pytest.mark.parametrize("unit", ["patient", "image"])
def test_thresholds_say_their_unit_and_what_cannot_be_estimated(unit):
    known = frames()
    rows = known["evaluations"]
    rows.loc[(rows["subset"] == "external"), "specificity"] = np.nan
    evidence = replace(FAULTY, config=replace(PAPER, unit=unit), frame=reader(known))
    said = by_code(evidence)["SGA031"].message
    assert f"By {unit}: Radiomics: sensitivity 0.900 and specificity 0.700 in training, " in said
    assert said.endswith(
        "sensitivity 0.900 and specificity not estimable (no negative case) in the external set."
    )
    rows["threshold"] = -np.inf
    said = by_code(evidence)["SGA031"].message
    assert said.endswith(f"By {unit}: Radiomics: no threshold tells training cases apart.")


def test_residue_that_was_left_out_passes_and_is_still_named():
    config = with_changes(PAPER, selection__drop_residue=True)
    outcome = by_code(replace(FAULTY, config=config, frame=reader(frames(step="excluded"))))["SGA010"]
    assert outcome.status == "passed"
    assert "wavelet-LHH" in outcome.message
    assert "left out" in outcome.message


def test_a_residue_that_two_families_selected_is_one_feature():
    known = frames()
    known["selection"] = pd.concat([known["selection"], known["selection"].assign(family="Combined")])
    outcome = by_code(replace(FAULTY, frame=reader(known)))["SGA010"]
    assert "1 of the 1 selected features are among them (wavelet-LHH_glcm_SumEntropy)." in outcome.message


def test_one_real_response_clears_a_filter():
    residue = features(1e-16).residue
    residue.loc[0, "ratio"] = 0.1
    table = replace(features(1e-16), residue=residue)
    assert by_code(replace(FAULTY, features=table))["SGA010"].status == "passed"


def test_muting_needs_a_finding_and_keeps_the_reason():
    muted = {"SGA003": "one image each in the main analysis"}
    found = by_code(replace(FAULTY, study=two_patients(muted=muted)))
    assert found["SGA003"].status == "muted"
    assert muted["SGA003"] in found["SGA003"].message
    assert by_code(replace(CLEAN, study=two_patients(1, muted)))["SGA003"].status == "passed"


def test_codes_are_in_order_and_once():
    codes = [check.code for check in CHECKS]
    assert codes == sorted(set(codes))
