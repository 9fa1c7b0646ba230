"""What of a calibration cannot be estimated, and why: few patients, separated classes, calls."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats.calibrate import calibration


def test_few_patients():
    y, p = np.array([0, 0, 1, 1, 0, 1]), np.array([0.2, 0.5, 0.4, 0.9, 0.6, 0.5])
    result = calibration(y, p, [0, 0, 1, 1, 0, 1])
    words = "fewer than 5 patients in a class (1 positive, 1 negative): no interval"
    for measure in (result.intercept, result.slope, result.scaled_brier):
        assert np.isfinite(measure.estimate)
        assert np.isnan([measure.ci_low, measure.ci_high]).all()
        assert measure.reason == words
    one = calibration(y, p, [0] * 6).brier
    assert (one.reason, np.isnan(one.ci_low)) == ("1 patient(s): no interval", True)


def test_four_patients_of_a_class_have_no_interval_of_intercept_and_slope():
    rng = np.random.default_rng(0)
    y, p = np.r_[np.ones(4), np.zeros(30)], rng.uniform(0.1, 0.9, 34)
    few = calibration(y, p)
    assert few.slope.reason == "fewer than 5 patients in a class (4 positive, 30 negative): no interval"
    assert np.isnan([few.slope.ci_low, few.intercept.ci_high]).all()
    # A fifth image of one of the four is no fifth patient.
    patients = np.r_[0, np.arange(34)]
    assert np.isnan(calibration(np.r_[1, y], np.r_[0.3, p], patients).slope.ci_low)
    assert np.isfinite(calibration(np.r_[1, y], np.r_[0.3, p]).slope.ci_low)


def test_separated_classes_have_no_slope():
    y, p = np.repeat([0, 1], 30), np.linspace(0.1, 0.9, 60)
    result = calibration(y, p)
    assert result.slope.reason == (
        "every positive case has a higher probability than every negative one: no finite slope, n = 60"
    )
    assert (
        result.ici.reason == "a curve of the probabilities separates the classes, or nearly: none fits best"
    )
    assert np.isfinite([result.intercept.estimate, result.intercept.ci_low, result.brier.ci_high]).all()
    upside_down = calibration(1 - y, p).slope.reason
    assert upside_down.startswith("every positive case has a lower probability than every negative one")


def test_classes_that_meet_at_one_probability_are_not_called_separated():
    # Negative cases at both values, positive ones at the higher alone: the classes overlap.
    y, p = np.r_[np.zeros(20), np.ones(10)], np.r_[np.full(12, 0.2), np.full(18, 0.455)]
    meet = "no positive case has a lower probability than a negative one (they meet at 0.455 alone)"
    assert calibration(y, p).slope.reason == f"{meet}: no finite slope, n = 30"
    meet = "no positive case has a higher probability than a negative one (they meet at 0.455 alone)"
    upside_down = calibration(y, np.where(p == 0.2, 0.7, p)).slope.reason
    assert upside_down == f"{meet}: no finite slope, n = 30"


def test_nearly_separated_classes():
    y, p = np.repeat([0, 1], 30), np.linspace(0.1, 0.9, 60)
    p[30] = p[29] - 1e-9
    slope = calibration(y, p).slope
    assert slope.estimate > 10 or slope.reason.startswith("the probabilities nearly separate the classes: no")


def test_an_intercept_of_the_cut_is_none():
    # One case of ten has a probability that is not cut: the intercept would be that of the millionth.
    y = np.repeat([1, 0], 5)
    few = calibration(y, np.r_[np.ones(5), np.zeros(4), 0.5], replicates=0)
    assert np.isnan(few.intercept.estimate)
    assert few.intercept.reason.startswith(
        "it hangs on where probabilities near 0 and 1 are cut (-6.10 at a millionth"
    )
    assert few.n_clipped == 9
    tiny = calibration(np.tile([0, 1], 20), np.linspace(1e-9, 2e-9, 40), replicates=0)
    assert np.isnan(tiny.intercept.estimate)
    # Many cases between: the few that are cut decide nothing.
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.95, 200)
    labels = (rng.random(200) < p).astype(int)
    p[0], labels[0] = 1.0, 1
    assert np.isfinite(calibration(labels, p, replicates=0).intercept.ci_low)


def test_calls_are_no_risks():
    # Their logits would be those of the millionth to which 0 and 1 are clipped.
    y = np.tile([0, 0, 1, 1], 10)
    result = calibration(y, np.tile([0, 1, 1, 1], 10))
    for measure in (result.intercept, result.slope, result.ici):
        assert np.isnan(measure.estimate)
        assert measure.reason
    assert result.slope.reason == "all 40 probabilities are 0 or 1, which are calls and no risks"
    assert result.brier.estimate == pytest.approx(0.25)


def test_one_case_says_why():
    result = calibration([1], [0.7])
    assert result.reason == "one class only (all positive), n = 1"
    assert np.isnan(result.brier.ci_low)


def test_one_class_leaves_the_brier_score():
    result = calibration([1, 1, 1, 1], [0.5, 0.9, 0.7, 1.0])
    reason = "one class only (all positive), n = 4"
    assert result.brier.estimate == pytest.approx((0.25 + 0.01 + 0.09) / 4)
    assert result.reason == reason
    for measure in (result.intercept, result.slope, result.scaled_brier, result.ici):
        assert np.isnan(measure.estimate)
        assert measure.reason == reason
    assert result.curve.empty
    assert result.curve_reason == reason
    assert result.grouped["n"].sum() == 4
