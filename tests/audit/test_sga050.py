"""SGA050: intervals that miss 0 or 1, curves off the diagonal, sets, units, and scores that are no probabilities."""

from __future__ import annotations

import pandas as pd
import pytest
from scipy.stats import norm, t

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
    assert "Judged at p < 0.05 after Holm's correction over 2 interval(s)" in found.message


def test_a_pass_says_from_where_on_it_would_have_been_a_finding():
    found = run(*GOOD)
    assert found.status == "passed"
    assert (
        "not shown to be miscalibrated: Radiomics intercept 0.10 (-0.30 to 0.50), slope 0.90" in found.message
    )
    # The first of two has to miss at 1 - 0.05 / 2: 2.24 standard errors in place of 1.96.
    wider = norm.isf(0.0125) / norm.isf(0.025)
    away = f"intercept {0.4 * wider:.2f} away from 0 and slope {0.3 * wider:.2f} away from 1"
    assert away in found.message


def test_one_of_ten_intervals_that_misses_may_be_chance():
    families = ("US", "DL", "RadiomicsDL", "Combined")
    others = [row | {"family": family} for row in GOOD for family in families]
    missed = calibration("slope", 0.7, 0.45, 0.95)
    assert run(GOOD[0], missed).status == "finding"
    found = run(GOOD[0], missed, *others)
    assert found.status == "passed"
    p = 10 * 2 * norm.sf(0.3 / (0.25 / norm.isf(0.025)))
    assert f"though the 95% interval misses: slope of Radiomics (p {p:.2f})" in found.message
    assert run(GOOD[0], calibration("slope", 0.4, 0.2, 0.6), *others).status == "finding"


def test_few_patients_with_several_images_are_judged_by_students_t():
    near = {"n_patients": 8, "method": "logistic, Wald, clustered by patient"}
    # 2.3 standard errors: p 0.02 by the normal, 0.055 by t with 7 degrees of freedom.
    half = t.isf(0.025, 7)
    rows = [calibration("slope", 3.3, 3.3 - half, 3.3 + half, **near)]
    assert run(*rows).status == "passed"
    half = norm.isf(0.025)
    assert run(calibration("slope", 3.3, 3.3 - half, 3.3 + half)).status == "finding"


def test_the_ici_is_told_and_not_judged():
    said = "above that of chance in Radiomics 0.15 (0.09 to 0.25; 0.05 by chance)"
    below = run(*GOOD, calibration("ici", 0.1, 0.0, 0.2, by_chance=0.05))
    assert "above that of chance" not in below.message
    found = run(*GOOD, calibration("ici", 0.15, 0.09, 0.25, by_chance=0.05))
    assert found.status == "passed"
    assert said in found.message
    assert (
        said
        in run(
            GOOD[0], calibration("slope", 0.2, 0.1, 0.3), calibration("ici", 0.15, 0.09, 0.25, by_chance=0.05)
        ).message
    )


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
