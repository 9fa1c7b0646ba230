"""Net benefit: counts by hand, identities, prevalence shift, patient band, reasons."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit

from sgcore.stats.net_benefit import decision_curve

THRESHOLDS = np.arange(1, 100) / 100


def clustered(seed: int, patients: int = 60, images: int = 3) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    label = np.arange(patients) % 2
    own = 1.4 * label + rng.normal(size=patients)
    margin = np.repeat(own, images) + 0.6 * rng.normal(size=patients * images) - 0.7
    return np.repeat(label, images), expit(margin), np.repeat(np.arange(patients), images)


def test_by_hand():
    y = [1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    p = [0.9, 0.5, 0.1, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.0]
    result = decision_curve(y, p, thresholds=[0.2, 0.5, 0.75], replicates=0)
    # (true positives - false positives x odds of the threshold) / n; 0.5 and 0.2 themselves are treated.
    np.testing.assert_allclose(
        result.net_benefit, [(2 - 5 * 0.25) / 10, (2 - 2 * 1) / 10, (1 - 0) / 10], atol=1e-15
    )
    np.testing.assert_allclose(result.sensitivity, [2 / 3, 2 / 3, 1 / 3])
    np.testing.assert_allclose(result.specificity, [2 / 7, 5 / 7, 1])
    assert (result.prevalence, result.prevalence_source) == (0.3, "study mix, not your clinic")
    assert (result.n_pos, result.n_neg, result.n_patients, result.replicates) == (3, 7, 10, 0)
    assert np.isnan(result.low).all()
    assert result.reason == ""


def test_treating_all_and_none():
    y, p, groups = clustered(0)
    result = decision_curve(y, p, groups, thresholds=THRESHOLDS)
    pi = y.mean()
    np.testing.assert_allclose(result.treat_all, pi - (1 - pi) * THRESHOLDS / (1 - THRESHOLDS), atol=1e-14)
    np.testing.assert_array_equal(result.treat_none, 0)
    everybody = decision_curve(y, np.ones(y.size), groups, thresholds=THRESHOLDS)
    np.testing.assert_allclose(everybody.net_benefit, everybody.treat_all, atol=1e-12)
    np.testing.assert_allclose(everybody.low, everybody.high, atol=1e-12)
    nobody = decision_curve(y, np.zeros(y.size), groups, thresholds=THRESHOLDS)
    np.testing.assert_array_equal(nobody.net_benefit, nobody.treat_none)
    assert decision_curve(y, p, thresholds=[0.0], replicates=0).net_benefit[0] == pytest.approx(pi)


@pytest.mark.parametrize("prevalence", [None, 0.15])
def test_a_perfect_model_is_worth_the_prevalence(prevalence):
    y, _, groups = clustered(0)
    result = decision_curve(
        y, y, groups, thresholds=THRESHOLDS, prevalence=prevalence, train_prevalence=0.5, replicates=50
    )
    for values in (result.net_benefit, result.low, result.high):
        np.testing.assert_allclose(values, prevalence or y.mean(), atol=1e-14)


@pytest.mark.parametrize(("prevalence", "train"), [(0.1, 0.5), (0.6, 0.3)])
def test_target_prevalence_shifts_the_logits(prevalence, train):
    y, p, groups = clustered(1)
    result = decision_curve(
        y, p, groups, thresholds=THRESHOLDS, prevalence=prevalence, train_prevalence=train, replicates=0
    )
    shift = np.log(prevalence / (1 - prevalence)) - np.log(train / (1 - train))
    assert result.shift == pytest.approx(shift)
    assert (result.prevalence, result.prevalence_source) == (prevalence, "target")
    for t, value in zip(THRESHOLDS, result.net_benefit, strict=True):
        treated = logit(p) + shift >= logit(t)
        se, fpr = treated[y == 1].mean(), treated[y == 0].mean()
        assert value == pytest.approx(se * prevalence - fpr * (1 - prevalence) * t / (1 - t), abs=1e-12)


def test_the_mix_of_the_clinic_recovers_its_own_net_benefit():
    # Cases drawn half and half, probabilities right for that mix: moved to a clinic of 10% they do what
    # the right probabilities do in cases of that clinic, and better than when they are not moved.
    rng = np.random.default_rng(2)
    t = np.array([0.1, 0.2, 0.4])

    def draw(share: float) -> tuple[np.ndarray, np.ndarray]:
        y = (rng.random(400_000) < share).astype(int)
        return y, 1.5 * (rng.normal(size=y.size) + 1.5 * y) - 1.5**2 / 2

    y, margin = draw(0.5)
    moved = decision_curve(y, expit(margin), thresholds=t, prevalence=0.1, train_prevalence=0.5, replicates=0)
    clinic, clinic_margin = draw(0.1)
    there = decision_curve(clinic, expit(clinic_margin + logit(0.1)), thresholds=t, replicates=0)
    np.testing.assert_allclose(moved.net_benefit, there.net_benefit, atol=0.003)
    unmoved = decision_curve(
        y, expit(margin), thresholds=t, prevalence=0.1, train_prevalence=0.1, replicates=0
    )
    assert (moved.net_benefit > unmoved.net_benefit + 0.01).all()


def test_training_prevalence_alone_changes_nothing():
    y, p, groups = clustered(1)
    with_it = decision_curve(y, p, groups, thresholds=THRESHOLDS, train_prevalence=0.2, replicates=0)
    without = decision_curve(y, p, groups, thresholds=THRESHOLDS, replicates=0)
    np.testing.assert_array_equal(with_it.net_benefit, without.net_benefit)
    assert with_it.shift == 0


def test_band_agrees_with_a_bootstrap_written_out():
    y, p, groups = clustered(3, patients=40)
    t = np.array([0.2, 0.5, 0.7])
    result = decision_curve(y, p, groups, thresholds=t, replicates=4000)
    rng, draws = np.random.default_rng(9), []
    rows = [np.flatnonzero(groups == patient) for patient in range(40)]
    for _ in range(2000):
        drawn = np.r_[rng.choice(np.arange(0, 40, 2), 20), rng.choice(np.arange(1, 40, 2), 20)]
        take = np.concatenate([rows[patient] for patient in drawn])
        draws.append(decision_curve(y[take], p[take], thresholds=t, replicates=0).net_benefit)
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    np.testing.assert_allclose(result.low, low, atol=0.012)
    np.testing.assert_allclose(result.high, high, atol=0.012)
    assert (result.low < result.net_benefit).all()
    assert (result.net_benefit < result.high).all()


def test_patients_make_the_band_wider_than_images_do():
    y, p, groups = clustered(4)
    by_patient = decision_curve(y, p, groups, thresholds=[0.5])
    by_image = decision_curve(y, p, thresholds=[0.5])
    assert by_patient.net_benefit == by_image.net_benefit
    assert by_patient.high - by_patient.low > 1.2 * (by_image.high - by_image.low)
    singletons = decision_curve(y, p, np.arange(y.size), thresholds=[0.5])
    assert (singletons.low, singletons.high) == (by_image.low, by_image.high)


def test_band_is_repeatable_and_nested():
    y, p, groups = clustered(5)
    one, two, wide, other = (
        decision_curve(y, p, groups, thresholds=THRESHOLDS, level=level, seed=seed).low
        for level, seed in ((0.9, 1), (0.9, 1), (0.99, 1), (0.9, 2))
    )
    np.testing.assert_array_equal(one, two)
    assert (wide <= one).all()
    assert (other != one).any()


def test_a_rare_class_is_in_every_resample():
    # Of 32 patients 2 are positive: drawn together, one resample in eight would have none.
    y = np.r_[1, 1, np.zeros(30)]
    result = decision_curve(y, np.linspace(0.9, 0.1, 32), thresholds=[0.3], replicates=300)
    assert result.replicates == 300


def test_patients_with_both_classes():
    # Every patient has a positive case: some resamples have no negative one, and are left out.
    y, p = [1, 0, 1, 0, 1, 1], [0.9, 0.2, 0.6, 0.7, 0.3, 0.8]
    result = decision_curve(y, p, [0, 0, 1, 1, 2, 3], thresholds=[0.5], replicates=500)
    assert (result.groups_pos, result.groups_neg, result.n_groups) == (4, 2, 4)
    assert 400 < result.replicates < 500
    assert f"from {result.replicates} resamples" in result.method
    assert np.isfinite([*result.low, *result.high]).all()


def test_frame():
    y, p, groups = clustered(6)
    result = decision_curve(y, p, groups, thresholds=[0.3, 0.1], replicates=20)
    frame = result.frame()
    assert list(frame) == [
        "threshold", "net_benefit", "low", "high", "treat_all", "treat_none", "sensitivity", "specificity",
    ]  # fmt: skip
    assert list(frame["threshold"]) == [0.3, 0.1]


@pytest.mark.parametrize(
    ("y", "p", "options", "words"),
    [
        ([1, 1, 1], [0.1, 0.2, 0.3], {}, "one class only (all positive), n = 3"),
        ([], [], {}, "no cases"),
        ([0, 1], [0.1, np.nan], {}, "the probability of 1 of 2 cases is missing"),
        ([0, np.nan], [0.1, 0.4], {}, "the label of 1 of 2 cases is missing"),
        ([0, 1], [0.1, 0.4], {"thresholds": None}, "not applicable: the study file does not say"),
        ([0, 1], [0.1, 0.4], {"thresholds": []}, "not applicable: the study file does not say"),
        ([0, 1], [-1.2, 3.0], {"kind": "score"}, "not applicable: these are scores"),
        ([0, 1], [0.1, 0.4], {"prevalence": 0.1}, "not applicable: a target prevalence moves"),
    ],
)
def test_reasons(y, p, options, words):
    result = decision_curve(y, p, **{"thresholds": [0.2, 0.5], **options})
    assert result.reason.startswith(words)
    assert result.method == "not estimated"
    assert result.frame().drop(columns="threshold").isna().to_numpy().all()


def test_one_patient_in_a_class_has_a_curve_without_band():
    result = decision_curve([0, 0, 0, 1], [0.1, 0.2, 0.6, 0.7], thresholds=[0.5])
    assert result.reason == "fewer than 2 patients in a class (1 positive, 3 negative): no band"
    assert result.net_benefit[0] == pytest.approx(0.25 - 0.25)
    assert np.isnan(result.low[0])
    assert result.replicates == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"thresholds": [0.5, 1.0]}, "thresholds hold 1"),
        ({"thresholds": [np.nan]}, "thresholds hold nan"),
        ({"prevalence": 1.0}, "prevalence is 1.0"),
        ({"train_prevalence": 0}, "train_prevalence is 0"),
        ({"level": 95}, "level is 95"),
        ({"replicates": -1}, "replicates is -1"),
        ({"kind": "logit"}, "choose probability or score"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(ValueError, match=words):
        decision_curve([0, 1], [0.1, 0.9], **{"thresholds": [0.5], **options})


def test_refused_arrays():
    with pytest.raises(ValueError, match="y_prob has 1 values"):
        decision_curve([0, 1], [0.1], thresholds=[0.5])
    with pytest.raises(ValueError, match=r"y_prob holds 1\.5"):
        decision_curve([0, 1], [0.1, 1.5], thresholds=[0.5])
