"""Calibration against statsmodels' GLM and closed forms, its intervals, and what has none."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from scipy.stats import norm
from scipy.stats import t as student

from sgcore.stats.calibrate import EPS, calibration


def clustered(
    seed: int, patients: int = 100, images: int = 3, stretch: float = 1.0
) -> tuple[np.ndarray, ...]:
    """Half positive patients; the logits are right by image, times ``stretch``."""
    rng = np.random.default_rng(seed)
    label = np.arange(patients) % 2
    own = np.sqrt(0.7) * rng.normal(size=patients)[:, None]
    value = 1.4 * label[:, None] + own + np.sqrt(0.3) * rng.normal(size=(patients, images))
    margin = stretch * (1.4 * value.ravel() - 1.4**2 / 2)
    return np.repeat(label, images), expit(margin), np.repeat(np.arange(patients), images)


def glm(y: np.ndarray, design: np.ndarray, **options: object):
    offset = options.pop("offset", None)
    return sm.GLM(y, design, family=sm.families.Binomial(), offset=offset).fit(**options)


@pytest.mark.parametrize("seed", range(3))
def test_agrees_with_the_clustered_glm(seed):
    y, p, groups = clustered(seed, patients=40, stretch=1.5)
    result = calibration(y, p, groups, replicates=0)
    options = {"cov_type": "cluster", "cov_kwds": {"groups": groups}, "tol": 1e-12, "maxiter": 200}
    quantile = student.isf(0.025, 39)
    ones = np.ones((y.size, 1))
    for measure, design, index, extra in (
        (result.intercept, ones, 0, {"offset": logit(p)}),
        (result.slope, np.column_stack([ones, logit(p)]), 1, {}),
    ):
        expected = glm(y, design, **options, **extra)
        assert measure.estimate == pytest.approx(expected.params[index], rel=1e-9)
        width = quantile * expected.bse[index]
        assert measure.ci_low == pytest.approx(measure.estimate - width, rel=1e-8)
        assert measure.ci_high == pytest.approx(measure.estimate + width, rel=1e-8)
        assert measure.method.endswith("Wald, clustered by patient")


def test_own_patients_give_the_plain_robust_interval():
    y, p, _ = clustered(5, patients=40)
    x = np.column_stack([np.ones(y.size), logit(p)])
    expected = glm(y, x, cov_type="HC0", tol=1e-12)
    # HC1 is HC0 times n / (n - 2), a factor that statsmodels' GLM leaves out.
    width = norm.isf(0.025) * expected.bse[1] * np.sqrt(y.size / (y.size - 2))
    low, high = expected.params[1] - width, expected.params[1] + width
    alone, plain = calibration(y, p, np.arange(y.size), replicates=50), calibration(y, p, replicates=50)
    assert (plain.slope.ci_low, plain.slope.ci_high) == pytest.approx((low, high), rel=1e-8)
    assert plain.slope.method == "logistic, Wald, robust"
    for name in ("intercept", "slope", "brier", "scaled_brier", "ici"):
        assert getattr(alone, name) == getattr(plain, name)


def test_brier_by_hand():
    y, p = np.array([0, 0, 1, 1, 1]), np.array([0.1, 0.4, 0.3, 0.8, 1.0])
    errors = np.array([0.01, 0.16, 0.49, 0.04, 0.0])
    result = calibration(y, p)
    assert result.brier.estimate == pytest.approx(0.14)
    width = norm.isf(0.025) * errors.std(ddof=1) / np.sqrt(5)
    assert result.brier.ci_high == pytest.approx(0.14 + width)
    assert result.brier.ci_low == 0  # cut: 0.14 - width is negative
    assert result.scaled_brier.estimate == pytest.approx(1 - 0.14 / 0.24)
    assert (result.n_cases, result.n_pos, result.n_neg, result.n_patients) == (5, 3, 2, 5)
    by_patient = calibration(y, p, [0, 0, 1, 1, 2])
    totals = np.array([0.17 - 0.28, 0.53 - 0.28, 0.0 - 0.14])
    half = student.isf(0.025, 2) * np.sqrt(3 / 2 * (totals**2).sum()) / 5
    assert by_patient.brier.ci_high == pytest.approx(min(1, 0.14 + half))


def test_scaled_brier_agrees_with_a_patient_bootstrap():
    y, p, groups = clustered(6, patients=80)
    result = calibration(y, p, groups, replicates=0).scaled_brier
    images, rng, values = np.arange(y.size).reshape(80, 3), np.random.default_rng(0), []
    for _ in range(1500):
        take = images[rng.integers(0, 80, 80)].ravel()
        values.append(1 - ((p[take] - y[take]) ** 2).mean() / y[take].var())
    half = (result.ci_high - result.ci_low) / 2 / student.isf(0.025, 79)
    assert np.std(values) == pytest.approx(half, rel=0.1)


def test_the_prevalence_as_the_only_probability():
    y = np.arange(300) % 3 == 0
    result = calibration(y, np.full(300, 1 / 3))
    assert result.intercept.estimate == pytest.approx(0, abs=1e-9)
    assert result.scaled_brier.estimate == pytest.approx(0, abs=1e-12)
    assert result.slope.reason == "all 300 probabilities are equal (0.333): no slope"
    assert result.ici.reason == "too few distinct probabilities for a curve (1 of 300 cases)"
    assert result.curve_reason == result.ici.reason
    assert len(result.grouped) == 1


def test_shifts_and_stretches_are_found():
    y, p, groups = clustered(7)
    plain = calibration(y, p, groups, replicates=0)
    moved = calibration(y, expit(2 * logit(p) + 0.5), groups, replicates=0)
    assert moved.slope.estimate == pytest.approx(plain.slope.estimate / 2, rel=1e-8)
    assert moved.slope.ci_high == pytest.approx(plain.slope.ci_high / 2, rel=1e-8)
    lower = calibration(y, expit(logit(p) - 0.8), groups, replicates=0)
    assert lower.intercept.estimate == pytest.approx(plain.intercept.estimate + 0.8, abs=1e-9)
    # The spline knows no unit either: the same curve over moved probabilities.
    assert lower.ici.estimate > 2 * plain.ici.estimate


def test_the_other_class_mirrors():
    y, p, groups = clustered(8, stretch=1.4)
    one, two = calibration(y, p, groups), calibration(1 - y, 1 - p, groups)
    assert two.intercept.estimate == pytest.approx(-one.intercept.estimate, abs=1e-9)
    assert two.intercept.ci_low == pytest.approx(-one.intercept.ci_high, abs=1e-8)
    for name in ("slope", "brier", "scaled_brier", "ici"):
        for part in ("estimate", "ci_low", "ci_high"):
            expected = getattr(getattr(one, name), part)
            assert getattr(getattr(two, name), part) == pytest.approx(expected, rel=1e-6)


def test_clipped_probabilities_are_counted_and_do_not_run_away():
    rng = np.random.default_rng(9)
    y = np.repeat([0, 1], 60)
    p = np.where(rng.random(120) < 0.8, y, 1 - y).astype(float)
    p[::3] = 0.5
    result = calibration(y, p, replicates=50)
    assert result.n_clipped == 80
    clipped = np.clip(p, EPS, 1 - EPS)
    # The defining equation of the intercept, which statsmodels' iteration misses by far here.
    assert expit(logit(clipped) + result.intercept.estimate).sum() == pytest.approx(60, abs=1e-6)
    assert 0 < result.slope.estimate < 0.5
    assert result.brier.estimate == pytest.approx(((p - y) ** 2).mean())


@pytest.mark.parametrize(
    ("y", "p", "options", "words"),
    [
        ([], [], {}, "no cases"),
        ([0, 1], [0.2, np.nan], {}, "the probability of 1 of 2 cases is missing"),
        ([0, np.nan], [0.2, 0.3], {}, "the label of 1 of 2 cases is missing"),
        ([0, 1], [0.2, 0.3], {"groups": ["a", None]}, "the patient of 1 of 2 cases is missing"),
        ([0, 1], [-3.0, 2.0], {"kind": "score"}, "not applicable: these are scores (margins or logits)"),
    ],
)
def test_reasons(y, p, options, words):
    result = calibration(y, p, **options)
    assert result.reason.startswith(words)
    frame = result.frame()
    assert list(frame["measure"]) == ["intercept", "slope", "brier", "scaled_brier", "ici"]
    assert frame[["estimate", "ci_low", "ci_high"]].isna().to_numpy().all()
    assert (frame["reason"] == result.reason).all()
    assert result.curve.empty
    assert result.grouped.empty
    assert result.curve_reason == result.reason
    assert result.n_clipped == 0


@pytest.mark.parametrize(
    ("p", "options", "words"),
    [
        ([0.1], {}, "y_prob has 1 values"),
        ([0.1, 1.2], {}, r"y_prob holds 1\.2"),
        ([0.1, np.inf], {}, "y_prob holds inf"),
        ([0.1, 0.2], {"kind": "margin"}, "choose probability or score"),
        ([0.1, 0.2], {"level": 1.0}, r"level is 1\.0"),
        ([0.1, 0.2], {"replicates": 0.5}, r"replicates is 0\.5"),
    ],
)
def test_refusals(p, options, words):
    with pytest.raises(ValueError, match=words):
        calibration([0, 1], p, **options)


def test_slope_interval_covers():
    # 60 patients with 3 images; the logits are twice too large, so that the slope is 1/2. 200 replicates
    # have a standard error of 1.5 points. Images taken for patients cover far too rarely.
    hits = {"patients": 0, "images": 0}
    for seed in range(200):
        y, p, groups = clustered(1000 + seed, patients=60, stretch=2)
        for name, patients in (("patients", groups), ("images", None)):
            slope = calibration(y, p, patients, replicates=0).slope
            hits[name] += slope.ci_low <= 0.5 <= slope.ci_high
    assert 0.91 <= hits["patients"] / 200 <= 0.985
    assert hits["images"] / 200 <= 0.88
