"""SGA050: intervals that miss 0 or 1, curves off the diagonal, sets, units, and scores that are no probabilities."""

from __future__ import annotations

import pandas as pd
import pytest

from sgcore.audit.calibrated import Miscalibrated
from tests.audit.planted import STRICT, evidence
from tests.audit.planted_models import NAN, calibration

CHECK = Miscalibrated()
GOOD = (calibration("intercept", 0.1, -0.3, 0.5), calibration("slope", 0.9, 0.6, 1.2))


def run(*rows):
    return CHECK.run(evidence({"calibration": pd.DataFrame(rows)}, config=STRICT))


@pytest.mark.parametrize(
    ("measure", "low", "high", "words"),
    [
        ("intercept", 0.2, 1.0, "risks are too low (intercept above 0)"),
        ("intercept", -1.0, -0.2, "risks are too high (intercept below 0)"),
        ("slope", 0.2, 0.9, "risks are too extreme (slope below 1)"),
        ("slope", -0.2, 0.4, "not shown to rise with the label (slope below 1, 0 not excluded)"),
        ("slope", 1.1, 2.0, "risks are too close together (slope above 1)"),
    ],
)
def test_an_interval_that_misses_what_a_calibrated_model_has(measure, low, high, words):
    good = GOOD[1] if measure == "intercept" else GOOD[0]
    found = run(good, calibration(measure, (low + high) / 2, low, high))
    assert found.status == "finding"
    assert found.message.startswith("In the external set (by patient, 60 patients) risks are")
    assert f"{words}: Radiomics {(low + high) / 2:.2f} ({low:.2f} to {high:.2f})." in found.message
    assert "Of 2 intervals of intercept and slope 0.1 would miss" in found.message


def test_a_pass_says_from_where_on_it_would_have_been_a_finding():
    found = run(*GOOD)
    assert found.status == "passed"
    assert (
        "not shown to be miscalibrated: Radiomics intercept 0.10 (-0.30 to 0.50), slope 0.90" in found.message
    )
    assert "intercept 0.40 away from 0 and slope 0.30 away from 1" in found.message


def test_the_ici_counts_where_it_exceeds_what_chance_gives():
    assert run(*GOOD, calibration("ici", 0.1, 0.0, 0.2, by_chance=0.05)).status == "passed"
    found = run(*GOOD, calibration("ici", 0.15, 0.09, 0.25, by_chance=0.05))
    assert "the curve leaves the diagonal by more than chance" in found.message
    assert "Radiomics 0.15 (0.09 to 0.25; 0.05 by chance)" in found.message


def test_the_external_set_is_judged_all_centers_together_at_the_unit_of_the_settings():
    bad = {"ci_low": 0.1, "ci_high": 0.3}
    others = [
        calibration("slope", 0.2, 0.1, 0.3, **place)
        for place in ({"subset": "validation"}, {"center": "B"}, {"unit": "image"}, {"subset": "train"})
    ]
    assert run(*GOOD, *others).status == "passed"
    found = run(calibration("slope", 0.2, subset="validation", low=bad["ci_low"], high=bad["ci_high"]))
    assert found.status == "finding"
    assert "In the validation set (by patient" in found.message


def test_what_cannot_be_estimated_is_named_by_measure():
    missing = calibration("slope", NAN, NAN, NAN, reason="no finite slope, n = 29")
    found = run(GOOD[0], missing)
    assert found.status == "passed"
    assert "Not estimated: Radiomics, slope (no finite slope, n = 29)." in found.message
    scores = "not applicable: these are scores (margins or logits), not probabilities"
    none = run(*(calibration(name, NAN, NAN, NAN, reason=scores) for name in ("intercept", "slope")))
    assert none.status == "not_applicable"
    assert scores in none.message


def test_no_held_out_set_and_no_analysis():
    assert "held out" in run(calibration("slope", 1, 0.5, 1.5, subset="train")).message
    assert "no analysis" in CHECK.run(evidence({})).message
