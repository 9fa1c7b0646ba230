"""Proportions, clustered ones and operating points."""

from __future__ import annotations

import numpy as np
import pytest

from sgcore.stats import clustered_proportion, operating_point, proportion


def test_wilson_of_a_published_example():
    # Newcombe RG. Stat Med 1998;17:857, table I: 81 of 263, 15 of 148, 0 of 20 and 1 of 29 by Wilson's score.
    for successes, n, low, high in [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ]:
        result = proportion(successes, n)
        assert (result.ci_low, result.ci_high) == pytest.approx((low, high), abs=5e-5)
        assert result.method == "Wilson"


def test_clopper_pearson_of_the_same_examples():
    result = proportion(81, 263, method="clopper-pearson")
    assert (result.ci_low, result.ci_high) == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert proportion(0, 20, method="clopper-pearson").ci_high == pytest.approx(0.1684, abs=5e-5)


def test_extremes_and_none():
    assert proportion(10, 10).ci_high == 1
    assert proportion(0, 10).ci_low == 0
    empty = proportion(0, 0)
    assert np.isnan(empty.estimate)
    assert empty.reason == "no cases"
    for successes, n in ((3, 2), (-1, 5), (0.5, 2)):
        with pytest.raises(ValueError, match="is not a proportion"):
            proportion(successes, n)
    with pytest.raises(ValueError, match="choose wilson"):
        proportion(1, 2, method="wald")


def test_singletons_are_the_plain_interval():
    hits = [1, 0, 1, 1, 0, 1, 1]
    for groups in (None, list("abcdefg")):
        assert clustered_proportion(hits, groups) == proportion(5, 7)


def test_images_that_always_agree_count_as_one():
    hits = np.array([1, 0, 1, 1, 0, 1, 1, 0, 1, 1] * 4)
    result = clustered_proportion(np.repeat(hits, 3), np.repeat(np.arange(40), 3))
    assert result.n_effective == pytest.approx(40, rel=0.03)
    assert result.ci_low == pytest.approx(proportion(28, 40).ci_low, abs=0.005)
    assert result.method == "Wilson, clustered by patient"


def test_where_the_variance_says_nothing_patients_count():
    everyone = clustered_proportion(np.ones(12), np.repeat(np.arange(4), 3))
    assert (everyone.ci_low, everyone.ci_high) == pytest.approx((proportion(4, 4).ci_low, 1.0), abs=1e-12)
    one = clustered_proportion([1, 0, 1], ["a", "a", "a"])
    assert one.n_effective == 1
    assert one.ci_high - one.ci_low > 0.7


def test_never_more_than_the_images():
    # Every patient has one hit of two: the ratio varies less than by chance.
    result = clustered_proportion([1, 0] * 10, np.repeat(np.arange(10), 2))
    assert result.n_effective == 20


def test_clustered_coverage():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(600):
        own = rng.beta(2, 1, 50)  # mean 2 / 3, strong correlation within patients
        hits = (rng.random((50, 3)) < own[:, None]).astype(int)
        result = clustered_proportion(hits.ravel(), np.repeat(np.arange(50), 3))
        held += result.ci_low <= 2 / 3 <= result.ci_high
    assert 0.92 <= held / 600 <= 0.98


def test_clustered_refusals():
    with pytest.raises(ValueError, match="0 or 1"):
        clustered_proportion([0.5, 1], None)
    with pytest.raises(ValueError, match="the patient of 1 of 2"):
        clustered_proportion([0, 1], ["a", None])


def test_operating_point_by_hand():
    y = [1, 1, 1, 0, 0, 0, 0]
    score = [0.9, 0.5, 0.1, 0.5, 0.4, 0.3, 0.2]
    point = operating_point(y, score, 0.5)  # a score at the threshold is positive
    assert (point.tp, point.fn, point.fp, point.tn) == (2, 1, 1, 3)
    assert (point.sensitivity.successes, point.sensitivity.n) == (2, 3)
    assert (point.specificity.successes, point.specificity.n) == (3, 4)
    assert (point.accuracy.successes, point.accuracy.n) == (5, 7)
    assert (point.ppv.successes, point.ppv.n) == (2, 3)
    assert (point.npv.successes, point.npv.n) == (3, 4)
    assert list(point.frame()["measure"]) == ["sensitivity", "specificity", "accuracy", "ppv", "npv"]


def test_operating_point_with_clusters_is_wider():
    rng = np.random.default_rng(0)
    y, own = np.repeat(np.arange(40) % 2, 4), np.repeat(rng.normal(size=40), 4)
    score, groups = y + own + 0.1 * rng.normal(size=160), np.repeat(np.arange(40), 4)
    plain, clustered = operating_point(y, score, 0.5), operating_point(y, score, 0.5, groups)
    for name in ("sensitivity", "specificity", "accuracy", "ppv", "npv"):
        a, b = getattr(plain, name), getattr(clustered, name)
        assert a.estimate == b.estimate
        assert b.ci_high - b.ci_low > 1.3 * (a.ci_high - a.ci_low)


def test_operating_point_reasons():
    point = operating_point([1, 1, 1], [1, 2, 3], 2)
    assert point.specificity.reason == "no negative case"
    assert point.sensitivity.estimate == pytest.approx(2 / 3)
    nobody = operating_point([0, 1], [1, 2], np.inf)
    assert nobody.ppv.reason == "no case is called positive"
    assert operating_point([0, 1], [1, 2], -np.inf).npv.reason == "no case is called negative"
    assert operating_point([0, 1], [1, np.nan], 1).sensitivity.reason.startswith("the score of 1")
    assert operating_point([0, 1], [1, 2], np.nan).reason == "no threshold"
