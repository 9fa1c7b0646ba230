"""SGA021: stability of the selection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sgcore.audit.stable_selection import UnstableSelection
from tests.audit.planted import EMPTY, evidence
from tests.audit.planted_draws import Draws, judged, stability

TRACE = {"selection": pd.DataFrame({"family": ["Radiomics"], "feature": ["f1"], "p": [0.01]})}


def _found(draws):
    of = replace(evidence(TRACE), draws={"stability": draws}.get)
    return judged(UnstableSelection(), of)


def test_a_selection_that_hardly_returns_is_found():
    found = _found(stability(0.21, n_empty=7))
    assert (found.status, found.severity, found.page) == ("finding", "warning", "features-selection")
    assert found.message.startswith("Poor stability (below 0.40): Radiomics.")
    assert "Radiomics 0.21 (0.16 to 0.26), 4.2 of 50 features a draw, none in 7 draws" in found.message
    assert (
        "1 of the model's 2 features return in at least half of the draws (f1 90%, f2 30%)" in found.message
    )
    assert "error of the draws" in found.message
    assert "more draws could say otherwise" not in found.message
    assert list(found.evidence["feature"]) == ["f1", "f2", "f3"]
    assert found.remedy


@pytest.mark.parametrize(
    ("phi", "status"), [(0.39, "finding"), (0.40, "passed"), (0.8, "passed"), (-0.01, "finding")]
)
def test_the_limit_is_nogueiras(phi, status):
    assert _found(stability(phi)).status == status


def test_near_the_limit_more_draws_may_decide():
    assert "Of Radiomics more draws could say otherwise." in _found(stability(0.38)).message


def test_a_pass_names_the_limits_and_the_error():
    found = _found(stability(0.8, half=0.03))
    assert "Below 0.40" in found.message
    assert "known to within 0.03" in found.message


def test_long_models_name_three_features():
    many = [(f"f{i}", 0.9 - i / 10, True) for i in range(8)]
    said = _found(stability(0.2, frequencies=many)).message
    assert "(f0 90%, f1 80%, f2 70% and 5 less often)" in said
    assert "5 of the model's 8 features" in said


def test_an_undefined_stability_is_no_pass():
    found = _found(stability(np.nan, reason="all 100 draws select nothing"))
    assert found.status == "not_applicable"
    assert "Radiomics (all 100 draws select nothing)" in found.message


def test_one_family_may_be_undefined():
    fine, none = stability(0.8), stability(np.nan, family="US", reason="one feature only")
    both = Draws(pd.concat([fine.rows, none.rows]), fine.detail, draws=30)
    found = _found(both)
    assert found.status == "passed"
    assert "Not estimated: US (one feature only)." in found.message
    assert "over 30 draws of the usual 100" in found.message


def test_families_on_networks_are_named():
    trace = pd.DataFrame({"family": ["Radiomics", "Combined"], "feature": "f1", "p": 0.01})
    of = replace(evidence({"selection": trace}), draws={"stability": stability(0.8)}.get)
    assert "saw labels and patients as they are: Combined." in judged(UnstableSelection(), of).message


def test_what_is_not_there_is_said():
    assert "no analysis with a model" in judged(UnstableSelection(), EMPTY).message
    for draws in (None, Draws(pd.DataFrame())):
        assert "has not been computed yet" in _found(draws).message
