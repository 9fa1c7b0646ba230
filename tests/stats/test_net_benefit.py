"""Net benefit: counts by hand, identities, prevalence shift, MOVER band, reasons."""

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
    result = decision_curve(y, p, thresholds=[0.2, 0.5, 0.75])
    # (true positives - false positives x odds of the threshold) / n; 0.5 and 0.2 themselves are treated.
    np.testing.assert_allclose(
        result.net_benefit, [(2 - 5 * 0.25) / 10, (2 - 2 * 1) / 10, (1 - 0) / 10], atol=1e-15
    )
    np.testing.assert_allclose(result.sensitivity, [2 / 3, 2 / 3, 1 / 3])
    np.testing.assert_allclose(result.specificity, [2 / 7, 5 / 7, 1])
    assert (result.prevalence, result.prevalence_source) == (0.3, "study mix, not your clinic")
    assert (result.n_pos, result.n_neg, result.n_patients) == (3, 7, 10)
    assert np.isnan(result.low).all()
    assert result.reason == "fewer than 5 patients in a class (3 positive, 7 negative): no band"


def test_treating_all_and_none():
    y, p, groups = clustered(0)
    result = decision_curve(y, p, groups, thresholds=THRESHOLDS)
    pi = y.mean()
    np.testing.assert_allclose(result.treat_all, pi - (1 - pi) * THRESHOLDS / (1 - THRESHOLDS), atol=1e-14)
    np.testing.assert_array_equal(result.treat_none, 0)
    everybody = decision_curve(y, np.ones(y.size), groups, thresholds=THRESHOLDS)
    np.testing.assert_allclose(everybody.net_benefit, everybody.treat_all, atol=1e-12)
    assert np.isnan(everybody.low).all()
    assert everybody.reason == "all 180 probabilities are equal (1): no band"
    nobody = decision_curve(y, np.zeros(y.size), groups, thresholds=THRESHOLDS)
    np.testing.assert_array_equal(nobody.net_benefit, nobody.treat_none)
    assert decision_curve(y, p, thresholds=[0.0]).net_benefit[0] == pytest.approx(pi)


@pytest.mark.parametrize("prevalence", [None, 0.15])
def test_a_perfect_model_is_worth_the_prevalence(prevalence):
    y, _, groups = clustered(0)
    # Below and above every threshold once moved, whichever the prevalence.
    p = np.where(y == 1, 1 - 1e-6, 1e-6)
    result = decision_curve(y, p, groups, thresholds=THRESHOLDS, prevalence=prevalence, train_prevalence=0.5)
    pi = prevalence or y.mean()
    np.testing.assert_allclose(result.net_benefit, pi, atol=1e-14)
    # Thirty patients of each class without an error do not make a band of no width.
    low, high = 1 / (1 + 1.959964**2 / 30), 1.959964**2 / 30 / (1 + 1.959964**2 / 30)
    cost = (1 - pi) * THRESHOLDS / (1 - THRESHOLDS)
    np.testing.assert_allclose(result.low, pi - np.hypot(pi * (1 - low), cost * high), atol=1e-7)
    np.testing.assert_allclose(result.high, pi, atol=1e-14)


@pytest.mark.parametrize(("prevalence", "train"), [(0.1, 0.5), (0.6, 0.3)])
def test_target_prevalence_shifts_the_logits(prevalence, train):
    y, p, groups = clustered(1)
    result = decision_curve(
        y, p, groups, thresholds=THRESHOLDS, prevalence=prevalence, train_prevalence=train
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
    moved = decision_curve(y, expit(margin), thresholds=t, prevalence=0.1, train_prevalence=0.5)
    clinic, clinic_margin = draw(0.1)
    there = decision_curve(clinic, expit(clinic_margin + logit(0.1)), thresholds=t)
    np.testing.assert_allclose(moved.net_benefit, there.net_benefit, atol=0.003)
    unmoved = decision_curve(y, expit(margin), thresholds=t, prevalence=0.1, train_prevalence=0.1)
    assert (moved.net_benefit > unmoved.net_benefit + 0.01).all()


def test_the_default_mix_shifts_the_logits_too():
    # Of these cases half are positive; the model was fitted on a fifth.
    y, p, groups = clustered(1)
    moved = decision_curve(y, p, groups, thresholds=THRESHOLDS, train_prevalence=0.2)
    given = decision_curve(y, p, groups, thresholds=THRESHOLDS, prevalence=0.5, train_prevalence=0.2)
    np.testing.assert_array_equal(moved.net_benefit, given.net_benefit)
    assert moved.shift == given.shift == pytest.approx(np.log(4))
    assert (moved.prevalence_source, given.prevalence_source) == ("study mix, not your clinic", "target")
    assert (moved.prevalence, moved.train_prevalence) == (0.5, 0.2)
    as_given = decision_curve(y, p, groups, thresholds=THRESHOLDS)
    assert as_given.shift == 0
    assert np.isnan(as_given.train_prevalence)
    assert (as_given.sensitivity <= moved.sensitivity).all()
    assert (as_given.sensitivity < moved.sensitivity).any()


def test_without_a_curve_there_is_no_shift():
    one_class = decision_curve(
        np.ones(10), np.linspace(0, 1, 10), thresholds=[0.1], prevalence=0.1, train_prevalence=0.5
    )
    assert np.isnan(one_class.shift)


def test_probabilities_that_differ_are_not_called_equal_after_their_shift():
    p = np.linspace(1e-9, 2e-9, 40)
    curve = decision_curve(np.tile([0, 1], 20), p, thresholds=[0.1], prevalence=0.001, train_prevalence=0.5)
    assert curve.reason == ""


def test_frame():
    y, p, groups = clustered(6)
    result = decision_curve(y, p, groups, thresholds=[0.3, 0.1])
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


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"thresholds": [0.5, 1.0]}, "thresholds hold 1"),
        ({"thresholds": [np.nan]}, "thresholds hold nan"),
        ({"prevalence": 1.0}, "prevalence is 1.0"),
        ({"train_prevalence": 0}, "train_prevalence is 0"),
        ({"level": 95}, "level is 95"),
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
