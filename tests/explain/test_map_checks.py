"""Share of a map in the ROI over chance, rank correlation of two maps, their means over patients."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr, ttest_1samp

from sgcore.explain.map_checks import map_correlation, roi_share, summarize

RNG = np.random.default_rng(2)


def roi_of(shape: tuple[int, int], rows: slice, columns: slice) -> np.ndarray:
    roi = np.zeros(shape, dtype=np.uint8)
    roi[rows, columns] = 255
    return roi


def test_an_even_map_has_the_share_of_chance():
    found = roi_share(np.full((10, 20), 0.3), roi_of((10, 20), slice(0, 5), slice(0, 8)))
    assert (found.share, found.chance, found.ratio) == pytest.approx((0.2, 0.2, 1.0))
    assert (found.n_pixels, found.reason) == (200, "")


def test_all_inside_and_all_outside():
    roi = roi_of((10, 10), slice(2, 4), slice(2, 7))
    assert roi_share(roi / 255, roi).ratio == pytest.approx(10)
    outside = roi_share(1 - roi / 255, roi)
    assert (outside.share, outside.ratio, outside.reason) == (0, 0, "")


def test_pixels_that_the_network_did_not_see_do_not_count():
    values = np.full((10, 10), np.nan)
    values[:, :5] = 1
    values[0, 0] = 6
    found = roi_share(values, roi_of((10, 10), slice(0, 1), slice(0, 10)))
    assert found.n_pixels == 50
    assert found.chance == pytest.approx(5 / 50)
    assert found.share == pytest.approx(10 / 55)


def test_only_the_pattern_counts_not_its_size():
    values, roi = RNG.random((9, 9)), roi_of((9, 9), slice(3, 6), slice(3, 6))
    ratio = roi_share(values, roi).ratio
    for scale in (1e-300, 1e300, 1.7e308):
        assert roi_share(values * scale, roi).ratio == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("values", "roi", "reason"),
    [
        (np.zeros((3, 3)), np.eye(3), "zero everywhere"),
        (np.full((3, 3), np.nan), np.eye(3), "no pixel"),
        (np.full((3, 3), np.inf), np.eye(3), "not finite"),
        (np.ones((3, 3)), np.zeros((3, 3)), "no part of the ROI"),
        (np.ones((3, 3)), np.ones((3, 3)), "fills all"),
    ],
)
def test_no_ratio_has_a_reason(values, roi, reason):
    found = roi_share(values, roi)
    assert np.isnan(found.ratio)
    assert reason in found.reason


def test_maps_that_cannot_be_compared_are_errors():
    with pytest.raises(ValueError, match=r"\(3, 3\), the ROI \(3, 4\)"):
        roi_share(np.ones((3, 3)), np.ones((3, 4)))
    with pytest.raises(ValueError, match="negative"):
        roi_share(-np.ones((3, 3)), np.eye(3))
    with pytest.raises(ValueError, match=r"\(3, 3\), the other \(3, 4\)"):
        map_correlation(np.ones((3, 3)), np.ones((3, 4)))


def test_rank_correlation_is_spearmans_with_ties():
    a = np.maximum(RNG.normal(size=(7, 7)), 0)
    b = np.maximum(0.5 * a + RNG.normal(size=(7, 7)), 0)
    found = map_correlation(a, b)
    assert found.rho == pytest.approx(spearmanr(a.ravel(), b.ravel()).statistic)
    assert (found.n_cells, found.reason) == (49, "")
    assert map_correlation(a, a**3).rho == pytest.approx(1)
    assert map_correlation(b, a).rho == pytest.approx(found.rho)
    assert map_correlation(a, a.max() - a).rho == pytest.approx(-1)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        (np.zeros((2, 2)), np.eye(2), "the network's map is zero"),
        (np.eye(2), np.zeros((2, 2)), "the re-drawn network's map is zero"),
        (np.eye(2), np.full((2, 2), 0.5), "the same in all 4 cell"),
        (np.ones((1, 1)), np.ones((1, 1)), "the same in all 1 cell"),
        (np.full((2, 2), np.nan), np.eye(2), "not finite"),
    ],
)
def test_no_correlation_has_a_reason(a, b, reason):
    found = map_correlation(a, b)
    assert np.isnan(found.rho)
    assert reason in found.reason


def test_each_patient_counts_once():
    values = [0.1, 0.3, 0.8, np.nan, 0.5, np.nan]
    found = summarize(values, ["a", "a", "b", "b", "c", "d"])
    means = np.array([0.2, 0.8, 0.5])
    interval = ttest_1samp(means, 0).confidence_interval(0.95)
    assert (found.mean, found.ci_low, found.ci_high) == pytest.approx((0.5, *interval))
    assert (found.n_values, found.n_patients, found.n_left_out, found.reason) == (4, 3, 2, "")
    assert "over patients" in found.method


def test_one_patient_has_no_interval_and_none_no_mean():
    one = summarize([0.1, 0.2], ["a", "a"])
    assert one.mean == pytest.approx(0.15)
    assert np.isnan(one.ci_low)
    assert one.reason == "one patient: no interval"
    none = summarize([np.nan], ["a"])
    assert np.isnan(none.mean)
    assert (none.reason, none.n_left_out) == ("no image has a value", 1)


def test_bad_arguments_of_a_summary():
    with pytest.raises(ValueError, match="one patient a value"):
        summarize([1.0, 2.0], ["a"])
    with pytest.raises(ValueError, match="between 0 and 1"):
        summarize([1.0, 2.0], ["a", "b"], level=95)
