"""SGA071: maps that do not depend on the weights."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sgcore.explain.map_checks import summarize
from tests.audit.planted import by_code, evidence, many_patients, network, randomization

STUDY = many_patients(5)
CASES = STUDY.cases()
NOISE = np.random.default_rng(0).uniform(-0.1, 0.1, len(CASES))
LOW = 0.1 + NOISE


def _found(negative, positive, cases=CASES, seeds=(1, 2)):
    rhos = np.c_[np.broadcast_to(negative, len(cases)), np.broadcast_to(positive, len(cases))]
    known = {"networks": pd.DataFrame([network()]), "map_randomization": randomization(cases, rhos, seeds)}
    return by_code(evidence(known, STUDY))["SGA071"]


def test_maps_that_stay_without_learning_are_found_by_class():
    rho = 0.7 + NOISE
    found = _found(LOW, rho)
    assert (found.status, found.severity) == ("finding", "warning")
    assert found.message.startswith("The maps of 'p' would look alike")
    known = summarize(rho, CASES["patient_id"])
    assert f"'p' {known.mean:.2f} ({known.ci_low:.2f} to {known.ci_high:.2f}; 10 patients)" in found.message
    assert "drawn anew (2 times)" in found.message
    assert _found(rho, rho).message.startswith("The maps of 'n' and 'p' would look alike")
    table = found.evidence
    assert table["rho"].iloc[0] == pytest.approx(rho.max())
    assert (table["n_networks"] == 2).all()
    assert len(table) == 2 * len(CASES)


def test_maps_that_change_pass_with_what_could_have_been_found():
    found = _found(LOW, LOW)
    assert found.status == "passed"
    known = summarize(LOW, CASES["patient_id"])
    limit = 0.5 + (known.ci_high - known.ci_low) / 2
    assert f"a finding above {limit:.2f} ('n'), {limit:.2f} ('p')." in found.message
    assert "maps of two untrained networks differ, too" in found.message


def test_an_interval_that_holds_the_limit_is_no_finding():
    wide = np.where(CASES["y"] == 1, 0.9, 0.2)
    assert wide.mean() > 0.5
    assert _found(LOW, wide).status == "passed"


def test_more_draws_of_one_patient_do_not_narrow_the_interval():
    few, many = _found(LOW, LOW), _found(LOW, LOW, seeds=range(10))
    assert few.message.replace("(2 times)", "(10 times)") == many.message


def test_re_drawn_networks_that_disagree_are_shown():
    # The same pattern in all of them, with either sign: their mean alone would say that nothing is alike.
    rows = randomization(CASES, np.c_[LOW, LOW])
    positive = rows["target"] == 1
    rows.loc[positive, "rho"] = np.where(rows.loc[positive, "seed"] == 1, 0.9, -0.7)
    known = {"networks": pd.DataFrame([network()]), "map_randomization": rows}
    found = by_code(evidence(known, STUDY))["SGA071"]
    assert "re-drawn networks, whose single means lie from 0.10 to 0.10 ('n'), from -0.70 to 0.90 ('p')." in (
        found.message
    )


def test_maps_without_a_correlation_are_counted():
    holes = LOW.copy()
    holes[:3] = np.nan
    found = _found(holes, LOW)
    assert (
        "6 of 80 pairs of maps have no value, most often because the network's map is zero" in found.message
    )
    one_class = _found(np.nan, LOW)
    assert one_class.status == "passed"
    assert "'n' not estimable (no image has a value)" in one_class.message
    assert "lie from 0." in one_class.message
    assert "nan" not in one_class.message


def test_it_does_not_apply_where_nothing_can_be_compared():
    found = _found(np.nan, np.nan)
    assert found.status == "not_applicable"
    assert found.message == (
        "None of 80 pairs of maps could be compared, most often because the network's map is zero everywhere."
    )
    silent = randomization(CASES, np.full((len(CASES), 2), np.nan)).assign(reason=None)
    known = {"networks": pd.DataFrame([network()]), "map_randomization": silent}
    assert "no reason is recorded" in by_code(evidence(known, STUDY))["SGA071"].message
    alone = _found(0.9, 0.9, CASES.iloc[:2])
    assert alone.status == "not_applicable"
    assert alone.message.startswith("No class has two patients")
    few = _found([0.1, 0.9], [0.1, 0.9], CASES.iloc[[0, 2]])
    assert few.status == "not_applicable"
    assert few.message.startswith("Too few patients: no interval could lie above 0.5.")
