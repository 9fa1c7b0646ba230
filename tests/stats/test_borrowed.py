"""All pairs against pairs of the same center: identities, the variance against a jackknife, reasons."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import auc, borrowed_auc, within_center_auc

PREVALENCE = np.array([0.3, 0.5, 0.7])


def study(seed, patients=60, images=2, spread=1.0, prevalence=PREVALENCE):
    """Labels, scores, centers, patients: centers of different prevalence, whose scores lie ``spread`` apart."""
    rng = np.random.default_rng(seed)
    center = rng.integers(0, len(prevalence), patients)
    label = (rng.random(patients) < prevalence[center]).astype(int)
    own = np.repeat(0.8 * label + spread * center + rng.normal(size=patients), images)
    score = own + 0.7 * rng.normal(size=patients * images)
    return (
        np.repeat(label, images),
        score,
        np.repeat(center, images),
        np.repeat(np.arange(patients), images),
    )


def test_it_is_the_difference_of_the_two_aucs_and_their_mean_over_pairs():
    y, score, center, groups = study(0)
    found = borrowed_auc(y, score, center, groups)
    assert found.auc == auc(y, score, groups).auc
    assert found.within == within_center_auc(y, score, center, groups).auc
    assert found.delta == found.auc - found.within
    right = pairs = 0.0
    for i in np.flatnonzero(y == 1):
        for j in np.flatnonzero((y == 0) & (center != center[i])):
            right += (score[i] > score[j]) + 0.5 * (score[i] == score[j])
            pairs += 1
    assert found.across == pytest.approx(right / pairs, abs=1e-12)
    assert (found.n_pairs, found.n_same) == ((y == 1).sum() * (y == 0).sum(), found.n_pairs - pairs)
    assert (found.n_patients, found.n_pos + found.n_neg) == (60, 120)
    assert found.method.endswith("paired, clustered by patient")


def test_a_score_that_knows_the_center_alone_is_all_borrowed():
    y, _, center, _ = study(1, patients=300, images=1)
    share = np.array([y[center == c].mean() for c in range(3)])[center]
    found = borrowed_auc(y, share, center)
    assert found.within == 0.5
    assert found.centers_alone == pytest.approx(found.auc, abs=1e-12)
    assert found.ci_low > 0
    assert found.p < 1e-6


@pytest.mark.parametrize("images", [1, 2])
def test_the_variance_is_that_of_leaving_out_each_patient(images):
    y, score, center, groups = study(2, patients=240, images=images)

    def delta(kept):
        return borrowed_auc(y[kept], score[kept], center[kept], groups[kept]).delta

    drops = np.array([delta(groups != patient) for patient in range(240)])
    label = y[::images]
    variance = 0.0
    for own in (drops[label == 1], drops[label == 0]):
        variance += (len(own) - 1) / len(own) * ((own - own.mean()) ** 2).sum()
    found = borrowed_auc(y, score, center, groups)
    half = (found.ci_high - found.ci_low) / 2
    assert half / 1.98 == pytest.approx(np.sqrt(variance), rel=0.05)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    truth = borrowed_auc(*study(3, patients=20000, images=1)[:3]).delta
    found = [borrowed_auc(*study(seed, patients=60)) for seed in range(400)]
    held = np.mean([one.ci_low <= truth <= one.ci_high for one in found])
    too_high = np.mean([one.ci_low > truth for one in found])
    assert held > 0.93
    assert too_high < 0.035


def test_relabelling_the_centers_and_a_monotone_scale_change_nothing():
    y, score, center, groups = study(4)
    found = borrowed_auc(y, score, center, groups)
    names = np.array(["C", "A", "B"])[center]
    assert borrowed_auc(y, np.exp(score), names, groups) == found
    assert borrowed_auc(y, -score, center, groups).delta == pytest.approx(-found.delta, abs=1e-12)


def test_centers_of_one_label_give_pairs_across_alone():
    y = np.array([1, 1, 1, 0, 1, 0, 1, 0])
    center = np.array(["A", "A", "B", "B", "B", "B", "C", "C"])
    score = np.array([0.9, 0.8, 0.7, 0.1, 0.6, 0.2, 0.5, 0.4])
    found = borrowed_auc(y, score, center)
    assert found.left_out == ("A",)
    assert (found.n_same, found.n_pairs) == (5, 15)
    assert (found.auc, found.within, found.across) == (1.0, 1.0, 1.0)
    assert np.isnan(found.ci_low)
    assert "zero" in found.reason


@pytest.mark.parametrize(
    ("y", "center", "reason"),
    [
        ([0, 1, 0, 1], list("AAAA"), "one center: all pairs are of the same center"),
        ([0, 0, 1, 1], list("AABB"), "no center has both classes (2 centers, n = 4)"),
        ([0, 0, 0, 0], list("AABB"), "one class only"),
        ([0, 1, 0, 1], ["A", "A", None, "B"], "the center of 1 of 4 cases is missing"),
        ([], [], "no cases"),
    ],
)
def test_what_cannot_be_compared_has_a_reason(y, center, reason):
    found = borrowed_auc(y, np.linspace(0, 1, len(y)), np.array(center, dtype=object))
    assert found.reason.startswith(reason)
    assert np.isnan([found.delta, found.ci_low, found.p]).all()


def test_one_patient_a_class_has_an_estimate_and_no_interval():
    y = np.array([1, 0, 0, 0, 0])
    found = borrowed_auc(y, [0.3, 0.2, 0.6, 0.1, 0.4], list("AABBB"))
    assert (found.auc, found.within) == (0.5, 1.0)
    assert found.reason.startswith(
        "fewer than 2 patients in a class where a center has both (1 positive, 1 negative)"
    )
    assert np.isnan(found.ci_low)


def test_arguments_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="y_score has 1 values"):
        borrowed_auc([0, 1], [0.5], ["A", "B"])
    with pytest.raises(ValueError, match="level is 2"):
        borrowed_auc([0, 1], [0.5, 0.4], ["A", "B"], level=2)
